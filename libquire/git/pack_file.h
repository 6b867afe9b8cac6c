// PackFile: one of git's packs and its index, mapped. Nothing in it changes, so all threads share it.
//
// A damaged pack is refused, or gives nullopt where it is damaged: no offset in it is followed before it is checked.
#pragma once

#include <git2.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "sys/mapping.h"

namespace quire::git {

/// What stands in a pack at one place: an object, or what differs from another one.
struct PackEntry {
    git_object_t type = GIT_OBJECT_INVALID; ///< of a delta: GIT_OBJECT_OFS_DELTA or GIT_OBJECT_REF_DELTA
    uint64_t size = 0;                      ///< unpacked
    uint64_t base = 0;                      ///< of a delta: the offset of the entry that it changes
    std::string_view packed;                ///< begins here, and ends somewhere before the pack does

    bool is_delta() const { return type == GIT_OBJECT_OFS_DELTA || type == GIT_OBJECT_REF_DELTA; }
};

class PackFile {
public:
    /// `index` is the path of the ".idx" below the directory. Who opens it again, shares it.
    static Result<std::shared_ptr<const PackFile>> open(int directory, const std::string& index);

    /// The offset of the object's entry.
    std::optional<uint64_t> find(const git_oid& id) const;
    std::optional<PackEntry> entry(uint64_t offset) const;
    /// No other pack of this process has it, not even one that was closed.
    uint32_t number() const { return m_number; }

private:
    PackFile(sys::Mapping index, sys::Mapping pack, uint32_t number)
        : m_index(std::move(index)), m_pack(std::move(pack)), m_number(number)
    {}
    bool is_right();
    std::optional<uint64_t> find(std::string_view id) const;
    std::optional<uint64_t> offset_of(uint32_t position) const;

    sys::Mapping m_index, m_pack;
    uint32_t m_number;
    uint32_t m_count = 0;                               ///< of objects
    std::string_view m_fanout, m_ids, m_offsets, m_far; ///< parts of m_index; m_far has the offsets above 2 GiB
    std::string_view m_entries;                         ///< m_pack without the checksum at its end
};

} // namespace quire::git
