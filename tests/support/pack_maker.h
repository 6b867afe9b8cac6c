// PackMaker: a pack with an index, from any entries, right or wrong. Programs that use it link libdeflate.
#pragma once

#include <fcntl.h>
#include <git2.h>
#include <libdeflate.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "sys/file.h"

namespace quire::tests {

class PackMaker {
public:
    static constexpr unsigned blob = 3, by_offset = 6, by_id = 7;

    /// Its id is its number, from 1 on, twenty times. `base` is what stands before the content of a delta.
    PackMaker& add(unsigned type, std::string_view content, std::string_view base = "")
    {
        uint64_t size = content.size();
        m_offsets.push_back(static_cast<uint32_t>(header_size + m_entries.size()));
        m_entries += static_cast<char>(type << 4 | (size & 15) | (size > 15 ? 0x80 : 0));
        if (size > 15)
            m_entries += number(size >> 4);
        m_entries += std::string(base) + deflated(content);
        return *this;
    }
    /// A delta on the entry with that number.
    PackMaker& add_delta(unsigned char base, std::string_view delta)
    {
        return add(by_id, delta, std::string(GIT_OID_RAWSZ, static_cast<char>(base)));
    }
    size_t count() const { return m_offsets.size(); }

    /// As objects/pack/pack-1. Who has an earlier one mapped goes on reading that.
    void write(int repository) const
    {
        auto count = static_cast<uint32_t>(m_offsets.size());
        std::string ids, offsets, sum(GIT_OID_RAWSZ, 'x'), fanout;
        for (uint32_t i = 0; i < count; ++i) {
            ids += std::string(GIT_OID_RAWSZ, static_cast<char>(i + 1));
            offsets += big(m_offsets[i]);
        }
        for (uint32_t byte = 0; byte < 256; ++byte)
            fanout += big(std::min(byte, count));
        replace(repository, "objects/pack/pack-1.pack", "PACK" + big(2) + big(count) + m_entries + sum);
        replace(repository, "objects/pack/pack-1.idx",
                std::string("\377tOc\0\0\0\2", 8) + fanout + ids + std::string(4 * count, '\0') + offsets + sum +
                    std::string(GIT_OID_RAWSZ, 'y'));
    }

    static git_oid id(size_t number)
    {
        git_oid id{};
        std::fill(std::begin(id.id), std::end(id.id), static_cast<unsigned char>(number));
        return id;
    }
    /// As deltas have their sizes.
    static std::string number(uint64_t value)
    {
        std::string out;
        for (; value >= 0x80; value >>= 7)
            out += static_cast<char>(value | 0x80);
        return out + static_cast<char>(value);
    }
    static void replace(int directory, const std::string& path, std::string_view bytes)
    {
        auto out = sys::open_at(directory, path + ".new", O_WRONLY | O_CREAT | O_TRUNC).value();
        if (!sys::write_at(out.get(), bytes, 0) || !sys::rename_at(directory, path + ".new", directory, path))
            throw std::runtime_error("can't write " + path);
    }

private:
    static constexpr size_t header_size = 12;

    static std::string big(uint32_t value)
    {
        std::string out;
        for (int shift = 24; shift >= 0; shift -= 8)
            out += static_cast<char>(value >> shift);
        return out;
    }
    static std::string deflated(std::string_view bytes)
    {
        libdeflate_compressor* made = libdeflate_alloc_compressor(6);
        std::string out(libdeflate_zlib_compress_bound(made, bytes.size()), '\0');
        out.resize(libdeflate_zlib_compress(made, bytes.data(), bytes.size(), out.data(), out.size()));
        libdeflate_free_compressor(made);
        return out;
    }

    std::string m_entries;
    std::vector<uint32_t> m_offsets;
};

} // namespace quire::tests
