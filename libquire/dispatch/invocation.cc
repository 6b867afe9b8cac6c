#include "dispatch/invocation.h"

#include "base/strings.h"
#include "dispatch/pusher.h"
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
    // An option must be followed by its value: a single last word is the command, whatever it says.
    for (; at + 1 < arguments.size(); at += 2) {
        const std::string& name = arguments[at];
        if (name == "--root")
            TRY(set_once(invocation.root, name, arguments[at + 1]));
        else if (name == "--pusher")
            TRY(set_once(invocation.pusher, name, arguments[at + 1]));
        else
            break;
    }
    if (invocation.pusher && !is_pusher_name(*invocation.pusher))
        return fail(ErrorKind::usage, "--pusher must be printable and at most {} bytes", max_pusher_bytes);
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
