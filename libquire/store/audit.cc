#include "store/audit.h"

#include <algorithm>

#include "base/strings.h"
#include "store/task.h"
#include "sys/file.h"
#include "text/escape.h"
#include "text/json.h"

namespace quire::store {

/// A file is renamed when it is this large.
constexpr int64_t full_bytes = 2 << 20;
constexpr size_t most_bytes = size_t{full_bytes} * 2;

static std::string to_line(const AuditEntry& entry)
{
    std::string_view command = entry.command;
    bool is_cut = command.size() > max_audited_bytes;
    text::Data data{text::Data::Table()};
    data.set("at", format_instant(entry.at));
    data.set("key", entry.key);
    data.set("address", entry.address);
    data.set("command", text::for_terminal(command.substr(0, max_audited_bytes)) + (is_cut ? "…" : ""));
    data.set("verdict", entry.verdict);
    data.set("reason", text::for_terminal(entry.reason));
    data.set("exit", entry.exit ? text::Data(*entry.exit) : text::Data());
    return text::write_json(data) + "\n";
}

static Result<UniqueFd> open_log(const Root& root)
{
    auto file = sys::open_at(root.fd(), paths::audit_log, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW, 0600);
    if (file || file.error().kind != ErrorKind::not_found)
        return file;
    auto made = sys::make_directory(root.fd(), paths::audit, 0700);
    if (!made && made.error().kind != ErrorKind::exists)
        return Unexpected(std::move(made).error());
    return sys::open_at(root.fd(), paths::audit_log, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW, 0600);
}

Result<void> append_audit(const Root& root, const AuditEntry& entry)
{
    UniqueFd file = TRY(open_log(root));
    TRY(sys::write_all(file.get(), to_line(entry)));
    auto status = TRY(sys::stat_at(root.fd(), paths::audit_log));
    if (!status || status->st_size < full_bytes)
        return {};
    // Whoever else has it open still writes into it, under its new name.
    auto moved = sys::rename_noreplace(root.fd(), paths::audit_log, root.fd(), paths::old_audit_log(entry.at));
    if (!moved && moved.error().kind != ErrorKind::not_found && moved.error().kind != ErrorKind::exists)
        return moved;
    return add_task(root, {.kind = "trash"}, Durability::unsynced);
}

static std::optional<AuditEntry> parse_line(std::string_view line)
{
    auto data = text::read_json(line, paths::audit_log);
    if (!data || !data->table())
        return std::nullopt;
    auto at = parse_instant(data->string_or("at", ""));
    if (!at)
        return std::nullopt;
    AuditEntry entry{.at = *at,
                     .key = data->string_or("key", ""),
                     .address = data->string_or("address", ""),
                     .command = data->string_or("command", ""),
                     .verdict = data->string_or("verdict", ""),
                     .reason = data->string_or("reason", "")};
    if (const text::Data* exit = data->find("exit"); exit && exit->integer())
        entry.exit = static_cast<int>(*exit->integer());
    return entry;
}

/// The files, newest first.
static Result<std::vector<std::string>> files_of(const Root& root)
{
    auto names = sys::list_directory(root.fd(), paths::audit);
    if (!names && names.error().kind == ErrorKind::not_found)
        return std::vector<std::string>();
    std::vector<std::string> files;
    for (const std::string& name : TRY(std::move(names)))
        if (name.ends_with(".jsonl"))
            files.push_back(fmt::format("{}/{}", paths::audit, name));
    std::reverse(files.begin(), files.end()); // digits sort before "log"
    return files;
}

Result<std::vector<AuditEntry>> read_audit(const Root& root, const AuditQuery& query)
{
    std::vector<AuditEntry> entries;
    for (const std::string& path : TRY(files_of(root))) {
        auto text = sys::read_file(root.fd(), path, most_bytes);
        if (!text && text.error().kind == ErrorKind::not_found)
            continue; // it was pruned, or renamed: then its lines are missed once
        std::string content = TRY(std::move(text));
        std::vector<std::string_view> lines = split(content, '\n');
        for (auto line = lines.rbegin(); line != lines.rend(); ++line) {
            if (entries.size() >= query.limit)
                return entries;
            auto entry = parse_line(*line);
            if (entry && (query.key.empty() || entry->key == query.key) &&
                (!query.only_refused || entry->verdict != "served"))
                entries.push_back(std::move(*entry));
        }
    }
    return entries;
}

Result<void> prune_audit(const Root& root, int64_t days, uint64_t bytes)
{
    uint64_t total = 0;
    Instant oldest = now() - days * 24 * 3600 * nanoseconds_per_second;
    for (const std::string& path : TRY(files_of(root))) {
        auto status = TRY(sys::stat_at(root.fd(), path));
        if (!status)
            continue;
        total += static_cast<uint64_t>(status->st_size);
        if (total <= bytes && sys::modified_at(*status) >= oldest)
            continue;
        if (auto gone = sys::unlink_at(root.fd(), path); !gone && gone.error().kind != ErrorKind::not_found)
            return gone;
    }
    return {};
}

} // namespace quire::store
