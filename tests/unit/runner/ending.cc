#include "runner/ending.h"

#include "support/scratch_root.h"

using namespace quire;
using store::RunState;

static const runner::Stop canceled{RunState::canceled, "canceled by bob"};
static const runner::Stop superseded{RunState::superseded, "superseded by #9", 9};

TEST_CASE("the last run-ended of the events counts, and a torn line does not")
{
    CHECK_FALSE(runner::said_end(""));
    CHECK_FALSE(runner::said_end("{\"event\":\"job-ended\",\"state\":\"failed\"}\n"));
    auto said = runner::said_end("garbage\n{\"event\":\"run-ended\",\"state\":\"failed\",\"reason\":\"r\"}\n");
    REQUIRE(said);
    CHECK(said->state == "failed");
    CHECK(said->reason == "r");
    CHECK(said->aftermath.empty());
    said = runner::said_end("{\"event\":\"run-ended\",\"state\":\"failed\",\"aftermath\":\"sealed\"}\n");
    CHECK(said->aftermath == "sealed");
    // Without its newline the end was not durable.
    CHECK_FALSE(runner::said_end("{\"event\":\"run-ended\",\"state\":\"failed\"}"));
    CHECK(runner::said_end("{\"event\":\"run-ended\",\"state\":\"succeeded\"}\n{\"event\":\"x")->state == "succeeded");
    // A text in an event is not an event.
    CHECK_FALSE(runner::said_end("{\"event\":\"log\",\"text\":\"{\\\"event\\\":\\\"run-ended\\\"}\"}\n"));
}

TEST_CASE("an end that was made durable wins over a stop that came later")
{
    auto ending = runner::judge(runner::SaidEnd{"succeeded", "all jobs ended well"}, canceled, 0, "");
    CHECK(ending.state == RunState::succeeded);
    CHECK(ending.reason == "all jobs ended well");
    CHECK(ending.is_clean);
    ending = runner::judge(runner::SaidEnd{"canceled", "canceled"}, superseded, 1, "");
    CHECK(ending.state == RunState::superseded);
    CHECK(ending.superseded_by == 9);
    CHECK(ending.is_clean);
    // Somebody else told quire-ci to end.
    ending = runner::judge(runner::SaidEnd{"canceled", "canceled"}, std::nullopt, 1, "");
    CHECK(ending.state == RunState::canceled);
}

TEST_CASE("a quire-ci that said nothing has died, unless it was stopped")
{
    auto ending = runner::judge(std::nullopt, std::nullopt, 111, "quire-ci: no space left");
    CHECK(ending.state == RunState::errored);
    CHECK(ending.reason == "quire-ci ended with 111 before the run did: quire-ci: no space left");
    CHECK_FALSE(ending.is_clean);
    CHECK(runner::judge(std::nullopt, std::nullopt, 128 + 9, "").reason == "quire-ci was killed by signal 9");
    CHECK(runner::judge(std::nullopt, std::nullopt, 255, "").reason == "quire-ci ended with 255 before the run did");
    CHECK(runner::judge(std::nullopt, std::nullopt, std::nullopt, "").reason == "quire-ci died, and with it the run");
    ending = runner::judge(std::nullopt, canceled, 128 + 9, "");
    CHECK(ending.state == RunState::canceled);
    CHECK(ending.reason == "canceled by bob");
    CHECK_FALSE(ending.is_clean);
}

TEST_CASE("what events say can't make up a state")
{
    for (const char* state : {"queued", "active", "", "green", "superseded\n"}) {
        CAPTURE(state);
        auto ending = runner::judge(runner::SaidEnd{state, "r"}, std::nullopt, 0, "");
        CHECK(ending.state == RunState::errored);
    }
}

TEST_CASE("last words are made visible")
{
    CHECK(runner::judge(std::nullopt, std::nullopt, 1, "\x1b[2Jhi").reason.find('\x1b') == std::string::npos);
}
