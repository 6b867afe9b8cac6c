// "/NAME/runs/tests": how each test fared in the runs whose reports were read: failing, flaky, slow.
#include <algorithm>

#include "forge/test_memory.h"
#include "web/html/head.h"
#include "web/html/layout.h"
#include "web/html/parts.h"
#include "web/pages/pages.h"

namespace quire::web {

using forge::TestMemory;
using forge::TestName;
using forge::TestOutcome;
using text::JunitResult;

namespace {

constexpr size_t most_rows = 100; ///< of a section
constexpr size_t most_marks = 30; ///< of a test: its newest results

struct Test {
    const TestName* name;
    const std::vector<TestOutcome>* outcomes;
    uint64_t failing_since;
    std::optional<forge::Flake> flake;
    uint32_t median;
};

std::string_view word_of(JunitResult result)
{
    return result == JunitResult::passed ? "passed" : result == JunitResult::failed ? "failed" : "skipped";
}

/// The newest results, oldest first, each a link to its run. Their words are for who can't see the marks.
Html trend(const store::RepoName& repo, const std::vector<TestOutcome>& outcomes)
{
    Html html;
    size_t from = outcomes.size() > most_marks ? outcomes.size() - most_marks : 0;
    for (size_t i = from; i < outcomes.size(); ++i) {
        const TestOutcome& one = outcomes[i];
        std::string_view word = word_of(one.result);
        html.add("<a class=\"mark {}\" href=\"{}\" title=\"#{} {}, {} ms\">{}</a>", word, Url::run(repo, one.run),
                 one.run, word, one.milliseconds,
                 one.result == JunitResult::passed   ? "."
                 : one.result == JunitResult::failed ? "F"
                                                     : "s");
    }
    return html;
}

class TestTables {
public:
    explicit TestTables(const store::RepoName& repo) : m_repo(repo) {}

    template <class F>
    void add(Html& body, std::string_view id, std::string_view title, std::string_view column,
             const std::vector<Test>& tests, F cell) const
    {
        if (tests.empty())
            return;
        body.add("<h2 id=\"{}\">{} <span class=\"by\">{}</span></h2>\n<section class=\"scroll\" tabindex=\"0\" "
                 "aria-labelledby=\"{}\"><table class=\"tests\"><thead><tr><th>test</th><th>{}</th><th>results, "
                 "newest last</th></tr></thead><tbody>\n",
                 id, title, tests.size(), id, column);
        for (size_t i = 0; i < std::min(tests.size(), most_rows); ++i) {
            const Test& test = tests[i];
            body.add("<tr><td>{}<span class=\"by\">{}{}{}</span></td><td>{}</td><td class=\"trend\">{}</td></tr>\n",
                     shown_name(test.name->name), shown_name(test.name->job), test.name->suite.empty() ? "" : " · ",
                     shown_name(test.name->suite), cell(test), trend(m_repo, *test.outcomes));
        }
        body.add("</tbody></table></section>\n");
        if (tests.size() > most_rows)
            body.add("<p class=\"empty\">{} more: <code>quire tests {} --only {} --limit {}</code></p>\n",
                     tests.size() - most_rows, m_repo.str(), id, tests.size());
    }

private:
    const store::RepoName& m_repo;
};

std::vector<Test> all_tests(const TestMemory& memory)
{
    std::vector<Test> tests;
    for (const auto& [name, outcomes] : memory.tests())
        tests.push_back({&name, &outcomes, forge::failing_since(outcomes), memory.find_flake(outcomes),
                         forge::median_time(outcomes)});
    return tests;
}

template <class P, class B>
std::vector<Test> chosen(const std::vector<Test>& tests, P wanted, B before)
{
    std::vector<Test> some;
    std::copy_if(tests.begin(), tests.end(), std::back_inserter(some), wanted);
    std::stable_sort(some.begin(), some.end(), before);
    return some;
}

Html run_link(const store::RepoName& repo, uint64_t number)
{
    Html html;
    return html.add("<a href=\"{}\">#{}</a>", Url::run(repo, number), number);
}

} // namespace

Page run_tests_page(const Visit& visit)
{
    auto runs = visit.site.open_runs(*visit.repository);
    if (!runs && runs.error().kind != ErrorKind::not_found)
        return Unexpected(std::move(runs).error());
    TestMemory memory = runs ? TestMemory::load(runs->get()) : TestMemory();
    std::vector<Test> tests = all_tests(memory);
    Html body;
    body.append(page_head("tests", Html(), Tools()));
    if (tests.empty()) {
        body.add("<p class=\"empty\">No run has kept a test report yet. A job keeps one with <code>{}</code>.</p>\n",
                 ":reports {:junit \"…\"}");
        return render(visit, {.title = "tests", .tab = Tab::runs}, body);
    }
    auto newest = [](const Test& test) { return std::max(test.flake->passed, test.flake->failed); };
    auto failing = chosen(
        tests, [](const Test& test) { return test.failing_since != 0; },
        [](const Test& a, const Test& b) { return a.failing_since > b.failing_since; });
    auto flaky = chosen(
        tests, [](const Test& test) { return test.flake.has_value(); },
        [&](const Test& a, const Test& b) { return newest(a) > newest(b); });
    auto slow = chosen(
        tests, [](const Test& test) { return test.median > 0; },
        [](const Test& a, const Test& b) { return a.median > b.median; });
    slow.resize(std::min<size_t>(slow.size(), 20));
    body.add("<p class=\"counts\">{} tests in {} runs, {} failing, {} flaky</p>\n", tests.size(), memory.runs().size(),
             failing.empty() ? "none" : std::to_string(failing.size()),
             flaky.empty() ? "none" : std::to_string(flaky.size()));
    const store::RepoName& repo = visit.name();
    TestTables tables(repo);
    tables.add(body, "failing", "failing", "since", failing,
               [&](const Test& test) { return run_link(repo, test.failing_since); });
    tables.add(body, "flaky", "flaky", "on one tree", flaky, [&](const Test& test) {
        Html html;
        return html.add("{} passed, {} failed", run_link(repo, test.flake->passed), run_link(repo, test.flake->failed));
    });
    tables.add(body, "slow", "slowest", "in the median", slow, [](const Test& test) {
        Html html;
        return html.add("{}", format_duration(test.median * int64_t{1'000'000}));
    });
    return render(visit, {.title = "tests", .tab = Tab::runs}, body);
}

} // namespace quire::web
