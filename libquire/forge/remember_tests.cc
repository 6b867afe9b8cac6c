#include "forge/remember_tests.h"

#include <algorithm>

#include "base/strings.h"
#include "git/object_reader.h"
#include "store/bisect_source.h"
#include "store/run_directory.h"
#include "sys/file.h"
#include "text/escape.h"
#include "text/tap.h"

namespace quire::forge {

namespace paths = store::paths;
using store::RunRecord;
using text::JunitResult;

namespace {

constexpr size_t largest_report = 16u << 20;
constexpr size_t most_bytes = 64u << 20; ///< of a run
constexpr int deepest = 16;

using Outcomes = std::map<TestName, TestOutcome>;

/// The reports of one run.
class ReportReader {
public:
    explicit ReportReader(int run) : m_run(run) {}

    Result<Outcomes> read()
    {
        auto jobs = sys::list_directory(m_run, paths::run_reports);
        for (const std::string& directory : std::move(jobs).value_or({}))
            if (auto job = text::percent_decode(directory))
                TRY(read_below(*job, fmt::format("{}/{}", paths::run_reports, directory), 0));
        return std::move(m_outcomes);
    }

private:
    Result<void> read_below(const std::string& job, const std::string& directory, int depth)
    {
        auto names = sys::list_directory(m_run, directory);
        if (!names)
            return {}; // pruned meanwhile
        for (const std::string& name : *names) {
            std::string path = directory + "/" + name;
            auto status = TRY(sys::stat_at(m_run, path));
            if (status && S_ISDIR(status->st_mode) && depth < deepest)
                TRY(read_below(job, path, depth + 1));
            if (status && S_ISREG(status->st_mode) && static_cast<size_t>(status->st_size) <= largest_report)
                read_report(job, path);
        }
        return {};
    }

    void read_report(const std::string& job, const std::string& path)
    {
        auto file = sys::open_regular_beneath(m_run, path, O_NOFOLLOW);
        auto source = file ? sys::read_all(file->get(), largest_report, path)
                           : Result<std::string>(Unexpected(std::move(file).error()));
        if (!source || !(trim(*source).starts_with('<') || text::is_tap(*source)) ||
            (m_bytes += source->size()) > most_bytes)
            return;
        Outcomes outcomes;
        auto report = text::read_test_report(*source, [&](const text::JunitCase& one) {
            TestOutcome& outcome = outcomes[{job, one.suite, one.name}];
            outcome.milliseconds += static_cast<uint32_t>(std::min(one.seconds * 1000, 1e8));
            // A name that stands for several tests failed with one of them, and ran with one of them.
            bool is_first = std::exchange(outcome.run, 1) == 0;
            if (is_first || one.result == JunitResult::failed || outcome.result == JunitResult::skipped)
                outcome.result = one.result;
        });
        if (!report)
            return; // the page of the run says what is wrong with it
        for (auto& [name, outcome] : outcomes)
            m_outcomes.try_emplace(name, outcome);
    }

    int m_run;
    Outcomes m_outcomes;
    size_t m_bytes = 0;
};

/// The runs that are to be looked at, oldest first.
Result<std::vector<uint64_t>> find_new_runs(int runs, const TestMemory& memory)
{
    constexpr size_t page = 500, most = 20'000;
    std::vector<uint64_t> numbers(memory.open.rbegin(), memory.open.rend());
    std::vector<uint64_t> found;
    for (uint64_t before = 0; found.size() < most;) {
        auto newest = TRY(store::newest_runs(runs, page, before));
        for (uint64_t number : newest)
            if (number > memory.seen)
                found.push_back(number);
        if (newest.size() < page || newest.back() <= memory.seen)
            break;
        before = newest.back();
    }
    numbers.insert(numbers.begin(), found.begin(), found.end());
    std::reverse(numbers.begin(), numbers.end());
    return numbers;
}

/// The tree of each commit; the commit itself where that is gone.
std::vector<std::string> trees_of(const store::Root& root, const store::RepoName& name,
                                  std::vector<std::string> commits)
{
    auto repository = root.open_repository(name);
    auto reader = repository ? git::ObjectReader::create(repository->get())
                             : Result<git::ObjectReader>(Unexpected(std::move(repository).error()));
    auto found = reader ? reader->commits(commits) : Unexpected(std::move(reader).error());
    if (found)
        for (size_t i = 0; i < commits.size(); ++i)
            if ((*found)[i] && !(*found)[i]->tree.empty())
                commits[i] = (*found)[i]->tree;
    return commits;
}

} // namespace

Result<TestMemory> remember_tests(const store::Root& root, const store::RepoName& name)
{
    auto opened = sys::open_directory(root.fd(), paths::repository_runs(name));
    if (!opened && opened.error().kind == ErrorKind::not_found)
        return TestMemory();
    UniqueFd runs = TRY(std::move(opened));
    TestMemory memory = TestMemory::load(runs.get());
    struct Read {
        RunRecord record;
        Outcomes outcomes;
    };
    std::vector<Read> read;
    std::vector<std::string> commits;
    std::vector<uint64_t> numbers = TRY(find_new_runs(runs.get(), memory));
    for (uint64_t number : numbers) {
        memory.seen = std::max(memory.seen, number);
        memory.open.erase(number);
        auto directory = sys::open_directory(runs.get(), std::to_string(number));
        auto record = directory ? store::read_run_record(directory->get(), name, std::to_string(number))
                                : Result<RunRecord>(Unexpected(directory.error()));
        if (!record)
            continue; // pruned, or damaged: doctor tells
        if (!store::is_terminal(record->state)) {
            memory.open.insert(number);
            continue;
        }
        if (store::is_of_bisection(*record))
            continue; // how tests of older commits fare is no news
        Outcomes outcomes = TRY(ReportReader(directory->get()).read());
        if (outcomes.empty())
            continue;
        commits.push_back(record->sha);
        read.push_back({std::move(*record), std::move(outcomes)});
    }
    std::vector<std::string> trees = commits.empty() ? commits : trees_of(root, name, commits);
    for (size_t i = 0; i < read.size(); ++i)
        memory.add(read[i].record.number, {trees[i], read[i].record.ref}, read[i].outcomes);
    if (!numbers.empty())
        TRY(memory.save(runs.get()));
    return memory;
}

} // namespace quire::forge
