// quire-history follow: the commits that shaped a range of lines.
#include "history/follow.h"

#include <fcntl.h>

#include "base/log.h"
#include "base/strings.h"
#include "search/symbol_lines.h"
#include "sys/file.h"
#include "text/escape.h"
#include "text/json.h"
#include "verbs.h"

namespace quire::history_tool {

using history::FilePart;
using history::FollowEnd;
using history::Step;

constexpr cli::Flag follow_flags[] = {
    {"json", nullptr, "print JSON, for scripts"},
    {"limit", "N", "so many commits at most"},
};
/// More lines than any file has.
constexpr uint64_t most_lines = 1'000'000'000;
constexpr int64_t most_seconds = 60;

Result<git::Repository> open_repository(const std::string& directory)
{
    UniqueFd fd = TRY(sys::open_directory(AT_FDCWD, directory));
    return git::Repository::open(std::make_shared<const UniqueFd>(std::move(fd)));
}

Result<git_oid> find_commit(const git::Repository& repository, const std::string& name)
{
    std::vector<std::string> parts;
    for (std::string_view part : split(name, '/'))
        parts.emplace_back(part);
    if (auto place = repository.resolve(parts); place && place->path.empty())
        return place->commit;
    if (auto commit = repository.commit_of_prefix(name))
        return *commit;
    return fail(ErrorKind::not_found, "'{}' is no commit, branch or tag here", visible(name));
}

static Result<history::LineRange> parse_range(std::string_view text)
{
    std::string_view rest = text;
    auto first = parse_decimal(take_until(rest, ','));
    auto last = parse_decimal(rest);
    if (!first || !last || *first == 0 || *last > most_lines)
        return fail(ErrorKind::usage, "'{}' are no lines: write FIRST,LAST, as 10,20, or :NAME", visible(text));
    if (*first > *last)
        return fail(ErrorKind::usage, "'{}' are no lines: the first comes after the last", visible(text));
    return history::LineRange{static_cast<uint32_t>(*first - 1), static_cast<uint32_t>(*last)};
}

/// The lines of what the file defines under a name.
static Result<history::LineRange> find_named(const git::Repository& repository, const git_oid& commit,
                                             const std::string& path, std::string_view name)
{
    std::string shown_path = text::for_terminal(path);
    auto entry = repository.find(commit, path);
    if (!entry || entry->is_directory() || entry->is_submodule())
        return fail(ErrorKind::not_found, "{}: no such file at {}", shown_path, git::to_string(commit));
    std::string content = TRY(repository.blob(entry->id, history::max_file_bytes));
    std::vector<search::SymbolLines> found = search::find_symbol_lines(path, content, name);
    if (found.size() == 1)
        return history::LineRange{found[0].symbol.line - 1, found[0].last};
    if (found.empty()) {
        auto nearest = search::nearest_symbol(path, content, name);
        return fail(ErrorKind::not_found, "{}: nothing is called '{}' at {}{}", shown_path, visible(name),
                    git::to_string(commit), nearest ? "; did you mean ':" + text::for_terminal(*nearest) + "'?" : "");
    }
    std::vector<std::string> choices;
    for (const search::SymbolLines& one : found)
        choices.push_back(fmt::format("{},{}", one.symbol.line, one.last));
    return fail(ErrorKind::invalid, "{}: '{}' is defined {} times; follow one of these lines: {}", shown_path,
                visible(name), found.size(), join(choices, " or "));
}

static std::string shown(const FilePart& part)
{
    return fmt::format("{}:{},{}", text::for_terminal(part.path), part.lines.begin + 1, part.lines.end);
}

static std::string line_of(const Step& step)
{
    return fmt::format("{}\t{}\t{}\t{}\n", git::to_string(step.commit), history::name_of(step.kind), shown(step.after),
                       step.before ? shown(*step.before) : "-");
}

static text::Data data_of(const FilePart& part)
{
    text::Data data;
    data.set("path", part.path);
    data.set("first", static_cast<int64_t>(part.lines.begin) + 1);
    data.set("last", static_cast<int64_t>(part.lines.end));
    return data;
}

static std::string json_of(const git::Repository& repository, const Step& step)
{
    text::Data data;
    data.set("commit", git::to_string(step.commit));
    data.set("kind", std::string(history::name_of(step.kind)));
    if (auto info = repository.commit(step.commit)) {
        data.set("author", info->author.name);
        data.set("subject", std::string(info->subject()));
    }
    data.set("after", data_of(step.after));
    if (step.before) {
        data.set("parent", git::to_string(*step.parent));
        data.set("before", data_of(*step.before));
        data.set("similarity", step.similarity);
        if (step.certainty)
            data.set("certainty", *step.certainty);
    }
    return text::write_json(data);
}

/// Prints each line as soon as it is known: the newest commits are found long before the oldest.
static Result<bool> print_steps(const git::Repository& repository, const history::FollowQuery& query, bool as_json)
{
    Result<void> printed;
    size_t count = 0;
    auto take = [&](const Step& step) {
        std::string text =
            as_json ? (count == 0 ? "{\"steps\":[\n" : ",\n") + json_of(repository, step) : line_of(step);
        ++count;
        if (printed)
            printed = sys::write_all(1, text);
    };
    history::FollowRest rest = TRY(history::follow_lines(repository, query, take));
    TRY(std::move(printed));
    bool is_whole = rest.end == FollowEnd::complete || rest.end == FollowEnd::enough_steps;
    if (as_json)
        TRY(cli::print(fmt::format("{}],\"complete\":{}}}\n", count == 0 ? "{\"steps\":[\n" : "\n",
                                   rest.end == FollowEnd::complete)));
    return is_whole;
}

Result<int> verb_follow(const cli::Arguments& arguments)
{
    cli::Options options = TRY(cli::Options::parse("follow", follow_flags, {4, 4}, arguments));
    const cli::Arguments& operands = options.operands();
    history::FollowQuery query;
    bool is_name = operands[3].starts_with(':') && operands[3].size() > 1;
    history::LineRange lines;
    if (!is_name)
        lines = TRY(parse_range(operands[3]));
    if (auto limit = options.value("limit")) {
        auto number = parse_decimal(*limit);
        if (!number || *number == 0)
            return fail(ErrorKind::usage, "--limit: '{}' is no number from 1 on", visible(*limit));
        query.max_steps = *number;
    }
    git::Repository repository = TRY(open_repository(operands[0]));
    git_oid commit = TRY(find_commit(repository, operands[1]));
    if (is_name)
        lines = TRY(find_named(repository, commit, operands[2], std::string_view(operands[3]).substr(1)));
    query.from = {{commit, {operands[2], lines}}};
    query.patience = Patience(monotonic_now() + most_seconds * nanoseconds_per_second);
    bool is_whole = TRY(print_steps(repository, query, options.has("json")));
    if (!is_whole)
        log_line("not all of it: that is as far as it came within its limits");
    return is_whole ? cli::exit_yes : cli::exit_no;
}

} // namespace quire::history_tool
