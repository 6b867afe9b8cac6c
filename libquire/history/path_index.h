// PathIndex: which commits changed each path, for the log of a path.
//
// To find that out from the trees costs a tenth of a millisecond a commit where directories are large. The index is a
// file beside a repository's runs that holds facts about commits. A commit never changes, so that an index which is
// behind is right all the same: what it does not know is read from the trees. `quire index-changes`, a task after each
// push, keeps it (path_indexing.h). It may be deleted at any time; a damaged file counts as missing. The reader maps
// the file; several threads may share one.
#pragma once

#include <array>
#include <optional>
#include <string_view>

#include "base/result.h"
#include "git/repository.h"
#include "sys/mapping.h"

namespace quire::history {

/// Stands for a path: the index needs no names.
using PathDigest = std::array<unsigned char, 16>;
PathDigest digest_of_path(std::string_view path);

/// How much of history the index knows: all of it, what was found in time, or as much as it may hold.
enum class Extent : char { whole = 'w', begun = 'b', full = 'f' };

class PathIndex {
public:
    /// `runs` is the repository's directory of runs. ErrorKind::not_found if there is no index, or it is damaged.
    static Result<PathIndex> open(int runs);

    /// What is known of one path. Must not outlive the index.
    class Path {
    public:
        /// Of the commit's parents, the number (from 1) of the first in which the path is as in the commit; 0 if it
        /// differs from all. Where there is no such thing as the path, that is a way to be, too. A commit without
        /// parents counts as having an empty one. nullopt: not known.
        std::optional<uint32_t> same_parent(const git_oid& commit) const;

    private:
        friend class PathIndex;
        Path(const PathIndex& index, std::string_view facts) : m_index(&index), m_facts(facts) {}
        const PathIndex* m_index;
        std::string_view m_facts;
    };
    /// A file, link, submodule or directory.
    Path path(std::string_view path) const;

    Extent extent() const { return m_extent; }
    uint32_t commits() const { return m_commits; }
    uint32_t paths() const { return m_paths; }
    std::optional<uint32_t> number_of(const git_oid& commit) const;
    /// Whether nothing is known of the commit's paths: there were too many, or trees were missing.
    bool is_skipped(uint32_t commit) const;
    PathDigest digest(uint32_t path) const;
    /// One fact after another: the commit's number, and, in the lowest bits, what same_parent() says.
    std::string_view facts(uint32_t path) const;

private:
    template <typename Index>
    friend Result<Index> open_index(int runs, const char* name);
    explicit PathIndex(sys::Mapping file) : m_file(std::move(file)) {}
    bool parse();

    sys::Mapping m_file;
    Extent m_extent = Extent::begun;
    uint32_t m_commits = 0, m_paths = 0;
    std::string_view m_fanout, m_ids, m_skipped, m_digests, m_ends, m_facts;
};

/// The first words of the file; another one is another format.
constexpr std::string_view path_index_mark = "quire-paths 1";

/// The numbers in the file, which are 32 bits wide.
constexpr size_t fact_bytes = 4;
constexpr uint32_t parent_bits = 3, most_parents = (1u << parent_bits) - 1;
uint32_t number_at(std::string_view bytes, size_t index);
void append_number(std::string& bytes, uint32_t number);

} // namespace quire::history
