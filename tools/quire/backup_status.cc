// backup status: how far a backup is behind the forge, or a replica behind the backup that it follows.
#include <algorithm>

#include "base/strings.h"
#include "cli/table.h"
#include "deliver/backup_health.h"
#include "store/replica.h"
#include "text/escape.h"
#include "text/json.h"
#include "verbs.h"

namespace quire::tool {

static text::Data to_data(const deliver::BackupHealth& health)
{
    text::Data data{text::Data::Table{}};
    data.set("target", health.settings.target);
    data.set("encrypted", !health.settings.recipients.empty());
    data.set("well", health.is_well());
    if (health.position) {
        data.set("stored-at", format_instant(health.position->at));
        data.set("generation", health.position->generation);
        data.set("objects", health.position->number);
        data.set("bytes", health.position->base_bytes + health.position->bytes);
    }
    data.set("pushes-behind", health.backlog.pushes);
    if (health.backlog.oldest != 0)
        data.set("behind-since", format_instant(health.backlog.oldest));
    if (health.check) {
        data.set("checked-at", format_instant(health.check->at));
        data.set("faults", text::Data::Sequence(health.check->faults.begin(), health.check->faults.end()));
    }
    data.set("failures", text::Data::Sequence(health.failures.begin(), health.failures.end()));
    return data;
}

static std::string text_of(const deliver::BackupHealth& health)
{
    const auto& settings = health.settings;
    Instant at = now();
    std::string text = fmt::format("target     {}{}\n", settings.target,
                                   settings.recipients.empty() ? ", not encrypted" : ", encrypted");
    if (health.position)
        text += fmt::format("stored     {}, {} objects, {}\n", cli::format_age(health.position->at, at),
                            health.position->number,
                            cli::format_size(health.position->base_bytes + health.position->bytes));
    else
        text += "stored     nothing yet\n";
    text +=
        health.backlog.pushes == 0
            ? "behind     by nothing\n"
            : fmt::format("behind     by {} pushes to {} repositories, the first of them {}\n", health.backlog.pushes,
                          health.backlog.repositories, cli::format_age(health.backlog.oldest, at));
    if (health.check)
        text += fmt::format("checked    {}: {} objects, {} read back, {}\n", cli::format_age(health.check->at, at),
                            health.check->objects, health.check->read,
                            health.check->faults.empty() ? "all are well"
                                                         : fmt::format("{} FAULTS", health.check->faults.size()));
    else
        text += "checked    not yet\n";
    std::string out;
    for (std::string_view line : split(std::string_view(text).substr(0, text.size() - 1), '\n'))
        out += text::for_terminal(line) + "\n";
    for (const std::string& failure : health.failures)
        out += fmt::format("FAILS      {}\n", text::for_terminal(failure));
    return out;
}

static text::Data to_data(const store::ReplicaState& state)
{
    text::Data data{text::Data::Table{}};
    data.set("target", state.target);
    data.set("replica", true);
    data.set("well", store::lag_of(state).empty());
    data.set("generation", state.generation);
    data.set("objects", state.number);
    data.set("stored-at", format_instant(state.at));
    if (state.applied_at != 0)
        data.set("applied-at", format_instant(state.applied_at));
    data.set("current-until", format_instant(store::current_until(state)));
    data.set("behind-seconds", store::behind_by(state, now()) / nanoseconds_per_second);
    std::string lag = store::lag_of(state);
    data.set("failures", lag.empty() ? text::Data::Sequence{} : text::Data::Sequence{lag});
    return data;
}

static std::string text_of(const store::ReplicaState& state)
{
    Instant at = now();
    std::string text = fmt::format("replica    of {}\n", text::for_terminal(store::origin_of(state)));
    text += fmt::format(
        "here       object {} of generation {}, stored {}{}\n", state.number, state.generation,
        cli::format_age(state.at, at),
        state.applied_at == 0
            ? ""
            : fmt::format(", here {} later", show_duration(std::max<int64_t>(state.applied_at - state.at, 0))));
    text += fmt::format("behind     by at most {}\n", show_duration(store::behind_by(state, at)));
    std::string lag = store::lag_of(state);
    return lag.empty() ? text : text + fmt::format("FAILS      {}\n", text::for_terminal(lag));
}

/// Of a replica: how far it is behind the backup that it follows.
static Result<int> replica_status(const store::ReplicaState& state, bool as_json)
{
    TRY(cli::print(as_json ? text::write_json(to_data(state)) + "\n" : text_of(state)));
    return store::lag_of(state).empty() ? cli::exit_yes : cli::exit_no;
}

Result<int> verb_backup_status(const Call& call)
{
    cli::Options options = TRY(call.options());
    store::Root root = TRY(call.root());
    if (auto replica = TRY(store::read_replica(root)))
        return replica_status(*replica, options.has("json"));
    auto health = TRY(deliver::examine_backup(root));
    if (!health)
        return fail(ErrorKind::not_found, "there is no backup; quire backup init TARGET begins one");
    TRY(cli::print(options.has("json") ? text::write_json(to_data(*health)) + "\n" : text_of(*health)));
    return health->is_well() ? cli::exit_yes : cli::exit_no;
}

} // namespace quire::tool
