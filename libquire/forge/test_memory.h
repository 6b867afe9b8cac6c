// TestMemory: how each test of a repository fared in its runs. runs/<repo>/tests holds it as text, one line a thing:
//
//   quire-tests 1
//   seen 43
//   open 41
//   run 42 <tree> refs/heads/main
//   test <job> <suite> <name> 40p120 42f98         (separated by tabs; p passed, f failed, s skipped; milliseconds)
//
// It is derived from the reports that jobs keep (remember_tests.h) and may be deleted at any time. A test is its job,
// its suite and its name. The newest most_outcomes of each are kept, whatever becomes of the runs themselves.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/result.h"
#include "text/junit.h"

namespace quire::forge {

struct TestName {
    std::string job, suite, name;
    auto operator<=>(const TestName&) const = default;
};

struct TestOutcome {
    uint64_t run = 0;
    text::JunitResult result = text::JunitResult::passed;
    uint32_t milliseconds = 0;
};

/// A run whose reports were read.
struct TestedRun {
    std::string tree; ///< of its commit; the commit itself where that is gone
    std::string ref;
};

/// Two runs of one tree in which a test passed and failed.
struct Flake {
    uint64_t passed = 0, failed = 0;
};

class TestMemory {
public:
    static constexpr size_t most_outcomes = 100; ///< of a test
    static constexpr size_t most_tests = 20'000;

    /// `runs` is the repository's runs directory. A missing or damaged file is an empty memory.
    static TestMemory load(int runs);
    /// Replaces the file.
    Result<void> save(int runs) const;

    static TestMemory parse(std::string_view text);
    std::string format() const;

    /// Takes up what one run reported. Tests past most_tests are left out. REQUIRES: the run was not added before.
    void add(uint64_t number, TestedRun run, const std::map<TestName, TestOutcome>& outcomes);

    /// Oldest first.
    const std::map<TestName, std::vector<TestOutcome>>& tests() const { return m_tests; }
    const std::map<uint64_t, TestedRun>& runs() const { return m_runs; }

    /// The newest pair, if there is any.
    std::optional<Flake> find_flake(const std::vector<TestOutcome>& outcomes) const;

    uint64_t seen = 0;       ///< up to it all runs were looked at, but for `open`
    std::set<uint64_t> open; ///< had not ended when they were looked at

private:
    std::map<TestName, std::vector<TestOutcome>> m_tests;
    std::map<uint64_t, TestedRun> m_runs; ///< those that an outcome names, by number
};

/// The run since which a test has failed in all runs that had it; 0: its newest result is another.
uint64_t failing_since(const std::vector<TestOutcome>& outcomes);
/// Of the runs in which it was not skipped; in milliseconds.
uint32_t median_time(const std::vector<TestOutcome>& outcomes);

} // namespace quire::forge
