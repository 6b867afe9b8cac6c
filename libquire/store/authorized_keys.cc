#include "store/authorized_keys.h"

#include <algorithm>

#include "base/strings.h"
#include "text/shell_words.h"

namespace quire::store {

namespace {

bool is_blank(char c) { return c == ' ' || c == '\t'; }

void skip_blanks(std::string_view& text)
{
    while (!text.empty() && is_blank(text.front()))
        text.remove_prefix(1);
}

/// Takes what stands before a blank off the front.
std::string_view take_word(std::string_view& rest)
{
    std::string_view word = rest.substr(0, rest.find_first_of(" \t"));
    rest.remove_prefix(word.size());
    skip_blanks(rest);
    return word;
}

/// Takes one option off the front, as sshd delimits it, with the comma behind it. In quotes, only \" is special.
std::string take_option(std::string_view& rest)
{
    std::string option;
    bool is_quoted = false;
    while (!rest.empty() && (is_quoted || (!is_blank(rest.front()) && rest.front() != ','))) {
        if (rest.starts_with("\\\"")) {
            option += '"';
            rest.remove_prefix(2);
            continue;
        }
        if (rest.front() == '"')
            is_quoted = !is_quoted;
        else
            option += rest.front();
        rest.remove_prefix(1);
    }
    if (!rest.empty() && rest.front() == ',')
        rest.remove_prefix(1);
    return option;
}

/// The rights in a line's command: the options behind the word quire-exec, wherever that stands.
Result<KeyRights> rights_in_command(std::string_view command)
{
    std::vector<std::string> words = TRY(text::parse_shell_words(command));
    auto at = std::find_if(words.begin(), words.end(), [](const std::string& word) {
        return word == "quire-exec" || word.ends_with("/quire-exec");
    });
    if (at == words.end())
        return fail(ErrorKind::invalid, "its command does not start quire-exec");
    KeyRights rights;
    std::vector<std::string> given;
    for (++at; at != words.end() && at + 1 != words.end() && at->starts_with("--"); at += 2) {
        if (is_right(*at))
            TRY(set_right(rights, given, *at, at[1]));
        else if (*at != "--root" && *at != "--keys" && *at != "--auth-info")
            return fail(ErrorKind::invalid, "quire-exec has no option {}", *at);
    }
    if (at != words.end() && *at != "$SSH_ORIGINAL_COMMAND")
        return fail(ErrorKind::invalid, "its command says more than quire-exec understands");
    return rights;
}

struct Options {
    std::optional<std::string> command;
    bool is_restricted = false;
    std::string fault;
};

Options take_options(std::string_view& rest)
{
    Options options;
    while (!rest.empty() && !is_blank(rest.front())) {
        std::string option = take_option(rest);
        std::string name = to_lower(option.substr(0, option.find('=')));
        options.is_restricted |= name == "restrict";
        if (name != "command" || name.size() == option.size())
            continue;
        if (options.command)
            options.fault = "it has two commands";
        options.command = option.substr(name.size() + 1);
    }
    skip_blanks(rest);
    return options;
}

std::optional<AuthorizedKey> read_line(std::string_view line)
{
    if (line.ends_with('\r'))
        line.remove_suffix(1);
    skip_blanks(line);
    if (line.empty() || line.front() == '#')
        return std::nullopt;
    AuthorizedKey one;
    Options options;
    std::string_view rest = line;
    if (!is_key_type(take_word(rest))) {
        options = take_options(line);
        rest = line;
        if (!is_key_type(take_word(rest)))
            return std::nullopt;
    }
    one.key.type = take_word(line);
    one.key.base64 = take_word(line);
    if (one.key.base64.empty())
        return std::nullopt;
    one.comment = trim(line);
    one.is_restricted = options.is_restricted;
    one.has_command = options.command.has_value();
    one.fault = options.fault;
    if (options.command && one.fault.empty()) {
        auto rights = rights_in_command(*options.command);
        if (rights)
            one.rights = std::move(*rights);
        else
            one.fault = rights.error().message;
    }
    if (one.rights.name.empty())
        one.rights.name = is_pusher_name(one.comment) ? one.comment : fingerprint(one.key).value_or("");
    return one;
}

} // namespace

std::vector<AuthorizedKey> read_authorized_keys(std::string_view text)
{
    std::vector<AuthorizedKey> keys;
    size_t number = 0;
    while (!text.empty()) {
        ++number;
        if (auto one = read_line(take_until(text, '\n'))) {
            one->line = number;
            keys.push_back(std::move(*one));
        }
    }
    return keys;
}

Result<KeyRights> rights_of_key(std::string_view text, const PublicKey& key)
{
    std::vector<AuthorizedKey> found;
    for (AuthorizedKey& one : read_authorized_keys(text))
        if (one.key == key)
            found.push_back(std::move(one));
    if (found.empty())
        return fail(ErrorKind::not_found, "the key that logged in is not in authorized_keys");
    for (const AuthorizedKey& one : found) {
        if (!one.fault.empty())
            return fail(ErrorKind::refused, "line {} of authorized_keys, for the key that logged in: {}", one.line,
                        one.fault);
        // sshd may have passed over the first line: nobody can tell which one let the client in.
        if (found.size() > 1 && one.rights.has_bounds())
            return fail(ErrorKind::refused, "the key that logged in has {} lines in authorized_keys; keep one",
                        found.size());
    }
    return std::move(found.front().rights);
}

bool has_bounds(std::string_view text)
{
    std::vector<AuthorizedKey> keys = read_authorized_keys(text);
    return std::any_of(keys.begin(), keys.end(),
                       [](const AuthorizedKey& one) { return !one.fault.empty() || one.rights.has_bounds(); });
}

std::string authorized_line(const PublicKey& key, const KeyRights& rights, const std::string& program,
                            const std::string& root)
{
    std::string command = "exec " + text::shell_quote(program) + " --root " + text::shell_quote(root);
    for (const std::string& word : to_options(rights))
        command += " " + text::shell_quote(word);
    std::string quoted;
    for (char c : command)
        quoted += c == '"' ? std::string("\\\"") : std::string(1, c);
    return fmt::format("restrict,command=\"{}\" {} {} {}\n", quoted, key.type, key.base64, rights.name);
}

/// "--only foo,work/bar": what stands in the line if quire wrote it.
static std::string only_option(const std::vector<RepoName>& names)
{
    std::vector<std::string> words;
    for (const RepoName& name : names)
        words.push_back(name.str());
    return "--only " + text::shell_quote(join(words, ","));
}

/// nullopt if the changed line would not be understood as just that change.
static std::optional<std::string> line_renamed(std::string_view line, const AuthorizedKey& key, const RepoName& from,
                                               const RepoName& to)
{
    std::vector<RepoName> names = *key.rights.only;
    std::replace(names.begin(), names.end(), from, to);
    std::string before = only_option(*key.rights.only);
    size_t at = line.find(before);
    if (at == std::string_view::npos)
        return std::nullopt;
    std::string changed(line);
    changed.replace(at, before.size(), only_option(names));
    auto understood = read_line(changed);
    bool is_right = understood && understood->fault.empty() && understood->key == key.key &&
                    understood->rights.name == key.rights.name &&
                    understood->rights.only_reads == key.rights.only_reads && understood->rights.only == names;
    return is_right ? std::optional(std::move(changed)) : std::nullopt;
}

RenamedKeys rename_in_keys(std::string_view text, const RepoName& from, const RepoName& to)
{
    RenamedKeys renamed;
    for (size_t number = 1; !text.empty(); ++number) {
        size_t end = text.find('\n');
        std::string_view line = text.substr(0, end);
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
        std::string kept(line);
        auto key = read_line(line);
        bool names_it = key && key->rights.only &&
                        std::find(key->rights.only->begin(), key->rights.only->end(), from) != key->rights.only->end();
        if (names_it) {
            auto changed = line_renamed(line, *key, from, to);
            (changed ? renamed.lines : renamed.unclear).push_back(number);
            kept = std::move(changed).value_or(kept);
        }
        renamed.text += kept;
        if (end != std::string_view::npos)
            renamed.text += '\n';
    }
    return renamed;
}

std::string without_lines(std::string_view text, const std::vector<size_t>& lines)
{
    std::string kept;
    for (size_t number = 1; !text.empty(); ++number) {
        size_t end = text.find('\n');
        size_t size = end == std::string_view::npos ? text.size() : end + 1;
        if (std::find(lines.begin(), lines.end(), number) == lines.end())
            kept += text.substr(0, size);
        text.remove_prefix(size);
    }
    return kept;
}

} // namespace quire::store
