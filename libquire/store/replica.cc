#include "store/replica.h"

#include <algorithm>

#include "base/log.h"
#include "sys/atomic_file.h"
#include "sys/file.h"
#include "text/json.h"

namespace quire::store {

using text::Data;

bool is_replica(const Root& root) { return sys::exists(root.fd(), paths::replica_state); }

std::string origin_of(const ReplicaState& state)
{
    return fmt::format("the backup {} at {}", visible(state.backup), visible(state.target));
}

Instant current_until(const ReplicaState& state) { return std::max(state.at, state.looked_at); }

int64_t behind_by(const ReplicaState& state, Instant at) { return std::max<int64_t>(at - current_until(state), 0); }

std::string lag_of(const ReplicaState& state)
{
    constexpr int64_t patience = 300 * nanoseconds_per_second;
    if (state.trouble_since != 0)
        return state.trouble;
    if (behind_by(state, now()) > patience)
        return "nobody keeps it current: quire backup follow does";
    return "";
}

static ReplicaState from_data(const Data& data)
{
    auto count = [&](const char* key) { return static_cast<uint64_t>(std::max<int64_t>(data.integer_or(key, 0), 0)); };
    return {.backup = data.string_or("backup", ""),
            .target = data.string_or("target", ""),
            .generation = count("generation"),
            .number = count("number"),
            .mark = data.string_or("mark", ""),
            .at = data.integer_or("at", 0),
            .applied_at = data.integer_or("applied-at", 0),
            .looked_at = data.integer_or("looked-at", 0),
            .trouble_since = data.integer_or("trouble-since", 0),
            .trouble = data.string_or("trouble", "")};
}

Result<std::optional<ReplicaState>> read_replica(const Root& root)
{
    auto text = sys::read_file(root.fd(), paths::replica_state, 1u << 16);
    if (!text && text.error().kind == ErrorKind::not_found)
        return std::optional<ReplicaState>();
    return std::optional(from_data(TRY(text::read_json(TRY(std::move(text)), paths::replica_state))));
}

Result<void> write_replica(int root, const ReplicaState& state, Durability durability)
{
    Data data{Data::Table{}};
    data.set("backup", state.backup);
    data.set("target", state.target);
    data.set("generation", state.generation);
    data.set("number", state.number);
    data.set("mark", state.mark);
    data.set("at", state.at);
    data.set("applied-at", state.applied_at);
    data.set("looked-at", state.looked_at);
    if (state.trouble_since != 0) {
        data.set("trouble-since", state.trouble_since);
        data.set("trouble", state.trouble);
    }
    TRY(sys::make_directories(root, paths::replica, 0700));
    UniqueFd directory = TRY(sys::open_directory(root, paths::replica));
    std::string name = std::string(paths::replica_state).substr(std::string_view(paths::replica).size() + 1);
    std::string content = text::write_json(data) + "\n";
    if (durability == Durability::unsynced)
        return sys::replace_file_unsynced(directory.get(), name, content, 0640);
    TRY(sys::replace_file(directory.get(), name, content, 0640));
    return sys::sync_directory(root, ".");
}

Result<void> refuse_on_replica(const Root& root, std::string_view what)
{
    if (!is_replica(root))
        return {};
    auto state = read_replica(root);
    std::string of = state && *state ? origin_of(**state) : "another forge";
    return fail(ErrorKind::refused, "{} is a replica, made from {}: {}", root.path(), of, what);
}

} // namespace quire::store
