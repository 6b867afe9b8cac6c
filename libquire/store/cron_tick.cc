#include "store/cron_tick.h"

#include <algorithm>

#include "store/root.h"
#include "sys/atomic_file.h"
#include "sys/file.h"
#include "text/fnl.h"

namespace quire::store {

using text::Data;

static std::string path_of(const std::string& source)
{
    return fmt::format("{}/{}", paths::cron_ticks, paths::job_directory(source));
}

Result<std::optional<CronTick>> read_cron_tick(int repository, const std::string& source)
{
    std::string path = path_of(source);
    auto content = sys::read_file(repository, path, 4096);
    if (!content && content.error().kind == ErrorKind::not_found)
        return std::optional<CronTick>();
    Data data = TRY(text::read_fnl(TRY(std::move(content)), path));
    auto instant = [&](const char* key) { return parse_instant(data.string_or(key, "")).value_or(0); };
    return std::optional(
        CronTick{data.string_or("schedule", ""), instant("tick"), instant("pending"), instant("pending-since")});
}

Result<void> write_cron_tick(int repository, const std::string& source, const CronTick& tick)
{
    Data data{Data::Table{}};
    data.set("schedule", tick.schedule);
    data.set("tick", format_instant(tick.tick));
    if (tick.pending != 0) {
        data.set("pending", format_instant(tick.pending));
        data.set("pending-since", format_instant(tick.pending_since));
    }
    TRY(sys::make_directories(repository, paths::cron_ticks));
    UniqueFd directory = TRY(sys::open_directory(repository, paths::cron_ticks));
    return sys::replace_file(directory.get(), paths::job_directory(source), text::write_fnl(data));
}

Result<void> keep_cron_ticks(int repository, const std::vector<std::string>& sources)
{
    auto names = sys::list_directory(repository, paths::cron_ticks);
    if (!names && names.error().kind == ErrorKind::not_found)
        return {};
    for (const std::string& name : TRY(std::move(names))) {
        auto is_it = [&](const std::string& source) { return paths::job_directory(source) == name; };
        if (std::none_of(sources.begin(), sources.end(), is_it))
            TRY(sys::unlink_at(repository, fmt::format("{}/{}", paths::cron_ticks, name)));
    }
    return {};
}

} // namespace quire::store
