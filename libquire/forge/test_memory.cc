#include "forge/test_memory.h"

#include <algorithm>

#include "base/strings.h"
#include "store/root.h"
#include "sys/atomic_file.h"
#include "sys/file.h"

namespace quire::forge {

using text::JunitResult;

constexpr std::string_view first_line = "quire-tests 1";
constexpr size_t most_bytes = 64u << 20;
/// A test that so many later reports don't name is gone.
constexpr size_t forgotten_after = 200;

static char letter_of(JunitResult result)
{
    return result == JunitResult::passed ? 'p' : result == JunitResult::failed ? 'f' : 's';
}

static std::optional<TestOutcome> parse_outcome(std::string_view text)
{
    size_t letter = text.find_first_of("pfs");
    if (letter == std::string_view::npos)
        return std::nullopt;
    auto run = parse_decimal(text.substr(0, letter)), milliseconds = parse_decimal(text.substr(letter + 1));
    if (!run || !milliseconds || *milliseconds > UINT32_MAX)
        return std::nullopt;
    JunitResult result = text[letter] == 'p'   ? JunitResult::passed
                         : text[letter] == 'f' ? JunitResult::failed
                                               : JunitResult::skipped;
    return TestOutcome{*run, result, static_cast<uint32_t>(*milliseconds)};
}

/// Names come from a job: what would end a field or a line becomes a blank.
static std::string one_field(std::string_view text)
{
    std::string field(text);
    for (char& c : field)
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
            c = ' ';
    return field;
}

TestMemory TestMemory::parse(std::string_view text)
{
    TestMemory memory;
    if (take_until(text, '\n') != first_line)
        return {};
    while (!text.empty()) {
        std::string_view line = take_until(text, '\n');
        if (strip_prefix(line, "test ")) {
            TestName name{std::string(take_until(line, '\t')), std::string(take_until(line, '\t')),
                          std::string(take_until(line, '\t'))};
            std::vector<TestOutcome>& outcomes = memory.m_tests[std::move(name)];
            while (!line.empty()) {
                auto outcome = parse_outcome(take_until(line, ' '));
                if (!outcome || outcomes.size() == most_outcomes)
                    return {};
                outcomes.push_back(*outcome);
            }
        } else if (strip_prefix(line, "run ")) {
            auto number = parse_decimal(take_until(line, ' '));
            std::string_view tree = take_until(line, ' ');
            if (!number)
                return {};
            memory.m_runs[*number] = {std::string(tree), std::string(line)};
        } else if (strip_prefix(line, "seen ")) {
            memory.seen = parse_decimal(line).value_or(0);
        } else if (strip_prefix(line, "open ")) {
            memory.open.insert(parse_decimal(line).value_or(0));
        } else {
            return {};
        }
    }
    return memory;
}

std::string TestMemory::format() const
{
    std::string text = fmt::format("{}\nseen {}\n", first_line, seen);
    auto out = std::back_inserter(text);
    for (uint64_t number : open)
        fmt::format_to(out, "open {}\n", number);
    for (const auto& [number, run] : m_runs)
        fmt::format_to(out, "run {} {} {}\n", number, one_field(run.tree), one_field(run.ref));
    for (const auto& [name, outcomes] : m_tests) {
        fmt::format_to(out, "test {}\t{}\t{}\t", name.job, name.suite, name.name);
        for (const TestOutcome& outcome : outcomes)
            fmt::format_to(out, "{}{}{}{}", &outcome == outcomes.data() ? "" : " ", outcome.run,
                           letter_of(outcome.result), outcome.milliseconds);
        text += '\n';
    }
    return text;
}

TestMemory TestMemory::load(int runs)
{
    auto text = sys::read_file(runs, store::paths::test_memory, most_bytes);
    return text ? parse(*text) : TestMemory();
}

Result<void> TestMemory::save(int runs) const
{
    return sys::replace_file_unsynced(runs, store::paths::test_memory, format());
}

void TestMemory::add(uint64_t number, TestedRun run, const std::map<TestName, TestOutcome>& outcomes)
{
    for (const auto& [name, outcome] : outcomes) {
        TestName kept{one_field(name.job), one_field(name.suite), one_field(name.name)};
        if (m_tests.size() >= most_tests && !m_tests.contains(kept))
            continue;
        auto& all = m_tests[std::move(kept)];
        auto later = std::upper_bound(all.begin(), all.end(), number,
                                      [](uint64_t n, const TestOutcome& one) { return n < one.run; });
        all.insert(later, {number, outcome.result, outcome.milliseconds});
        if (all.size() > most_outcomes)
            all.erase(all.begin());
    }
    m_runs[number] = std::move(run);
    uint64_t oldest = 0;
    if (m_runs.size() > forgotten_after)
        oldest = std::prev(m_runs.end(), static_cast<ptrdiff_t>(forgotten_after))->first;
    std::erase_if(m_tests, [&](const auto& test) { return test.second.empty() || test.second.back().run < oldest; });
    // Only what an outcome still names is worth a line.
    uint64_t first = number;
    for (const auto& [name, all] : m_tests)
        first = std::min(first, all.front().run);
    m_runs.erase(m_runs.begin(), m_runs.lower_bound(first));
}

std::optional<Flake> TestMemory::find_flake(const std::vector<TestOutcome>& outcomes) const
{
    std::map<std::string_view, Flake> by_tree;
    std::optional<Flake> newest;
    for (const TestOutcome& outcome : outcomes) {
        auto run = m_runs.find(outcome.run);
        if (run == m_runs.end() || outcome.result == JunitResult::skipped)
            continue;
        Flake& flake = by_tree[run->second.tree];
        (outcome.result == JunitResult::passed ? flake.passed : flake.failed) = outcome.run;
        if (flake.passed != 0 && flake.failed != 0)
            newest = flake;
    }
    return newest;
}

uint64_t failing_since(const std::vector<TestOutcome>& outcomes)
{
    uint64_t since = 0;
    for (auto outcome = outcomes.rbegin(); outcome != outcomes.rend(); ++outcome) {
        if (outcome->result == JunitResult::passed)
            break;
        if (outcome->result == JunitResult::failed)
            since = outcome->run;
    }
    return since;
}

uint32_t median_time(const std::vector<TestOutcome>& outcomes)
{
    std::vector<uint32_t> times;
    for (const TestOutcome& outcome : outcomes)
        if (outcome.result != JunitResult::skipped)
            times.push_back(outcome.milliseconds);
    if (times.empty())
        return 0;
    auto middle = times.begin() + static_cast<ptrdiff_t>(times.size() / 2);
    std::nth_element(times.begin(), middle, times.end());
    return *middle;
}

} // namespace quire::forge
