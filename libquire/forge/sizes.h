// The sizes of repositories, measured once and remembered in $ROOT/cache/.sizes.
//
// Measuring means looking at every object file, which is too slow for a list of a thousand repositories. A remembered
// size holds until the push log or the packs change. The file may be deleted at any time.
#pragma once

#include <map>
#include <string>

#include "base/result.h"
#include "store/root.h"

namespace quire::forge {

class Sizes {
public:
    /// An unreadable or broken file counts as empty.
    static Sizes load(const store::Root& root);
    /// The bytes below objects/. Measured again when the remembered size no longer holds.
    Result<uint64_t> of(int repository, const store::RepoName& name);
    /// Writes what changed. A failure only costs time later, so it is ignored.
    void save(const store::Root& root) const;

private:
    struct Entry {
        std::string key; ///< the state of the repository for which the size was measured
        uint64_t bytes = 0;
    };
    std::map<std::string, Entry, std::less<>> m_entries;
    bool m_changed = false;
};

/// Looks at every object file.
Result<uint64_t> measure_size(int repository);

} // namespace quire::forge
