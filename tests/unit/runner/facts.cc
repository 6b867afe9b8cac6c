#include "runner/facts.h"

#include "support/scratch_root.h"

using namespace quire;
using namespace std::string_literals;

TEST_CASE("the commit's message and the changed paths are told apart")
{
    auto changes = runner::parse_changes("two\n\nbody\n\0\na\0dir/b\nc\0"s);
    CHECK(changes.message == "two\n\nbody"); // as in a checkout
    CHECK(changes.files == std::vector<std::string>{"a", "dir/b\nc"});
    CHECK_FALSE(changes.truncated);
    CHECK(runner::parse_changes("empty\n\0"s).files.empty());
    CHECK(runner::parse_changes("").message.empty());
    CHECK(runner::parse_changes("m\0\n\nstarts with a newline\0"s).files ==
          std::vector<std::string>{"\nstarts with a newline"});
}

TEST_CASE("a list of files that nobody reads is cut")
{
    std::string output = "m\0\n"s;
    for (int i = 0; i < 100'001; ++i)
        output += fmt::format("f{}", i) + '\0';
    auto changes = runner::parse_changes(output);
    CHECK(changes.files.size() == 100'000);
    CHECK(changes.truncated);
}

static store::RunRecord record(const std::string& ref)
{
    return {.repo = tests::repo("foo"),
            .number = 3,
            .source = "push",
            .ref = ref,
            .sha = std::string(40, 'b'),
            .previous_sha = std::string(40, 'a'),
            .pusher = "alice",
            .queued_at = nanoseconds_per_second};
}

TEST_CASE("facts name a branch or a tag, never both")
{
    auto branch = runner::facts_of(record("refs/heads/a/b"), {"m", {"f"}, false}, "/r/foo.git");
    CHECK(branch.string_or("branch", "") == "a/b");
    CHECK(branch.find("tag") == nullptr);
    CHECK(branch.string_or("previous-sha", "") == std::string(40, 'a'));
    CHECK(branch.string_or("git-dir", "") == "/r/foo.git");
    CHECK(branch.string_or("pusher", "") == "alice");
    CHECK(branch.find("files-changed")->sequence()->size() == 1);
    auto tag = runner::facts_of(record("refs/tags/v1"), {}, "/r");
    CHECK(tag.string_or("tag", "") == "v1");
    CHECK(tag.find("branch") == nullptr);
}

TEST_CASE("a manual run has its parameters, and no push")
{
    store::RunRecord run = record("refs/heads/main");
    run.source = "manual";
    run.event = "deploy";
    run.parameters = text::Data::Table{{"to", "prod"}};
    CHECK(runner::source_of(run) == "deploy");
    auto facts = runner::facts_of(run, {}, "/r");
    CHECK(facts.find("parameters")->string_or("to", "") == "prod");
    CHECK(facts.string_or("name", "") == "deploy");
    CHECK(facts.find("files-changed") == nullptr);
    run.source = "push";
    CHECK(runner::source_of(run) == "quire/push");
}
