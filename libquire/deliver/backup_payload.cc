#include "deliver/backup_payload.h"

#include <algorithm>

#include "sys/file.h"
#include "sys/stamp.h"

namespace quire::deliver {

using store::ArchiveEntry;

constexpr size_t piece = 256u << 10;

Result<void> BackupPayload::copy(int from, uint64_t size)
{
    // Exactly as much as was said; a file that is being written to may be longer by now.
    for (uint64_t offset = 0; offset < size;) {
        std::string bytes =
            TRY(sys::read_at(from, offset, static_cast<size_t>(std::min<uint64_t>(piece, size - offset))));
        if (bytes.empty())
            return fail(ErrorKind::busy, "a file became shorter while it was read; the next attempt may do better");
        TRY(m_writer.add_content(bytes));
        offset += bytes.size();
    }
    return {};
}

Result<void> BackupPayload::add(std::string_view kind, const std::string& path, std::string_view content)
{
    ++m_entries;
    TRY(m_writer.add({.path = std::string(kind) + path, .size = content.size(), .mode = 0600}));
    return content.empty() ? Result<void>() : m_writer.add_content(content);
}

Result<bool> BackupPayload::add_file(const std::string& path)
{
    auto status = TRY(sys::stat_at(m_root.fd(), path));
    if (!status)
        return false;
    ArchiveEntry entry{
        .path = std::string(entry::file) + path, .mode = status->st_mode & 0777, .modified = sys::modified_at(*status)};
    if (S_ISLNK(status->st_mode)) {
        entry.kind = ArchiveEntry::Kind::symlink;
        entry.text = TRY(sys::read_link(m_root.fd(), path));
        ++m_entries;
        TRY(m_writer.add(entry));
        return true;
    }
    if (!S_ISREG(status->st_mode))
        return false;
    auto opened = sys::open_regular_beneath(m_root.fd(), path, O_NOFOLLOW);
    if (!opened && opened.error().kind == ErrorKind::not_found)
        return false;
    UniqueFd file = TRY(std::move(opened));
    entry.size = static_cast<uint64_t>(TRY(sys::stamp_of(file.get(), path)).size);
    ++m_entries;
    TRY(m_writer.add(entry));
    TRY(copy(file.get(), entry.size));
    return true;
}

Result<void> BackupPayload::add_growth(const std::string& path, uint64_t offset, std::string_view content)
{
    return add(entry::grow, fmt::format("{}/{}", offset, path), content);
}

Result<void> BackupPayload::add_removal(const std::string& path) { return add(entry::remove, path, ""); }

Result<void> BackupPayload::add_repository(const std::string& path) { return add(entry::repository, path, ""); }

Result<void> BackupPayload::add_refs(const std::string& path, std::string_view lines)
{
    return add(entry::refs, path, lines);
}

Result<void> BackupPayload::add_bundle(const std::string& path, std::string_view head, int pack)
{
    uint64_t size = static_cast<uint64_t>(TRY(sys::stamp_of(pack, "a pack")).size);
    ++m_entries;
    TRY(m_writer.add({.path = std::string(entry::bundle) + path, .size = head.size() + size, .mode = 0600}));
    TRY(m_writer.add_content(head));
    return copy(pack, size);
}

} // namespace quire::deliver
