// EntryFinder: what is at a path of one commit, for pages of files: by the index of entries if it is of that commit and
// knows the directory, else by the trees.
#pragma once

#include "history/entry_index.h"
#include "web/site/visit.h"

namespace quire::web {

class EntryFinder {
public:
    /// All must outlive it. Nothing is opened before something is looked for.
    EntryFinder(const Visit& visit, const git::Repository& repository, const git_oid& commit)
        : m_visit(visit), m_repository(repository), m_commit(commit)
    {}
    /// nullopt: there is no such entry.
    std::optional<git::Entry> find(const std::string& path);

private:
    void open_index();

    const Visit& m_visit;
    const git::Repository& m_repository;
    git_oid m_commit;
    bool m_has_begun = false;
    std::optional<history::EntryIndex> m_index; ///< of m_commit
};

} // namespace quire::web
