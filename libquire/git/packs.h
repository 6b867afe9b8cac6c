// Packs: the objects that stand in the packs of one repository.
//
// It reads what git repacks and nothing else: who finds an object in no pack asks libgit2, which knows loose objects,
// borrowed ones and packs of other kinds, too. It unpacks with libdeflate, which is faster than libgit2's zlib, and
// gives out bytes that it does not copy. What it has unpacked on the way, it keeps for objects that were made from the
// same ones. Only one thread may use it at a time.
#pragma once

#include <optional>
#include <vector>

#include "base/lru.h"
#include "git/inflater.h"
#include "git/object.h"
#include "git/pack_file.h"
#include "sys/stamp.h"

namespace quire::git {

struct ObjectHeader {
    git_object_t type = GIT_OBJECT_INVALID;
    size_t size = 0;
};

class Packs {
public:
    /// `directory` is the repository; it must stay open as long as the object lives.
    explicit Packs(int directory) : m_directory(directory) {}

    /// Lets go of packs that have been replaced, so that the disk gets their space back. Returns whether there were any
    /// changes; nothing has changed before the first object is asked for.
    bool renew() { return !m_packs.empty() && look(); }
    /// nullopt: this does not know.
    std::optional<ObjectHeader> header(const git_oid& id);
    /// ErrorKind::not_found if it is in no pack, or damaged; refused if it is made from more than anybody has room for.
    Result<Object> read(const git_oid& id);

private:
    struct Delta {
        uint64_t offset = 0;
        PackEntry entry;
    };
    /// How to get an object: from the whole one at the end of its deltas.
    struct Chain {
        git_oid id{};
        std::shared_ptr<const PackFile> pack;
        std::vector<Delta> deltas;  ///< the object's own first
        uint64_t begin = 0;         ///< the offset of the whole one
        std::optional<Object> kept; ///< it, or
        PackEntry whole;
        Object first_delta;                 ///< of deltas, unpacked
        std::optional<ObjectHeader> header; ///< nullopt: its delta is larger than any that is read
    };

    const Chain* find(const git_oid& id);
    bool look();
    std::optional<Chain> follow(const git_oid& id, const std::shared_ptr<const PackFile>& pack, uint64_t offset);
    bool measure(Chain& chain);
    Result<Object> inflate(const PackEntry& entry);
    void keep(const Chain& chain, uint64_t offset, const Object& object);
    static std::string key_of(const PackFile& pack, uint64_t offset);

    int m_directory;
    sys::Stamp m_stamp; ///< of the directory that m_packs was read from
    std::vector<std::shared_ptr<const PackFile>> m_packs;
    std::optional<Chain> m_last; ///< who asks for a header, asks for the object next
    Lru<Object> m_kept{4u << 20};
    Inflater m_inflater;
};

} // namespace quire::git
