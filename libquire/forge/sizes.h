// How much room repositories take, measured once and remembered in $ROOT/cache/.sizes.
//
// Counting objects means looking at every file; a list of a thousand repositories must not. A remembered size
// holds until the push log or the packs change. The file may be deleted at any time.
#pragma once

#include <map>
#include <string>

#include "base/result.h"
#include "store/root.h"

namespace quire::forge {

class Sizes {
public:
    /// An unreadable or broken file counts as none.
    static Sizes load(const store::Root& root);
    /// Bytes below objects/; measured when what is remembered does not hold any more.
    Result<uint64_t> of(int repository, const store::RepoName& name);
    /// Writes what changed; a failure costs only time and is dropped.
    void save(const store::Root& root) const;

private:
    struct Entry {
        std::string key; ///< what the size was measured for
        uint64_t bytes = 0;
    };
    std::map<std::string, Entry, std::less<>> m_entries;
    bool m_changed = false;
};

/// Looks at every object file.
Result<uint64_t> measure_size(int repository);

} // namespace quire::forge
