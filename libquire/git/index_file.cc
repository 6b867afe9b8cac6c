#include "git/index_file.h"

#include <algorithm>

#include "base/sha1.h"
#include "base/sha256.h"

namespace quire::git {

static void append_u32(std::string& out, uint64_t value)
{
    for (int shift = 24; shift >= 0; shift -= 8)
        out += static_cast<char>(value >> shift);
}

void IndexFile::add(std::string_view path, uint32_t mode, std::string_view id, const struct stat& status)
{
    size_t begin = m_entries.size();
    for (const timespec& time : {status.st_ctim, status.st_mtim}) {
        append_u32(m_entries, static_cast<uint64_t>(time.tv_sec));
        append_u32(m_entries, static_cast<uint64_t>(time.tv_nsec));
    }
    for (uint64_t value : {uint64_t{status.st_dev}, uint64_t{status.st_ino}, uint64_t{mode}, uint64_t{status.st_uid},
                           uint64_t{status.st_gid}, static_cast<uint64_t>(status.st_size)})
        append_u32(m_entries, value); // git, too, keeps the lower half
    m_entries += id;
    constexpr size_t longest_noted = 0xfff;
    size_t length = std::min(path.size(), longest_noted);
    m_entries += static_cast<char>(length >> 8);
    m_entries += static_cast<char>(length);
    m_entries += path;
    // One byte 0 at least ends the path; an entry's size is a multiple of eight.
    m_entries.append(8 - (m_entries.size() - begin) % 8, '\0');
    ++m_count;
}

std::string IndexFile::finish(size_t id_bytes) const
{
    constexpr uint32_t version = 2;
    std::string content = "DIRC";
    append_u32(content, version);
    append_u32(content, m_count);
    content += m_entries;
    auto end_with = [&](auto hash) {
        hash.update(content);
        content += hash.finish();
    };
    id_bytes == 32 ? end_with(Sha256()) : end_with(Sha1());
    return content;
}

} // namespace quire::git
