#include "git/pack_file.h"

#include <algorithm>
#include <map>
#include <mutex>

#include "base/byte_codec.h"
#include "git/big_endian.h"
#include "sys/file.h"
#include "sys/stamp.h"

namespace quire::git {

constexpr size_t id_size = GIT_OID_RAWSZ;
constexpr size_t pack_header = 12;
constexpr uint32_t is_far = 0x80000000;

Result<std::shared_ptr<const PackFile>> PackFile::open(int directory, const std::string& index)
{
    static std::mutex mutex;
    static uint32_t last = 0;
    static std::map<sys::Stamp, std::weak_ptr<const PackFile>> known;
    UniqueFd fd = TRY(sys::open_regular(directory, index));
    sys::Stamp stamp = TRY(sys::stamp_of(fd.get(), index));
    std::lock_guard lock(mutex);
    if (auto shared = known[stamp].lock())
        return shared;
    std::erase_if(known, [](const auto& item) { return item.second.expired(); });
    sys::Mapping mapped = TRY(sys::Mapping::map(fd.get(), index));
    std::string pack = index.substr(0, index.rfind('.')) + ".pack";
    UniqueFd pack_fd = TRY(sys::open_regular(directory, pack));
    std::shared_ptr<PackFile> file(
        new PackFile(std::move(mapped), TRY(sys::Mapping::map(pack_fd.get(), pack)), ++last));
    if (!file->is_right())
        return fail(ErrorKind::invalid, "{} and its index do not fit together", pack);
    known[stamp] = file;
    return std::shared_ptr<const PackFile>(std::move(file));
}

/// Finds the parts. Of git's versions of an index only the second is known here, which it has written since 2008.
bool PackFile::is_right()
{
    constexpr size_t header = 8, fanout = 1024, crc = 4, offset = 4, trailer = 2 * id_size;
    std::string_view index = m_index.content(), pack = m_pack.content();
    if (index.size() < header + fanout + trailer || pack.size() < pack_header + id_size)
        return false;
    if (index.substr(0, header) != std::string_view("\377tOc\0\0\0\2", header) || pack.substr(0, 4) != "PACK")
        return false;
    m_fanout = index.substr(header, fanout);
    uint32_t last = 0;
    for (size_t at = 0; at < fanout; at += 4) {
        if (u32(m_fanout, at) < last)
            return false;
        last = u32(m_fanout, at);
    }
    m_count = last;
    size_t rest = index.size() - header - fanout - trailer, of_one = id_size + crc + offset;
    if (m_count != u32(pack, 8) || rest / of_one < m_count || (rest - m_count * of_one) % 8 != 0)
        return false;
    m_ids = index.substr(header + fanout, m_count * id_size);
    m_offsets = index.substr(header + fanout + m_count * (id_size + crc), m_count * offset);
    m_far = index.substr(header + fanout + m_count * of_one, rest - m_count * of_one);
    m_entries = pack.substr(0, pack.size() - id_size);
    return index.substr(index.size() - trailer, id_size) == pack.substr(m_entries.size());
}

std::optional<uint64_t> PackFile::find(const git_oid& id) const
{
    return find(std::string_view(reinterpret_cast<const char*>(id.id), id_size));
}

std::optional<uint64_t> PackFile::find(std::string_view id) const
{
    if (id.size() != id_size)
        return std::nullopt;
    size_t row = size_t{static_cast<unsigned char>(id[0])} * 4;
    uint32_t begin = row == 0 ? 0 : u32(m_fanout, row - 4), end = u32(m_fanout, row);
    while (begin < end) {
        uint32_t middle = begin + (end - begin) / 2;
        int order = m_ids.substr(middle * id_size, id_size).compare(id);
        if (order == 0)
            return offset_of(middle);
        order < 0 ? begin = middle + 1 : end = middle;
    }
    return std::nullopt;
}

std::optional<uint64_t> PackFile::offset_of(uint32_t position) const
{
    uint32_t near = u32(m_offsets, size_t{position} * 4);
    if ((near & is_far) == 0)
        return near;
    size_t at = size_t{near & ~is_far} * 8;
    return at + 8 <= m_far.size() ? std::optional(u64(m_far, at)) : std::nullopt;
}

/// How far back the base of a delta is: in groups of seven bits, the highest first, each counted from where the shorter
/// numbers end. 0: there is none.
static uint64_t read_distance(ByteReader& reader)
{
    uint64_t distance = 0;
    for (bool is_first = true; distance >> 56 == 0; is_first = false) {
        std::string_view byte = reader.raw(1);
        if (byte.empty())
            return 0;
        auto bits = static_cast<unsigned char>(byte[0]);
        distance = (is_first ? 0 : (distance + 1) << 7) | (bits & 0x7fu);
        if ((bits & 0x80) == 0)
            return distance;
    }
    return 0;
}

std::optional<PackEntry> PackFile::entry(uint64_t offset) const
{
    if (offset < pack_header || offset >= m_entries.size())
        return std::nullopt;
    ByteReader reader(m_entries.substr(offset));
    auto first = static_cast<unsigned char>(reader.raw(1)[0]);
    PackEntry entry{static_cast<git_object_t>(first >> 4 & 7), first & 0xfu};
    if ((first & 0x80) != 0)
        entry.size |= reader.number(UINT64_MAX >> 4) << 4;
    if (entry.type == GIT_OBJECT_OFS_DELTA) {
        uint64_t distance = read_distance(reader);
        if (distance == 0 || distance > offset)
            return std::nullopt;
        entry.base = offset - distance;
    } else if (entry.type == GIT_OBJECT_REF_DELTA) {
        auto base = find(reader.raw(id_size));
        if (!base)
            return std::nullopt;
        entry.base = *base;
    } else if (entry.type < GIT_OBJECT_COMMIT || entry.type > GIT_OBJECT_TAG) {
        return std::nullopt;
    }
    if (!reader.is_good())
        return std::nullopt;
    entry.packed = reader.rest();
    return entry;
}

} // namespace quire::git
