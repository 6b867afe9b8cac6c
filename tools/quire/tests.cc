// tests: what the reports of a repository's runs say of each test.
#include <algorithm>

#include "base/log.h"
#include "cli/table.h"
#include "forge/remember_tests.h"
#include "text/escape.h"
#include "text/json.h"
#include "verbs.h"

namespace quire::tool {

using forge::TestMemory;
using forge::TestName;
using text::JunitResult;

namespace {

struct Test {
    const TestName* name;
    const std::vector<forge::TestOutcome>* outcomes;
    uint64_t failing_since = 0;
    std::optional<forge::Flake> flake;
    uint32_t median = 0; ///< milliseconds
};

struct Tests {
    std::vector<Test> all, failing, flaky, slow;
};

Tests sort_out(const TestMemory& memory, size_t limit)
{
    Tests tests;
    for (const auto& [name, outcomes] : memory.tests()) {
        Test test{&name, &outcomes, forge::failing_since(outcomes), memory.find_flake(outcomes),
                  forge::median_time(outcomes)};
        if (test.failing_since != 0)
            tests.failing.push_back(test);
        if (test.flake)
            tests.flaky.push_back(test);
        if (test.median > 0)
            tests.slow.push_back(test);
        tests.all.push_back(test);
    }
    auto cut = [&](std::vector<Test>& some, auto before) {
        std::stable_sort(some.begin(), some.end(), before);
        some.resize(std::min(some.size(), limit));
    };
    cut(tests.failing, [](const Test& a, const Test& b) { return a.failing_since > b.failing_since; });
    cut(tests.flaky, [](const Test& a, const Test& b) {
        return std::max(a.flake->passed, a.flake->failed) > std::max(b.flake->passed, b.flake->failed);
    });
    cut(tests.slow, [](const Test& a, const Test& b) { return a.median > b.median; });
    return tests;
}

std::string shown(const TestName& name)
{
    return text::for_terminal(name.suite.empty() ? name.name : name.suite + " " + name.name);
}

std::string shown_time(uint32_t milliseconds) { return format_duration(milliseconds * int64_t{1'000'000}); }

template <class F>
void add_section(std::string& text, const char* title, const std::vector<Test>& tests, F first)
{
    if (tests.empty())
        return;
    std::vector<std::vector<std::string>> rows;
    for (const Test& test : tests)
        rows.push_back({"  " + first(test), shown(*test.name), text::for_terminal(test.name->job)});
    using cli::Align;
    text += fmt::format("{}\n{}", title, cli::format_table(rows, {Align::left, Align::left, Align::left}));
}

std::string text_of(const TestMemory& memory, const Tests& tests, const std::string& only)
{
    if (tests.all.empty())
        return "no run has kept a test report yet; a job keeps one with :reports {:junit \"…\"}\n";
    std::string text;
    if (only.empty())
        text = fmt::format("{} tests in {} runs\n", tests.all.size(), memory.runs().size());
    if (only.empty() || only == "failing")
        add_section(text, "failing", tests.failing,
                    [](const Test& test) { return fmt::format("since #{}", test.failing_since); });
    if (only.empty() || only == "flaky")
        add_section(text, "flaky: passed and failed on one tree", tests.flaky, [](const Test& test) {
            return fmt::format("#{} passed, #{} failed", test.flake->passed, test.flake->failed);
        });
    if (only.empty() || only == "slow")
        add_section(text, "slowest, in the median", tests.slow,
                    [](const Test& test) { return shown_time(test.median); });
    return text.empty() ? fmt::format("no test is {}\n", only) : text;
}

text::Data describe(const Test& test)
{
    text::Data data{text::Data::Table{}};
    data.set("job", test.name->job);
    data.set("suite", test.name->suite);
    data.set("name", test.name->name);
    data.set("median-seconds", test.median / 1000.0);
    if (test.failing_since != 0)
        data.set("failing-since", test.failing_since);
    if (test.flake) {
        text::Data flake{text::Data::Table{}};
        flake.set("passed", test.flake->passed);
        flake.set("failed", test.flake->failed);
        data.set("flaky", std::move(flake));
    }
    text::Data::Sequence outcomes;
    for (const forge::TestOutcome& outcome : *test.outcomes) {
        text::Data one{text::Data::Table{}};
        one.set("run", outcome.run);
        one.set("result", outcome.result == JunitResult::passed   ? "passed"
                          : outcome.result == JunitResult::failed ? "failed"
                                                                  : "skipped");
        one.set("seconds", outcome.milliseconds / 1000.0);
        outcomes.push_back(std::move(one));
    }
    data.set("outcomes", std::move(outcomes));
    return data;
}

} // namespace

Result<int> verb_tests(const Call& call)
{
    cli::Options options = TRY(call.options());
    std::string only = options.value("only").value_or("");
    if (!only.empty() && only != "failing" && only != "flaky" && only != "slow")
        return fail(ErrorKind::usage, "--only: '{}' is none of failing, flaky, slow", visible(only));
    uint64_t limit = TRY(Call::number(options, "limit", 20, TestMemory::most_tests));
    store::Root root = TRY(call.root());
    store::RepoName name = TRY(Call::repository(root, options.operands()[0]));
    TRY(root.open_repository(name));
    TestMemory memory = TRY(forge::remember_tests(root, name));
    Tests tests = sort_out(memory, limit);
    if (!options.has("json")) {
        TRY(cli::print(text_of(memory, tests, only)));
        return 0;
    }
    const std::vector<Test>& chosen = only == "failing" ? tests.failing
                                      : only == "flaky" ? tests.flaky
                                      : only == "slow"  ? tests.slow
                                                        : tests.all;
    text::Data::Sequence list;
    for (const Test& test : chosen)
        list.push_back(describe(test));
    TRY(cli::print(text::write_json(list) + "\n"));
    return 0;
}

Result<int> verb_remember_tests(const Call& call)
{
    cli::Options options = TRY(call.options());
    store::Root root = TRY(call.root());
    TRY(forge::remember_tests(root, TRY(Call::repository(root, options.operands()[0]))));
    return 0;
}

} // namespace quire::tool
