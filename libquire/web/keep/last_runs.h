// LastRuns: the state of each repository's newest run that had something to do, for the list of repositories. If it is
// known already, it costs one stat.
//
// If the file with the next number has not changed, there is no newer run. A final state never changes. For threads.
#pragma once

#include <map>
#include <mutex>

#include "store/run_record.h"
#include "sys/stamp.h"

namespace quire::web {

class LastRuns {
public:
    struct Last {
        uint64_t number = 0;
        store::RunState state = store::RunState::queued;
    };
    /// `runs` is the repository's directory of runs. nullopt: nothing has run there, as far as can be read.
    std::optional<Last> find(int runs, const store::RepoName& name);

private:
    struct Known {
        sys::Stamp next; ///< of the file with the next number
        std::optional<Last> last;
    };
    std::mutex m_mutex;
    std::map<store::RepoName, Known> m_known;
};

} // namespace quire::web
