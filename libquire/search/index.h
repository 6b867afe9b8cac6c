// Index: what can be searched quickly of one repository: some segments (segment.h) in a directory of their own.
//
// Everything is found by the id of a blob. So an index says nothing about what a reader may see: whoever asks must name
// blobs that they may see. It may be deleted at any time, as a whole or in parts; what is missing or damaged is read
// from git, which takes longer. `quire update-search` writes it (update.h); several threads may read it.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/cached.h"
#include "search/segment.h"
#include "store/root.h"

namespace quire::search {

/// The names of segments end like this; the other files of the directory are not read by those who search.
constexpr std::string_view segment_suffix = ".texts";

class Index {
public:
    using SegmentPtr = std::shared_ptr<const Segment>;

    struct Place {
        uint32_t segment = 0, doc = 0;
    };

    /// Opens the segments in a directory, those of `known` again by their names. Damaged ones are left out.
    static Result<std::shared_ptr<const Index>> open(int directory, const Index* known = nullptr);

    std::optional<Place> find(const BlobId& id) const;
    const std::vector<SegmentPtr>& segments() const { return m_segments; }
    const std::vector<std::string>& names() const { return m_names; } ///< of the segments
    uint64_t text_bytes() const;
    size_t memory() const;

private:
    std::vector<std::string> m_listed; ///< what stood in the directory, damaged segments too
    std::vector<std::string> m_names;
    std::vector<SegmentPtr> m_segments;
};

/// The indexes of the repositories that were searched lately, limited in bytes.
class IndexCache {
public:
    /// `root` must outlive it.
    explicit IndexCache(const store::Root& root) : m_root(root) {}
    /// The present one; null: there is none.
    std::shared_ptr<const Index> find(const store::RepoName& name);

private:
    static constexpr size_t most_bytes = 16u << 20;
    const store::Root& m_root;
    Cached<Index> m_known{most_bytes, SIZE_MAX}; ///< by repository; the last one serves to open the next
};

} // namespace quire::search
