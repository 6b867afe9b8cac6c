#include "web/code/search.h"

#include <algorithm>
#include <functional>

#include "base/strings.h"
#include "sys/output.h"
#include "web/budget/git_command.h"

namespace quire::web {

/// The longest record; a longer one (a line without an end) is cut.
constexpr size_t max_record = 16u << 10;
constexpr size_t shown_text = 400;

namespace {

/// Puts together records that arrive in blocks.
class Records {
public:
    Records(char separator, std::function<bool(std::string_view)> take)
        : m_separator(separator), m_take(std::move(take))
    {}

    bool take(std::string_view block)
    {
        while (!block.empty()) {
            size_t end = block.find(m_separator);
            m_record += block.substr(0, std::min(end, max_record - m_record.size()));
            if (end == std::string_view::npos)
                return true;
            block.remove_prefix(end + 1);
            bool goes_on = m_take(m_record);
            m_record.clear();
            if (!goes_on)
                return false;
        }
        return true;
    }

private:
    char m_separator;
    std::function<bool(std::string_view)> m_take;
    std::string m_record;
};

} // namespace

/// Runs git and takes its records until there are `limit` items. An exit status up to `highest` is a valid answer.
template <class T>
static Result<Found<T>> collect(const Search& search, std::vector<std::string> arguments, char separator, size_t limit,
                                int highest, const std::function<std::optional<T>(std::string_view)>& read)
{
    arguments.insert(arguments.end(), {git::to_string(search.commit), "--"});
    if (!search.path.empty())
        arguments.push_back(search.path);
    Found<T> found;
    Records records(separator, [&](std::string_view record) {
        if (auto item = read(record))
            found.items.push_back(std::move(*item));
        found.is_full = found.items.size() >= limit;
        return !found.is_full;
    });
    sys::Outcome outcome = TRY(sys::read_output(git_command(search.where, arguments), search.patience,
                                                [&](std::string_view block) { return records.take(block); }));
    found.is_late = outcome.ended == sys::Ended::by_time;
    if (outcome.ended == sys::Ended::by_itself && outcome.status > highest)
        return fail(ErrorKind::system, "git {} ended with {}", arguments[0], outcome.status);
    return found;
}

/// Parses "<commit>:<path>\0<line>\0<text>".
static std::optional<Match> read_match(std::string_view record)
{
    std::string_view path = take_until(record, '\0');
    path.remove_prefix(std::min<size_t>(path.size(), GIT_OID_HEXSZ + 1));
    uint64_t line = parse_decimal(take_until(record, '\0')).value_or(0);
    return Match{std::string(path), line, std::string(record.substr(0, shown_text))};
}

/// Options for git's patterns, which are the words or the expression of a query.
static std::vector<std::string> pattern_options(const search::Query& query)
{
    std::vector<std::string> options = {query.regex ? "-P" : "-F"};
    if (query.letter_case == search::Case::ignored)
        options.emplace_back("-i");
    return options;
}

Result<Found<Match>> search_content(const Search& search, size_t limit)
{
    constexpr int nothing_found = 1;
    std::vector<std::string> arguments = {"grep", "-n", "-I", "-z", "--no-color", "--max-count=20", "--threads=1"};
    for (std::string& option : pattern_options(search.query))
        arguments.push_back(std::move(option));
    if (search.query.regex)
        arguments.insert(arguments.end(), {"-e", search.words});
    else
        arguments.emplace_back("--all-match");
    for (const search::Query::Term& term : search.query.terms)
        arguments.insert(arguments.end(), {"-e", term.written});
    return collect<Match>(search, std::move(arguments), '\n', limit, nothing_found, read_match);
}

static Result<Found<git::CommitInfo>> collect_commits(const Search& search, std::vector<std::string> arguments,
                                                      size_t limit)
{
    return collect<git::CommitInfo>(
        search, std::move(arguments), '\n', limit, 0, [&](std::string_view line) -> std::optional<git::CommitInfo> {
            auto id = git::parse_oid(line);
            auto commit = id ? search.repository.commit(*id) : fail(ErrorKind::invalid, "no id");
            return commit ? std::optional(std::move(*commit)) : std::nullopt;
        });
}

Result<Found<git::CommitInfo>> search_messages(const Search& search, size_t limit)
{
    std::vector<std::string> arguments = {"rev-list"};
    for (std::string& option : pattern_options(search.query))
        arguments.push_back(std::move(option));
    if (search.query.regex)
        arguments.push_back("--grep=" + search.words);
    else
        arguments.emplace_back("--all-match");
    for (const search::Query::Term& term : search.query.terms)
        arguments.push_back("--grep=" + term.written);
    return collect_commits(search, std::move(arguments), limit);
}

/// A pattern that matches exactly these words.
static std::string literal_pattern(std::string_view words)
{
    std::string pattern;
    for (char c : words) {
        if (std::string_view("\\.[]{}()*+?^$|").find(c) != std::string_view::npos)
            pattern += '\\';
        pattern += c;
    }
    return pattern;
}

Result<Found<git::CommitInfo>> search_changes(const Search& search, Change change, size_t limit)
{
    std::string what = change == Change::number ? "-S" + search.words : "-G" + literal_pattern(search.words);
    return collect_commits(search,
                           {"log", "--format=%H", "--no-color", "--no-show-signature", "--no-ext-diff", "--no-textconv",
                            "-M", "-l200", what},
                           limit);
}

} // namespace quire::web
