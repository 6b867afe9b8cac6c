#include "dispatch/invocation.h"

#include "base/strings.h"
#include "text/shell_words.h"

namespace quire::dispatch {

static Result<void> set_once(std::optional<std::string>& option, const std::string& name, const std::string& value)
{
    if (option)
        return fail(ErrorKind::usage, "{} is given twice", name);
    if (value.empty())
        return fail(ErrorKind::usage, "{} is empty", name);
    option = value;
    return {};
}

/// Takes the options off the front and returns how many arguments they used.
static Result<size_t> read_options(Invocation& invocation, const std::vector<std::string>& arguments)
{
    size_t at = 0;
    std::vector<std::string> rights;
    // An option must be followed by its value: a single last word is the command, whatever it says.
    for (; at + 1 < arguments.size(); at += 2) {
        const std::string& name = arguments[at];
        const std::string& value = arguments[at + 1];
        if (name == "--root")
            TRY(set_once(invocation.root, name, value));
        else if (name == "--keys")
            TRY(set_once(invocation.keys, name, value));
        else if (name == "--auth-info")
            TRY(set_once(invocation.auth_info, name, value));
        else if (store::is_right(name))
            TRY(store::set_right(invocation.rights, rights, name, value));
        else
            break;
    }
    return at;
}

Result<void> read_invocation(Invocation& invocation, const std::vector<std::string>& arguments,
                             const std::optional<std::string>& original_command)
{
    size_t at = TRY(read_options(invocation, arguments));
    std::vector<std::string> rest(arguments.begin() + static_cast<ptrdiff_t>(at), arguments.end());
    if (rest.size() > 1) {
        invocation.line = join(rest, " ");
        invocation.words = std::move(rest);
        return {};
    }
    invocation.line = rest.empty() ? original_command.value_or("") : rest[0];
    auto words = text::parse_shell_words(invocation.line);
    if (!words)
        return fail(ErrorKind::usage, "{}", words.error().message);
    invocation.words = std::move(*words);
    return {};
}

} // namespace quire::dispatch
