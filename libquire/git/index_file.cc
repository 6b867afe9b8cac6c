#include "git/index_file.h"

#include <algorithm>

#include "base/log.h"
#include "base/sha1.h"
#include "base/sha256.h"
#include "base/strings.h"

namespace quire::git {

static void append_u32(std::string& out, uint64_t value)
{
    for (int shift = 24; shift >= 0; shift -= 8)
        out += static_cast<char>(value >> shift);
}

constexpr size_t fields_bytes = 40;

std::string index_fields(uint32_t mode, const struct stat& status)
{
    std::string fields;
    fields.reserve(fields_bytes);
    for (const timespec& time : {status.st_ctim, status.st_mtim}) {
        append_u32(fields, static_cast<uint64_t>(time.tv_sec));
        append_u32(fields, static_cast<uint64_t>(time.tv_nsec));
    }
    for (uint64_t value : {uint64_t{status.st_dev}, uint64_t{status.st_ino}, uint64_t{mode}, uint64_t{status.st_uid},
                           uint64_t{status.st_gid}, static_cast<uint64_t>(status.st_size)})
        append_u32(fields, value); // git, too, keeps the lower half
    return fields;
}

static uint32_t u32_at(std::string_view bytes, size_t at)
{
    uint32_t value = 0;
    for (char byte : bytes.substr(at, 4))
        value = value << 8 | static_cast<unsigned char>(byte);
    return value;
}

uint32_t IndexEntry::mode() const { return u32_at(fields, 24); }

Instant IndexEntry::changed_at() const
{
    return Instant{u32_at(fields, 0)} * nanoseconds_per_second + u32_at(fields, 4);
}

/// Nothing that leads out of the checkout, or into its .git.
static bool is_path_inside(std::string_view path)
{
    while (true) {
        size_t slash = path.find('/');
        std::string_view part = path.substr(0, slash);
        if (part.empty() || part == "." || part == ".." || equal_ignoring_case(part, ".git"))
            return false;
        if (slash == std::string_view::npos)
            return true;
        path.remove_prefix(slash + 1);
    }
}

static Unexpected no_whole_index(std::string_view what) { return fail(ErrorKind::invalid, "an index with {}", what); }

Result<std::vector<IndexEntry>> read_index(std::string_view content, size_t id_bytes)
{
    constexpr size_t head = 12, flags_bytes = 2;
    if (content.size() < head + id_bytes || content.substr(0, 4) != "DIRC")
        return no_whole_index("another head");
    uint32_t version = u32_at(content, 4), count = u32_at(content, 8);
    if (version != 2 && version != 3)
        return no_whole_index(fmt::format("version {}", version));
    std::string_view rest = content.substr(0, content.size() - id_bytes);
    size_t at = head;
    std::vector<IndexEntry> entries;
    entries.reserve(std::min<size_t>(count, content.size() / fields_bytes));
    for (uint32_t i = 0; i < count; ++i) {
        size_t path_at = at + fields_bytes + id_bytes + flags_bytes;
        if (path_at >= rest.size())
            return no_whole_index("too few entries");
        constexpr unsigned char assumed_unchanged = 0x80, extended = 0x40, stage = 0x30;
        if ((static_cast<unsigned char>(rest[path_at - flags_bytes]) & (assumed_unchanged | extended | stage)) != 0)
            return no_whole_index("files that are not simply checked out");
        size_t end = rest.find('\0', path_at);
        if (end == std::string_view::npos)
            return no_whole_index("a path without end");
        IndexEntry entry{rest.substr(at, fields_bytes), rest.substr(at + fields_bytes, id_bytes),
                         rest.substr(path_at, end - path_at)};
        if (!is_path_inside(entry.path) || (!entries.empty() && entries.back().path >= entry.path))
            return no_whole_index("paths that lead elsewhere");
        entries.push_back(entry);
        constexpr size_t padding = 8;
        at += (end - at) / padding * padding + padding;
    }
    // Extensions whose names are in small letters must be understood: parts that lie elsewhere, directories left out.
    while (at + 8 <= rest.size()) {
        if (rest[at] >= 'a')
            return no_whole_index(fmt::format("the extension '{}'", visible(rest.substr(at, 4))));
        at += size_t{8} + u32_at(rest, at + 4);
    }
    return entries;
}

void IndexFile::add(std::string_view path, std::string_view fields, std::string_view id)
{
    size_t begin = m_content.size();
    m_content += fields;
    m_content += id;
    constexpr size_t longest_noted = 0xfff;
    size_t length = std::min(path.size(), longest_noted);
    m_content += static_cast<char>(length >> 8);
    m_content += static_cast<char>(length);
    m_content += path;
    // One byte 0 at least ends the path; an entry's size is a multiple of eight.
    m_content.append(8 - (m_content.size() - begin) % 8, '\0');
    ++m_count;
}

std::string IndexFile::finish(size_t id_bytes)
{
    constexpr uint32_t version = 2;
    std::string head = "DIRC";
    append_u32(head, version);
    append_u32(head, m_count);
    m_content.replace(0, head.size(), head);
    auto end_with = [&](auto hash) {
        hash.update(m_content);
        m_content += hash.finish();
    };
    id_bytes == 32 ? end_with(Sha256()) : end_with(Sha1());
    return std::move(m_content);
}

} // namespace quire::git
