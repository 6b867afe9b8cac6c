#include "store/push_log.h"

#include <algorithm>

#include "base/strings.h"
#include "store/root.h"
#include "sys/file.h"
#include "sys/lock.h"
#include "text/json.h"

namespace quire::store {

static std::string to_line(const PushLogEntry& entry)
{
    text::Data data{text::Data::Table{}};
    data.set("at", format_instant(entry.at));
    data.set("push", entry.push_id);
    data.set("pusher", entry.pusher);
    data.set("ref", entry.ref);
    data.set("old", entry.old_id);
    data.set("new", entry.new_id);
    data.set("forced", entry.forced);
    return text::write_json(data) + "\n";
}

Result<void> append_push_log(int repository, const std::vector<PushLogEntry>& entries)
{
    if (entries.empty())
        return {};
    auto made = sys::make_directory(repository, paths::repository_settings, 0750);
    if (!made && made.error().kind != ErrorKind::exists)
        return made;
    UniqueFd file = TRY(sys::open_at(repository, paths::push_log, O_RDWR | O_APPEND | O_CREAT, 0640));
    sys::FileLock lock = TRY(sys::FileLock::adopt(std::move(file), paths::push_log));
    std::string text;
    struct stat status{};
    if (::fstat(lock.fd(), &status) == 0 && status.st_size > 0) {
        std::string last = TRY(sys::read_at(lock.fd(), static_cast<uint64_t>(status.st_size) - 1, 1));
        if (last != "\n")
            text += "\n";
    }
    for (const PushLogEntry& entry : entries)
        text += to_line(entry);
    TRY(sys::write_all(lock.fd(), text));
    return sys::sync_data(lock.fd(), paths::push_log);
}

/// nullopt for a torn or foreign line.
static std::optional<PushLogEntry> from_line(std::string_view line)
{
    auto data = text::read_json(line, paths::push_log);
    if (!data || !data->table())
        return std::nullopt;
    auto at = parse_instant(data->string_or("at", ""));
    if (!at)
        return std::nullopt;
    return PushLogEntry{*at,
                        data->string_or("push", ""),
                        data->string_or("pusher", ""),
                        data->string_or("ref", ""),
                        data->string_or("old", ""),
                        data->string_or("new", ""),
                        data->boolean_or("forced", false)};
}

Result<std::vector<PushLogEntry>> read_push_log(int repository, size_t limit)
{
    std::vector<PushLogEntry> entries;
    auto file = sys::open_regular(repository, paths::push_log);
    if (!file && file.error().kind == ErrorKind::not_found)
        return entries;
    UniqueFd fd = TRY(std::move(file));
    struct stat status{};
    if (::fstat(fd.get(), &status) < 0)
        return fail_errno(fmt::format("stat {}", paths::push_log));
    constexpr uint64_t piece = 64 * 1024;
    uint64_t start = static_cast<uint64_t>(status.st_size);
    std::string tail; // from `start` on, beginning inside a line unless start is 0
    while (entries.size() < limit && (start > 0 || !tail.empty())) {
        uint64_t from = start > piece ? start - piece : 0;
        tail.insert(0, TRY(sys::read_at(fd.get(), from, start - from)));
        start = from;
        size_t whole = start == 0 ? 0 : tail.find('\n') + 1; // find's npos + 1 is 0: no whole line yet
        if (start > 0 && whole == 0)
            continue;
        std::vector<std::string_view> lines = split(std::string_view(tail).substr(whole), '\n');
        for (auto line = lines.rbegin(); line != lines.rend() && entries.size() < limit; ++line)
            if (auto entry = from_line(*line))
                entries.push_back(std::move(*entry));
        tail.resize(whole);
    }
    return entries;
}

} // namespace quire::store
