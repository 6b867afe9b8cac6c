#include "store/push_log.h"

#include <algorithm>

#include "base/sha256.h"
#include "base/strings.h"
#include "store/root.h"
#include "sys/file.h"
#include "sys/shorten.h"
#include "sys/stamp.h"
#include "sys/sync_order.h"
#include "text/json.h"

namespace quire::store {

/// Larger than any record, since git accepts no ref name of more than 4 KB.
constexpr uint64_t tail_bytes = 64 * 1024;
/// Larger than most; each push reads it.
constexpr uint64_t short_tail_bytes = 2048;

static std::string to_line(const PushLogEntry& entry, const ChainHead& before)
{
    text::Data data{text::Data::Table{}};
    data.set("at", format_instant(entry.at));
    data.set("push", entry.push_id);
    data.set("pusher", entry.pusher);
    data.set("ref", entry.ref);
    data.set("old", entry.old_id);
    data.set("new", entry.new_id);
    data.set("forced", entry.forced);
    if (!entry.signature.certificate.empty()) {
        data.set("certificate", entry.signature.certificate);
        data.set("signature", entry.signature.verdict);
        if (!entry.signature.signer.empty())
            data.set("signer", entry.signature.signer);
    }
    data.set("n", before.lines + 1);
    data.set("prev", before.digest);
    return text::write_json(data) + "\n";
}

static Result<uint64_t> size_of(int log)
{
    return static_cast<uint64_t>(TRY(sys::stamp_of(log, paths::push_log)).size);
}

/// The head of the chain in an open log: taken from its last line if that is a link, otherwise computed from all of it.
static Result<ChainHead> head_of(int log, uint64_t size)
{
    std::string tail;
    uint64_t from = size;
    for (uint64_t bytes : {short_tail_bytes, tail_bytes}) {
        from = size > bytes ? size - bytes : 0;
        tail = TRY(sys::read_at(log, from, size - from));
        if (!tail.ends_with('\n'))
            break;
        size_t before = tail.size() < 2 ? std::string::npos : tail.rfind('\n', tail.size() - 2);
        std::string_view last = std::string_view(tail).substr(before == std::string::npos ? 0 : before + 1);
        bool is_whole = before != std::string::npos || from == 0;
        auto link = is_whole ? chain_link(last.substr(0, last.size() - 1)) : std::nullopt;
        if (link)
            return ChainHead{link->number, sha256_hex(last)};
    }
    return chain_head_of(from == 0 ? tail : TRY(sys::read_at(log, 0, size)));
}

/// Written in place: the file has a fixed length within one sector, so a push pays for one write and does not wait for
/// the disk.
static Result<void> write_head(int repository, const ChainHead& head)
{
    UniqueFd file = TRY(sys::open_at(repository, paths::push_log_head, O_WRONLY | O_CREAT, 0640));
    return sys::write_at(file.get(), to_text(head), 0);
}

Result<PushLogAppend> PushLogAppend::write(int repository, const std::vector<PushLogEntry>& entries)
{
    auto made = sys::make_directory(repository, paths::repository_settings, 0750);
    if (!made && made.error().kind != ErrorKind::exists)
        return Unexpected(std::move(made).error());
    UniqueFd file = TRY(sys::open_at(repository, paths::push_log, O_RDWR | O_APPEND | O_CREAT, 0640));
    sys::FileLock lock = TRY(sys::FileLock::adopt(std::move(file), paths::push_log));
    uint64_t size = TRY(sys::cut_zeros(lock.fd(), TRY(size_of(lock.fd())), paths::push_log));
    ChainHead head = TRY(head_of(lock.fd(), size));
    std::string text;
    if (size > 0 && TRY(sys::read_at(lock.fd(), size - 1, 1)) != "\n")
        text += "\n";
    for (const PushLogEntry& entry : entries) {
        std::string line = to_line(entry, head);
        head = {head.lines + 1, sha256_hex(line)};
        text += line;
    }
    TRY(sys::write_all(lock.fd(), text));
    return PushLogAppend(repository, std::move(lock), std::move(head));
}

Result<void> PushLogAppend::write_out()
{
    TRY(sys::write_out(m_lock.fd(), paths::push_log));
    m_needs_sync = false;
    return {};
}

Result<void> PushLogAppend::finish()
{
    if (m_needs_sync)
        TRY(sys::sync_data(m_lock.fd(), paths::push_log));
    return write_head(m_repository, m_head);
}

Result<void> append_push_log(int repository, const std::vector<PushLogEntry>& entries)
{
    if (entries.empty())
        return {};
    return TRY(PushLogAppend::write(repository, entries)).finish();
}

Result<std::optional<ChainHead>> read_noted_head(int repository)
{
    auto text = sys::read_file(repository, paths::push_log_head, 4096);
    if (!text && text.error().kind == ErrorKind::not_found)
        return std::optional<ChainHead>();
    return parse_chain_head(TRY(std::move(text)));
}

Result<void> note_head(int repository)
{
    auto file = sys::open_at(repository, paths::push_log, O_RDWR | O_APPEND);
    if (!file && file.error().kind == ErrorKind::not_found)
        return {};
    sys::FileLock lock = TRY(sys::FileLock::adopt(TRY(std::move(file)), paths::push_log));
    ChainHead head = TRY(head_of(lock.fd(), TRY(size_of(lock.fd()))));
    TRY(write_head(repository, head));
    return sys::sync_file(TRY(sys::open_at(repository, paths::push_log_head, O_RDWR)).get(), paths::push_log_head);
}

std::optional<PushLogEntry> parse_push_log_line(std::string_view line)
{
    auto data = text::read_json(line, paths::push_log);
    if (!data || !data->table())
        return std::nullopt;
    auto at = parse_instant(data->string_or("at", ""));
    if (!at)
        return std::nullopt;
    return PushLogEntry{
        *at,
        data->string_or("push", ""),
        data->string_or("pusher", ""),
        data->string_or("ref", ""),
        data->string_or("old", ""),
        data->string_or("new", ""),
        data->boolean_or("forced", false),
        {data->string_or("certificate", ""), data->string_or("signature", ""), data->string_or("signer", "")}};
}

Result<std::vector<PushLogEntry>> read_push_log(int repository, size_t limit)
{
    std::vector<PushLogEntry> entries;
    auto file = sys::open_regular(repository, paths::push_log);
    if (!file && file.error().kind == ErrorKind::not_found)
        return entries;
    UniqueFd fd = TRY(std::move(file));
    constexpr uint64_t piece = 64 * 1024;
    uint64_t start = TRY(size_of(fd.get()));
    std::string tail; // from `start` on; begins inside a line unless start is 0
    while (entries.size() < limit && (start > 0 || !tail.empty())) {
        uint64_t from = start > piece ? start - piece : 0;
        tail.insert(0, TRY(sys::read_at(fd.get(), from, start - from)));
        start = from;
        size_t whole = start == 0 ? 0 : tail.find('\n') + 1; // npos + 1 is 0: there is no whole line yet
        if (start > 0 && whole == 0)
            continue;
        std::vector<std::string_view> lines = split(std::string_view(tail).substr(whole), '\n');
        for (auto line = lines.rbegin(); line != lines.rend() && entries.size() < limit; ++line)
            if (auto entry = parse_push_log_line(*line))
                entries.push_back(std::move(*entry));
        tail.resize(whole);
    }
    return entries;
}

} // namespace quire::store
