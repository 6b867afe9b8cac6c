// check() of dispatch/table.h: words held against the table.
#include <algorithm>

#include "base/strings.h"
#include "dispatch/table.h"
#include "text/escape.h"
#include "text/shell_words.h"

namespace quire::dispatch {

namespace {

constexpr size_t max_text_bytes = 1000;
constexpr size_t max_word_bytes = 255;

using Words = std::span<const std::string>;

std::string shown(std::string_view word)
{
    constexpr size_t limit = 80;
    return text::for_terminal(word.substr(0, limit)) + (word.size() > limit ? "…" : "");
}

bool is_plain_word(std::string_view word)
{
    auto alphanumeric = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    };
    constexpr std::string_view others = "._%@:+/-";
    auto plain = [&](char c) { return alphanumeric(c) || others.find(c) != std::string_view::npos; };
    return !word.empty() && word.size() <= max_word_bytes && alphanumeric(word[0]) &&
           std::all_of(word.begin(), word.end(), plain) && word.find("..") == std::string_view::npos;
}

bool is_number(std::string_view word)
{
    strip_prefix(word, "#");
    constexpr size_t most_digits = 12;
    return word.size() <= most_digits && parse_decimal(word).value_or(0) > 0;
}

/// The same bounds for words of a terminal as text::parse_shell_words has for one line.
Result<void> check_bytes(Words words)
{
    size_t total = 0;
    for (const std::string& word : words) {
        total += word.size() + 1;
        for (unsigned char byte : word)
            if (byte < 0x20 || byte == 0x7f)
                return fail(ErrorKind::usage, "the command has a control byte (\\x{:02x})", byte);
    }
    if (total > text::max_command_bytes)
        return fail(ErrorKind::usage, "the command is longer than {} bytes", text::max_command_bytes);
    return {};
}

/// Holds one command's words against its line of the table.
class Reader {
public:
    Reader(const Command& command, std::string_view root_path)
        : m_command(command), m_title(fmt::format("'quire {}'", command.name)), m_root_path(root_path)
    {}

    Result<std::vector<std::string>> read(Words words)
    {
        bool only_operands = false;
        while (!words.empty()) {
            const std::string& word = words.front();
            words = words.subspan(1);
            if (!only_operands && word == "--")
                only_operands = true;
            else if (!only_operands && word.size() > 1 && word[0] == '-')
                TRY(take_option(word, words));
            else
                TRY(take_operand(word));
        }
        const Operand* missing = next_operand();
        if (missing && !missing->optional)
            return fail(ErrorKind::usage, "{} needs {}", m_title, missing->shown);
        return finish();
    }

private:
    const Operand* next_operand() const
    {
        size_t index = m_operands.size();
        if (index >= m_command.operands.size() || m_command.operands[index].kind == Kind::none)
            return nullptr;
        return &m_command.operands[index];
    }

    Result<void> take_operand(std::string_view word)
    {
        const Operand* operand = next_operand();
        if (!operand) {
            bool has_text = std::any_of(m_command.operands.begin(), m_command.operands.end(),
                                        [](const Operand& known) { return known.kind == Kind::text; }) ||
                            std::any_of(m_command.options.begin(), m_command.options.end(),
                                        [](const Option& known) { return known.kind == Kind::text; });
            return fail(ErrorKind::usage, "{} has no use for '{}'{}", m_title, shown(word),
                        has_text ? " (ssh takes one pair of quotes away: write \"'several words'\")" : "");
        }
        m_operands.push_back(TRY(accept(operand->kind, operand->shown, word)));
        return {};
    }

    Result<void> take_option(std::string_view word, Words& rest)
    {
        std::string_view value = word;
        std::string_view name = take_until(value, '=');
        bool joined = name.size() < word.size();
        auto known = std::find_if(m_command.options.begin(), m_command.options.end(),
                                  [&](const Option& option) { return *option.name && name == option.name; });
        if (known == m_command.options.end())
            return fail(ErrorKind::usage, "{} has no option '{}'", m_title, shown(name));
        if (std::find(m_options.begin(), m_options.end(), name) != m_options.end())
            return fail(ErrorKind::usage, "{} has {} twice", m_title, name);
        m_options.emplace_back(name);
        m_words.emplace_back(name);
        if (known->kind == Kind::none) {
            if (joined)
                return fail(ErrorKind::usage, "{}: {} takes no value", m_title, name);
            return {};
        }
        if (!joined) {
            if (rest.empty())
                return fail(ErrorKind::usage, "{}: {} needs {}", m_title, name, known->shown);
            value = rest.front();
            rest = rest.subspan(1);
        }
        m_words.push_back(TRY(accept(known->kind, name, value)));
        return {};
    }

    /// The word as it is handed on, if it is of that kind.
    Result<std::string> accept(Kind kind, std::string_view what, std::string_view word) const
    {
        switch (kind) {
        case Kind::repository: {
            auto name = store::RepoName::from_request(word, m_root_path);
            if (!name)
                return fail(ErrorKind::usage, "{}: {}", m_title, name.error().message);
            return name->str();
        }
        case Kind::word:
            if (!is_plain_word(word))
                return fail(ErrorKind::usage, "{}: '{}' can't be {}", m_title, shown(word), what);
            return std::string(word);
        case Kind::number:
            if (!is_number(word))
                return fail(ErrorKind::usage, "{}: '{}' is not a number", m_title, shown(word));
            return std::string(word);
        case Kind::text:
            if (word.size() > max_text_bytes)
                return fail(ErrorKind::usage, "{}: {} is longer than {} bytes", m_title, what, max_text_bytes);
            if (!is_printable_utf8(word))
                return fail(ErrorKind::usage, "{}: {} is not printable UTF-8", m_title, what);
            return std::string(word);
        case Kind::none:
            break;
        }
        return fail(ErrorKind::usage, "{} takes no {}", m_title, what);
    }

    std::vector<std::string> finish()
    {
        std::vector<std::string> words;
        for (std::string_view part : split(m_command.name, ' '))
            words.emplace_back(part);
        words.insert(words.end(), m_words.begin(), m_words.end());
        if (!m_operands.empty())
            words.emplace_back("--");
        words.insert(words.end(), m_operands.begin(), m_operands.end());
        return words;
    }

    const Command& m_command;
    std::string m_title;
    std::string_view m_root_path;
    std::vector<std::string> m_options;
    std::vector<std::string> m_words; ///< options and their values
    std::vector<std::string> m_operands;
};

const Command* find(std::span<const Command> commands, std::string_view name)
{
    auto found =
        std::find_if(commands.begin(), commands.end(), [&](const Command& command) { return name == command.name; });
    return found == commands.end() ? nullptr : &*found;
}

/// The verb in front, which is taken off. A name of two words is two words: in one pair of quotes it is none.
const Command* take_verb(Words& words)
{
    size_t count = 1;
    const Command* verb = find(quire_verbs(), words[0]);
    if (!verb && words.size() > 1) {
        count = 2;
        verb = find(quire_verbs(), words[0] + " " + words[1]);
    }
    if (!verb || words[0].find(' ') != std::string::npos)
        return nullptr;
    words = words.subspan(count);
    return verb;
}

bool is_help(std::string_view word) { return word == "help" || word == "--help" || word == "-h"; }

Result<Request> check_service(const Command& service, Words operands, std::string_view root_path)
{
    if (operands.size() != 1)
        return fail(ErrorKind::usage, "'{}' takes exactly one repository, not {} words", service.name, operands.size());
    auto name = store::RepoName::from_request(operands[0], root_path);
    if (!name)
        return fail(ErrorKind::usage, "'{}': {}", service.name, name.error().message);
    return Request{Request::Action::serve, &service, std::move(*name), {}};
}

Result<Request> check_verb(Words words, std::string_view root_path, const Command** closest)
{
    if (words.empty() || (words.size() == 1 && is_help(words[0])))
        return Request{Request::Action::help, nullptr, std::nullopt, {}};
    std::string first = shown(words[0]);
    const Command* verb = take_verb(words);
    if (!verb)
        return fail(ErrorKind::usage, "'quire {}' is no command that is served over ssh", first);
    *closest = verb;
    if (words.size() == 1 && (words[0] == "--help" || words[0] == "-h"))
        return Request{Request::Action::help, verb, std::nullopt, {}};
    auto accepted = TRY(Reader(*verb, root_path).read(words));
    return Request{Request::Action::operate, verb, std::nullopt, std::move(accepted)};
}

} // namespace

Result<Request> check(Words words, std::string_view root_path, const Command** closest)
{
    const Command* ignored = nullptr;
    if (!closest)
        closest = &ignored;
    *closest = nullptr;
    if (words.empty())
        return Request{Request::Action::greet, nullptr, std::nullopt, {}};
    TRY(check_bytes(words));
    if (words[0] == "quire")
        return check_verb(words.subspan(1), root_path, closest);
    if (words.size() == 1 && words[0] == "help")
        return Request{Request::Action::help, nullptr, std::nullopt, {}};

    bool two_words = words[0] == "git" && words.size() > 1;
    std::string name = two_words ? "git-" + words[1] : words[0];
    *closest = find(git_services(), name);
    if (!*closest)
        return fail(ErrorKind::usage, "'{}{}' is no command that is served here", two_words ? "git " : "",
                    shown(two_words ? words[1] : words[0]));
    return check_service(**closest, words.subspan(two_words ? 2 : 1), root_path);
}

} // namespace quire::dispatch
