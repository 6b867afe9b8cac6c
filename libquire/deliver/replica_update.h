// One object of a backup, applied to a data root that pages are served from meanwhile.
//
// read() takes all of the payload and puts nothing into place but objects of git, which no ref leads to yet. publish()
// then moves everything to where it belongs, in an order in which a reader never sees what never was:
//
//   - a repository that is new, or has another's name now, is built beside the root and moved in whole; so are runs;
//   - refs of a repository move together, by one rename of packed-refs, when objects and logs are there;
//   - the record of a run is replaced after its files;
//   - while a repository's settings change, it is private: what it showed may not be for those who may see it then.
//
// Whoever dies in between does it again: all of it may be done twice.
#pragma once

#include "deliver/root_builder.h"
#include "store/root.h"

namespace quire::deliver {

class ReplicaUpdate {
public:
    /// `spool`: an open directory, empty, on the root's file system; outlives it, as the root does.
    ReplicaUpdate(const store::Root& root, int spool);

    Result<void> read(int payload);
    Result<void> publish();

    /// Repositories that got objects; known after read().
    const std::set<std::string>& touched() const { return m_touched; }
    const std::vector<std::string>& complaints() const { return m_fresh.complaints(); }

private:
    struct Growth {
        std::string path;
        uint64_t offset;
        std::string content;
    };

    Result<void> take(store::ArchiveReader& reader, const store::ArchiveEntry& entry);
    void take_removal(const std::string& path);
    bool is_fresh(const std::string& path) const;
    Result<void> take_file(store::ArchiveReader& reader, const store::ArchiveEntry& entry, const std::string& path);
    Result<void> close_repositories();
    Result<void> grow();
    Result<void> move_refs();

    const store::Root& m_root;
    RootBuilder m_fresh; ///< builds in the spool
    RootBuilder m_live;  ///< adds objects to repositories that are there
    int m_spool;
    std::vector<std::string> m_new_repositories;
    std::set<std::string> m_fresh_paths; ///< directories that are built in the spool
    std::set<std::string> m_new_runs;
    std::vector<std::string> m_removals, m_gone_configs;
    std::vector<std::string> m_files, m_records, m_configs;
    std::vector<Growth> m_growths;
    std::map<std::string, std::string> m_moves; ///< lines, by the repository's path
    std::set<std::string> m_touched;
};

/// Puts a file or directory of the spool at this path of the root. What was there is in the spool afterwards.
Result<void> put_in_place(const store::Root& root, int spool, const std::string& path);
/// Takes what is at this path of the root into the spool. It is no error if nothing is there.
Result<void> put_away(const store::Root& root, int spool, const std::string& path);
/// The repository that the path belongs to, "runs/work/bar.git/3/…" → "work/bar.git"; "" for none.
std::string_view repository_in(std::string_view path);

} // namespace quire::deliver
