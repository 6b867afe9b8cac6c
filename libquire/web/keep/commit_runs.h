// CommitRuns: which runs each commit of a repository has and how they stand, for the marks beside commits.
//
// What is known is a value that never changes, KnownRuns; look() replaces it when something is new. That costs one read
// of the next number, one stat for each run that is not over, and the records of what is new. When a repository is
// looked at for the first time, only its newest runs are read; read_on() reads the older ones, after the page was sent.
// Runs are pruned without notice, so who links to one checks that it is there. Several threads may use it.
#pragma once

#include <memory>
#include <vector>

#include "base/cached.h"
#include "git/repository.h"
#include "store/run_record.h"
#include "sys/stamp.h"

namespace quire::web {

struct CommitRun {
    git_oid commit{};
    uint64_t number = 0;
    store::RunState state = store::RunState::queued;
};

/// The commits whose runs a page shows, and how these stood.
struct ShownRuns {
    std::vector<git_oid> commits;
    uint64_t version = 0; ///< of the KnownRuns from which the state is
    std::string state;
};

class KnownRuns {
public:
    /// The commit's runs, newest first.
    std::vector<CommitRun> of(const git_oid& commit) const;
    /// The state identifies how the runs of these commits stand.
    ShownRuns shown(std::vector<git_oid> commits) const;
    /// Differs from that of every other value.
    uint64_t version() const { return m_version; }
    /// There are older runs, which were not read yet or are too many.
    bool lacks_older() const { return m_oldest > 1; }
    /// read_on() has something to do.
    bool is_to_be_continued() const;

private:
    friend class CommitRuns;
    /// A run that is not over.
    struct Live {
        uint64_t number = 0;
        sys::Stamp record;
    };

    bool may_grow() const;
    bool is_of(int runs) const;
    bool has_changed(int runs, const Live& live) const;
    void read(int runs, const store::RepoName& name, uint64_t number, std::vector<CommitRun>& into);
    void read_newer(int runs, const store::RepoName& name, const std::vector<uint64_t>& numbers);
    void read_live_again(int runs, const store::RepoName& name);
    void read_older(int runs, const store::RepoName& name, const std::vector<uint64_t>& numbers);
    size_t size() const { return m_recent.size() + m_past->size(); }
    size_t bytes() const { return sizeof *this + size() * sizeof(CommitRun) + m_live.size() * sizeof(Live); }

    uint64_t m_version = 0;
    sys::Stamp m_directory, m_newest_record; ///< they tell whether these are the runs that were read
    std::string m_next;                      ///< content of the file with the next number
    uint64_t m_newest = 0, m_oldest = 0;     ///< numbers; all runs between them were read
    std::vector<Live> m_live;
    std::vector<CommitRun> m_recent; ///< by commit, like m_past; the live ones are among these
    std::shared_ptr<const std::vector<CommitRun>> m_past = std::make_shared<std::vector<CommitRun>>();
};

class CommitRuns {
public:
    /// With known_only, look() reads no record: an event thread may wait for nothing.
    enum class Reading { as_needed, known_only };
    /// `runs` is the repository's directory of runs. Null: it is not known without reading, or can't be read.
    std::shared_ptr<const KnownRuns> look(int runs, const store::RepoName& name, Reading reading);
    /// Reads a piece of what lacks. False: there is no more to do.
    bool read_on(int runs, const store::RepoName& name);

private:
    static constexpr size_t most_bytes = 8u << 20;
    Cached<KnownRuns> m_known{most_bytes, SIZE_MAX}; ///< by repository
};

} // namespace quire::web
