// check() of dispatch/table.h: words held against the verbs and services that are served.
#include <algorithm>

#include "base/strings.h"
#include "dispatch/table.h"
#include "text/escape.h"
#include "text/shell_words.h"

namespace quire::dispatch {

namespace {

constexpr size_t max_text_bytes = 1000;
constexpr size_t max_word_bytes = 255;

using cli::Kind;
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

/// Holds the words behind a verb against its line of the table.
class Reader {
public:
    Reader(const cli::Verb& verb, std::string_view root_path)
        : m_verb(verb), m_title(fmt::format("'quire {}'", verb.name)), m_root_path(root_path)
    {}

    Result<std::vector<std::string>> read(Words words)
    {
        bool only_operands = false;
        while (!words.empty()) {
            const std::string& word = words.front();
            words = words.subspan(1);
            if (!only_operands && word == "--") {
                only_operands = true;
                m_open_prose = OpenProse::none;
            } else if (!only_operands && word.size() > 1 && word[0] == '-') {
                TRY(take_option(word, words));
            } else {
                TRY(take_operand(word));
            }
        }
        return finish();
    }

private:
    struct Given {
        const cli::Flag* flag;
        std::string value;
    };

    /// A word is an operand while there may be more of these. Behind the last it can only be more of the prose it
    /// follows: ssh has joined the client's words with blanks, and took the quotes around them away.
    Result<void> take_operand(const std::string& word)
    {
        if (m_operands.size() < m_verb.arity().most) {
            m_operands.push_back(word);
            const cli::Operand* last = m_verb.operands.empty() ? nullptr : &m_verb.operands.back();
            bool is_last = m_operands.size() == m_verb.operands.size();
            m_open_prose = is_last && last->kind == Kind::prose ? OpenProse::operand : OpenProse::none;
            return {};
        }
        if (m_open_prose == OpenProse::none)
            return fail(ErrorKind::usage, "{} has no use for '{}'{}", m_title, shown(word),
                        takes_text() ? " (ssh takes one pair of quotes away: write \"'several words'\")" : "");
        std::string& prose = m_open_prose == OpenProse::operand ? m_operands.back() : m_given.back().value;
        prose += " " + word;
        return {};
    }

    bool takes_text() const
    {
        auto is_text = [](Kind kind) { return kind == Kind::text || kind == Kind::prose; };
        return std::any_of(m_verb.operands.begin(), m_verb.operands.end(),
                           [&](const cli::Operand& known) { return is_text(known.kind); }) ||
               std::any_of(m_verb.flags.begin(), m_verb.flags.end(),
                           [&](const cli::Flag& known) { return is_text(known.kind); });
    }

    Result<void> take_option(std::string_view word, Words& rest)
    {
        std::string_view value = word;
        std::string_view name = take_until(value, '=');
        bool joined = name.size() < word.size();
        const cli::Flag* flag = TRY(find_flag(name));
        if (std::any_of(m_given.begin(), m_given.end(), [&](const Given& given) { return given.flag == flag; }))
            return fail(ErrorKind::usage, "{} has {} twice", m_title, name);
        m_open_prose = OpenProse::none;
        if (flag->kind == Kind::none) {
            if (joined)
                return fail(ErrorKind::usage, "{}: {} takes no value", m_title, name);
            m_given.push_back({flag, ""});
            return {};
        }
        if (!joined) {
            if (rest.empty())
                return fail(ErrorKind::usage, "{}: {} needs {}", m_title, name, flag->argument);
            value = rest.front();
            rest = rest.subspan(1);
        }
        m_given.push_back({flag, std::string(value)});
        if (flag->kind == Kind::prose)
            m_open_prose = OpenProse::option;
        return {};
    }

    /// `name` with its dashes.
    Result<const cli::Flag*> find_flag(std::string_view name) const
    {
        std::vector<std::string> names;
        for (const cli::Flag& flag : m_verb.flags) {
            std::string full = fmt::format("--{}", flag.name);
            bool matches = name == full || (flag.letter && name.size() == 2 && name[1] == flag.letter);
            if (flag.reach == cli::Reach::over_ssh && matches)
                return &flag;
            if (flag.reach == cli::Reach::box && matches)
                return fail(ErrorKind::usage, "{} has no option '{}' over ssh; it works on the box", m_title, name);
            if (flag.reach == cli::Reach::over_ssh)
                names.push_back(std::move(full));
        }
        auto meant = nearest(name, names);
        return fail(ErrorKind::usage, "{} has no option '{}'{}", m_title, shown(name),
                    meant ? fmt::format("; did you mean {}?", *meant) : "");
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
        case Kind::prose:
            if (word.size() > max_text_bytes)
                return fail(ErrorKind::usage, "{}: {} is longer than {} bytes", m_title, what, max_text_bytes);
            if (!is_printable_utf8(word))
                return fail(ErrorKind::usage, "{}: {} is not printable UTF-8", m_title, what);
            return std::string(word);
        case Kind::path:
        case Kind::none:
            break;
        }
        return fail(ErrorKind::usage, "{} takes no {}", m_title, what);
    }

    /// The words in their one order, each held against its kind.
    Result<std::vector<std::string>> finish() const
    {
        std::vector<std::string> words;
        for (std::string_view part : split(m_verb.name, ' '))
            words.emplace_back(part);
        for (const Given& given : m_given) {
            std::string name = fmt::format("--{}", given.flag->name);
            words.push_back(name);
            if (given.flag->kind != Kind::none)
                words.push_back(TRY(accept(given.flag->kind, name, given.value)));
        }
        if (!m_operands.empty())
            words.emplace_back("--");
        size_t least = m_verb.arity().least;
        size_t spare = m_operands.size() - std::min(m_operands.size(), least);
        auto next = m_operands.begin();
        for (const cli::Operand& operand : m_verb.operands) {
            if (operand.count == cli::Count::one && next == m_operands.end())
                return fail(ErrorKind::usage, "{} needs {}", m_title, operand.shown);
            size_t count = operand.count == cli::Count::one        ? 1
                           : operand.count == cli::Count::optional ? std::min<size_t>(spare, 1)
                                                                   : spare;
            spare -= operand.count == cli::Count::one ? 0 : count;
            for (; count > 0; count--)
                words.push_back(TRY(accept(operand.kind, operand.shown, *next++)));
        }
        return words;
    }

    const cli::Verb& m_verb;
    std::string m_title;
    std::string_view m_root_path;
    std::vector<Given> m_given;
    std::vector<std::string> m_operands;
    enum class OpenProse { none, operand, option } m_open_prose = OpenProse::none;
};

bool is_help(std::string_view word) { return word == "help" || word == "--help" || word == "-h"; }

Request give_help(std::string text)
{
    Request request{.action = Request::Action::help};
    request.help = std::move(text);
    return request;
}

/// What stands behind "help".
Result<Request> check_help(Words topic)
{
    if (topic.empty())
        return give_help(help_over_ssh());
    return give_help(TRY(cli::help_on(topic, cli::Reach::over_ssh)));
}

const Service* find_service(std::string_view name)
{
    auto all = git_services();
    auto found = std::find_if(all.begin(), all.end(), [&](const Service& service) { return name == service.name; });
    return found == all.end() ? nullptr : &*found;
}

Result<Request> check_service(const Service& service, Words operands, std::string_view root_path)
{
    if (operands.size() != 1)
        return fail(ErrorKind::usage, "'{}' takes exactly one repository, not {} words", service.name, operands.size());
    auto name = store::RepoName::from_request(operands[0], root_path);
    if (!name)
        return fail(ErrorKind::usage, "'{}': {}", service.name, name.error().message);
    Request request{.action = Request::Action::serve};
    request.service = &service;
    request.repository = std::move(*name);
    return request;
}

Result<Request> check_verb(Words words, std::string_view root_path, std::string& usage)
{
    if (words.empty() || (words.size() == 1 && is_help(words[0])))
        return check_help({});
    if (words[0] == "help")
        return check_help(words.subspan(1));
    const cli::Verb* verb = cli::verb_in_front(words);
    if (!verb || verb->reach != cli::Reach::over_ssh)
        return fail(ErrorKind::usage, "{}", cli::no_such_verb(words, cli::Reach::over_ssh));
    usage = "quire " + cli::usage_line(*verb, cli::Reach::over_ssh);
    words = words.subspan(cli::words_in_name(*verb));
    if (words.size() == 1 && (words[0] == "--help" || words[0] == "-h"))
        return give_help(cli::help_of(*verb, cli::Reach::over_ssh));
    Request request{.action = Request::Action::operate};
    request.verb = verb;
    request.words = TRY(Reader(*verb, root_path).read(words));
    return request;
}

/// "'quier' is no command that is served here", and what may have been meant.
Unexpected not_served(Words words, bool two_words)
{
    std::vector<std::string> names = {"quire", "help"};
    for (const Service& service : git_services())
        names.emplace_back(service.name);
    std::string meant = nearest(two_words ? "git-" + words[1] : words[0], names).value_or("");
    if (const cli::Verb* verb = cli::verb_in_front(words); verb && verb->reach == cli::Reach::over_ssh)
        meant = fmt::format("quire {}", verb->name);
    return fail(ErrorKind::usage, "'{}{}' is no command that is served here{}", two_words ? "git " : "",
                shown(two_words ? words[1] : words[0]),
                meant.empty() ? "" : fmt::format("; did you mean '{}'?", meant));
}

} // namespace

Result<Request> check(Words words, std::string_view root_path, std::string* usage)
{
    std::string ignored;
    if (!usage)
        usage = &ignored;
    usage->clear();
    if (words.empty())
        return Request{.action = Request::Action::greet};
    TRY(check_bytes(words));
    if (words[0] == "quire")
        return check_verb(words.subspan(1), root_path, *usage);
    if (words[0] == "help")
        return check_help(words.subspan(1));

    bool two_words = words[0] == "git" && words.size() > 1;
    const Service* service = find_service(two_words ? "git-" + words[1] : words[0]);
    if (!service)
        return not_served(words, two_words);
    *usage = fmt::format("{} NAME", service->name);
    return check_service(*service, words.subspan(two_words ? 2 : 1), root_path);
}

} // namespace quire::dispatch
