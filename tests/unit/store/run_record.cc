#include "store/run_record.h"

#include "support/scratch_root.h"
#include "text/fnl.h"

using namespace quire;

static store::RunRecord full_record()
{
    return {.repo = tests::repo("work/bar"),
            .number = 42,
            .state = store::RunState::timed_out,
            .source = "manual",
            .event = "deploy",
            .parameters = text::Data::Table{{"to", "prod"}},
            .reran = 41,
            .only_failed = true,
            .only_job = "build",
            .from_job = "a b",
            .debug = true,
            .ref = "refs/heads/a \"b\" \\ c",
            .sha = std::string(40, 'b'),
            .previous_sha = std::string(40, 'c'),
            .pusher = "al\nice",
            .push_id = "p",
            .forced = true,
            .queued_at = 1'795'261'234'567'890'123,
            .started_at = 1'795'261'235'000'000'000,
            .ended_at = 1'795'261'236'000'000'001,
            .reason = "took longer than 1 h",
            .superseded_by = 43};
}

TEST_CASE("a record survives being written and read")
{
    store::RunRecord record = full_record();
    std::string source = text::write_fnl(store::to_data(record));
    auto back = store::run_record_from_data(text::read_fnl(source, "meta.fnl").value(), "meta.fnl");
    REQUIRE(back);
    CHECK(store::to_data(*back) == store::to_data(record));
    CHECK(back->queued_at == record.queued_at);
    CHECK(back->pusher == record.pusher);
    CHECK(source.find(":state :timed-out") != std::string::npos);
}

TEST_CASE("a broken record is refused and named")
{
    for (const char* source :
         {"[]", "{}", "{:repo \"foo\" :run 0 :state :queued}", "{:repo \"foo\" :run \"1\" :state :queued}",
          "{:repo \"../x\" :run 1 :state :queued}", "{:repo \"foo\" :run 1 :state :done}",
          "{:repo \"foo\" :run 1 :state :queued :queued-at \"yesterday\"}"}) {
        CAPTURE(source);
        CHECK_FALSE(store::run_record_from_data(text::read_fnl(source, "meta.fnl").value(), "meta.fnl"));
    }
}

TEST_CASE("every state has a name that reads back, and two of them are not the end")
{
    using store::RunState;
    for (RunState state : {RunState::queued, RunState::active, RunState::succeeded, RunState::failed, RunState::errored,
                           RunState::canceled, RunState::timed_out, RunState::superseded}) {
        CHECK(*store::parse_run_state(store::to_string(state)) == state);
        CHECK(store::is_terminal(state) == (state != RunState::queued && state != RunState::active));
    }
    CHECK_FALSE(store::parse_run_state(""));
    CHECK_FALSE(store::parse_run_state("Queued"));
}
