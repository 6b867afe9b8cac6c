// LastRuns: the state of each repository's newest run that had something to do, for the list of repositories. If it is
// known already, it costs one stat.
//
// If the file with the next number has not changed, there is no newer run. A final state never changes. For threads.
#pragma once

#include "base/cached.h"
#include "store/run_record.h"

namespace quire::web {

class LastRuns {
public:
    struct Last {
        uint64_t number = 0;
        store::RunState state = store::RunState::queued;
    };
    /// `runs` is the repository's directory of runs. Null: nothing has run there, as far as can be read.
    std::shared_ptr<const Last> find(int runs, const store::RepoName& name);

private:
    static constexpr size_t most_bytes = 4u << 20;
    Cached<Last> m_known{most_bytes}; ///< by repository, made from the file with the next number
};

} // namespace quire::web
