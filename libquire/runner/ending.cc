#include "runner/ending.h"

#include "base/log.h"
#include "base/strings.h"
#include "store/root.h"
#include "sys/atomic_file.h"
#include "sys/file.h"
#include "sys/file_status.h"
#include "text/fnl.h"
#include "text/json.h"

namespace quire::runner {

using store::RunState;

std::optional<SaidEnd> said_end(std::string_view events_tail)
{
    size_t end = events_tail.rfind('\n');
    while (end != std::string_view::npos) {
        size_t begin = end == 0 ? std::string_view::npos : events_tail.rfind('\n', end - 1);
        size_t from = begin == std::string_view::npos ? 0 : begin + 1;
        auto event = text::read_json(events_tail.substr(from, end - from), "events");
        if (event && event->string_or("event", "") == "run-ended")
            return SaidEnd{event->string_or("state", ""), event->string_or("reason", ""),
                           event->string_or("aftermath", "")};
        end = begin;
    }
    return std::nullopt;
}

static Ending as_stop(const Stop& stop, bool is_clean)
{
    return {stop.state, stop.reason, stop.superseded_by, is_clean};
}

Ending judge(const std::optional<SaidEnd>& said, const std::optional<Stop>& stop, std::optional<int> exit,
             std::string_view last_words)
{
    if (said) {
        auto state = store::parse_run_state(said->state);
        if (said->state == "canceled" && stop)
            return as_stop(*stop, true);
        if (state && store::is_terminal(*state))
            return {*state, said->reason, 0, true};
        return {RunState::errored,
                fmt::format("quire-ci ended the run as '{}', which is no state", visible(said->state)), 0, true};
    }
    if (stop)
        return as_stop(*stop, false);
    constexpr int last_signal = 64; // 255 is what ssh ends with
    bool is_killed = exit && *exit > 128 && *exit <= 128 + last_signal;
    std::string how = !exit       ? "quire-ci died, and with it the run"
                      : is_killed ? fmt::format("quire-ci was killed by signal {}", *exit - 128)
                                  : fmt::format("quire-ci ended with {} before the run did", *exit);
    if (!last_words.empty())
        how += fmt::format(": {}", visible(last_words));
    return {RunState::errored, std::move(how), 0, false};
}

static std::string read_tail(int run, const char* name, uint64_t most)
{
    auto fd = sys::open_regular(run, name, O_NOFOLLOW);
    return fd ? sys::read_tail(fd->get(), most).value_or("") : "";
}

Result<void> write_stop(int run, const Stop& stop)
{
    text::Data data{text::Data::Table{}};
    data.set("state", text::Keyword{store::to_string(stop.state)});
    data.set("reason", stop.reason);
    if (stop.superseded_by != 0)
        data.set("superseded-by", stop.superseded_by);
    return sys::replace_file_unsynced(run, store::paths::run_stop, text::write_fnl(data));
}

std::optional<Stop> read_stop(int run)
{
    auto content = sys::read_file(run, store::paths::run_stop, text::max_fnl_bytes);
    if (!content)
        return std::nullopt;
    auto data = text::read_fnl(*content, store::paths::run_stop);
    if (!data)
        return std::nullopt;
    auto state = store::parse_run_state(data->string_or("state", ""));
    if (!state || !store::is_terminal(*state))
        return std::nullopt;
    return Stop{*state, data->string_or("reason", ""), static_cast<uint64_t>(data->integer_or("superseded-by", 0))};
}

std::string last_words(int run)
{
    std::string log = read_tail(run, store::paths::run_log, 4096);
    std::string_view words = trim(log);
    return std::string(words.substr(words.rfind('\n') + 1));
}

Ending judge_run(int run, const std::optional<Stop>& stop, std::optional<int> exit)
{
    // The last event may hold all errors of a pipeline, so it can be long.
    auto said = said_end(read_tail(run, store::paths::run_events, 4u << 20));
    Ending ending = judge(said, stop, exit, said ? "" : last_words(run));
    if (said)
        ending.aftermath = said->aftermath;
    return ending;
}

} // namespace quire::runner
