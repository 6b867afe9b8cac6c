// logs --grep: lines in the logs of one run, or of all runs of a repository, newest first.
#include "log_search.h"

#include <algorithm>
#include <atomic>
#include <thread>

#include "base/duration.h"
#include "base/log.h"
#include "cli/table.h"
#include "forge/run_list.h"
#include "search/log_search.h"
#include "store/create_run.h"
#include "sys/file.h"
#include "sys/self.h"
#include "text/escape.h"
#include "text/json.h"
#include "text/terminal.h"
#include "verbs.h"

namespace quire::tool {

using search::LogHit;

namespace {

constexpr uint64_t most_hits = 100'000;

/// What a search over many runs looks at.
struct Scope {
    store::RepoName repo;
    std::vector<uint64_t> numbers; ///< of the runs, newest first
    std::optional<store::RunState> state;
    Instant since = 0;
    search::LogScope log;

    bool looks_at_records() const { return state || since != 0; }
};

struct FoundInRun {
    std::vector<LogHit> hits;
    std::optional<Error> error;
};

/// Whether the run is one of those that are asked for. What was pruned meanwhile is none.
bool is_wanted(const Scope& scope, int run)
{
    if (!scope.looks_at_records())
        return true;
    auto record = store::read_run_record(run, scope.repo, "run");
    return record && (!scope.state || record->state == *scope.state) && record->queued_at >= scope.since;
}

Result<void> search_run(const Scope& scope, int runs, uint64_t number, search::LogSearch& search,
                        std::vector<LogHit>& hits)
{
    auto run = sys::open_directory(runs, std::to_string(number));
    if (!run && run.error().kind == ErrorKind::not_found)
        return {};
    UniqueFd directory = TRY(std::move(run));
    return is_wanted(scope, directory.get()) ? search.run(directory.get(), scope.log, hits) : Result<void>();
}

/// Several threads take one run after the other, until there are enough hits.
std::vector<FoundInRun> search_runs(const Scope& scope, int runs, const search::LogPattern& pattern)
{
    constexpr size_t most_threads = 8;
    std::vector<FoundInRun> found(scope.numbers.size());
    std::atomic<size_t> next = 0, hits = 0;
    auto work = [&] {
        search::LogSearch search(pattern);
        for (size_t i = next++; i < found.size() && hits < scope.log.most; i = next++) {
            if (auto done = search_run(scope, runs, scope.numbers[i], search, found[i].hits); !done)
                found[i].error = std::move(done).error();
            hits += found[i].hits.size();
        }
    };
    size_t count = std::clamp<size_t>(std::thread::hardware_concurrency(), 1, most_threads);
    std::vector<std::thread> threads;
    for (size_t i = 1; i < std::min(count, found.size()); i++)
        threads.emplace_back(work);
    work();
    for (std::thread& thread : threads)
        thread.join();
    return found;
}

/// The line, with what matches marked on a terminal.
std::string shown_line(const LogHit& hit, text::Colour colour)
{
    std::string line;
    size_t at = 0;
    auto add = [&](size_t end) {
        line += text::log_for_terminal(std::string_view(hit.text).substr(at, end - at), text::Colour::drop);
        at = end;
    };
    if (colour == text::Colour::keep)
        for (const auto& [begin, end] : hit.marks) {
            add(begin);
            line += "\x1b[1;31m";
            add(end);
            line += "\x1b[0m";
        }
    add(hit.text.size());
    return line;
}

std::string place_of(const LogHit& hit)
{
    return fmt::format("{}:{}:{}", text::for_terminal(hit.job), hit.step, hit.entry);
}

text::Data to_data(uint64_t run, const LogHit& hit)
{
    text::Data data{text::Data::Table{}};
    text::Data::Sequence marks;
    for (const auto& [begin, end] : hit.marks)
        marks.push_back(text::Data::Sequence{text::Data(begin), text::Data(end)});
    data.set("run", run);
    data.set("job", hit.job);
    data.set("step", hit.step);
    data.set("line", hit.entry);
    data.set("text", hit.text);
    data.set("marks", std::move(marks));
    return data;
}

Result<Scope> scope_of(const cli::Options& options, const store::Root& root)
{
    Scope scope{.repo = TRY(Call::repository(root, options.operands()[0])), .numbers = {}, .log = {}};
    TRY(root.open_repository(scope.repo));
    scope.log.job = options.value("job").value_or("");
    scope.log.most = TRY(Call::number(options, "limit", 1000, most_hits));
    if (auto state = options.value("state")) {
        auto parsed = store::parse_run_state(*state);
        if (!parsed)
            return fail(ErrorKind::usage, "--state: {}", parsed.error().message);
        scope.state = *parsed;
    }
    if (auto age = options.value("since")) {
        auto parsed = parse_duration(*age);
        if (!parsed)
            return fail(ErrorKind::usage, "--since: {}", parsed.error().message);
        scope.since = now() - *parsed;
    }
    if (options.operands().size() > 1) {
        uint64_t number = TRY(Call::run_number(options.operands()[1]));
        TRY(forge::find_run(root, scope.repo, number));
        scope.numbers = {number};
    } else {
        constexpr size_t all = 1'000'000;
        scope.numbers = TRY(store::newest_runs(root, scope.repo, all));
    }
    return scope;
}

} // namespace

Result<int> search_logs(const cli::Options& options, const store::Root& root)
{
    bool ignores_case = options.has("ignore-case");
    auto pattern = search::LogPattern::parse(*options.value("grep"),
                                             ignores_case ? search::Case::ignored : search::Case::respected);
    if (!pattern)
        return fail(ErrorKind::usage, "--grep: {}", pattern.error().message);
    Scope scope = TRY(scope_of(options, root));
    UniqueFd runs = TRY(sys::open_directory(root.fd(), store::paths::repository_runs(scope.repo)));
    std::vector<FoundInRun> found = search_runs(scope, runs.get(), *pattern);
    bool is_one = options.operands().size() > 1;
    auto colour = sys::is_terminal(1) ? text::Colour::keep : text::Colour::drop;
    std::string out;
    text::Data::Sequence list;
    size_t count = 0;
    for (size_t i = 0; i < found.size(); i++) {
        if (found[i].error)
            log("run #{} of {}: {}", scope.numbers[i], scope.repo.str(), found[i].error->message);
        for (const LogHit& hit : found[i].hits) {
            if (count++ >= scope.log.most)
                continue;
            if (options.has("json"))
                list.push_back(to_data(scope.numbers[i], hit));
            else
                out += fmt::format("{}{}: {}\n", is_one ? "" : fmt::format("#{}:", scope.numbers[i]), place_of(hit),
                                   shown_line(hit, colour));
        }
    }
    TRY(cli::print(options.has("json") ? text::write_json(list) + "\n" : out));
    if (count >= scope.log.most)
        log("there may be more; --limit N shows more than {} lines", scope.log.most);
    return count > 0 ? cli::exit_yes : cli::exit_no;
}

} // namespace quire::tool
