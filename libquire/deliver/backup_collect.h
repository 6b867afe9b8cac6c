// What changed since an object of a backup was stored, and what the scopes hold once that is stored too.
//
// It reads while pushes and runs go on, and asks nobody to stop. Of a repository the push log is read first, then the
// refs, then the reflogs, and the objects that all of them name come last: whatever is in a log has its objects beside
// it, and what comes in between is the next object's. A push that git is at is there whole or not at all.
#pragma once

#include "deliver/backup_payload.h"
#include "deliver/backup_scope.h"

namespace quire::deliver {

enum class Thorough {
    no, ///< pass over what has the stamps that it had
    yes,
};

struct Collection {
    const store::Root& root;
    const BackupSettings& settings;
    Thorough thorough = Thorough::no;
    uint64_t enough = 0; ///< bytes after which the rest is left for another object
};

struct Collected {
    bool changed = false;
    bool more = false; ///< there is more than enough
};

/// `scope`: what is stored of it; becomes what is stored with this too. Of what is no repository's.
Result<Collected> collect_root(const Collection& collection, BackupScope& scope, BackupPayload& payload);

/// One that is being moved is left for later.
Result<Collected> collect_repository(const Collection& collection, const store::RepoName& name, BackupScope& scope,
                                     BackupPayload& payload);

/// A repository that is gone, and its runs.
Result<Collected> collect_gone(const std::string& scope_name, BackupScope& scope, BackupPayload& payload);

/// Private to the collecting files: stores what changed of the files that are there, and that others are gone.
class FileChanges {
public:
    FileChanges(const store::Root& root, BackupScope& scope, BackupPayload& payload)
        : m_root(root), m_scope(scope), m_payload(payload)
    {}
    /// Of this path, a file or symlink that is to be stored.
    Result<void> see(const std::string& path);
    /// All have been seen.
    Result<bool> finish();

private:
    const store::Root& m_root;
    BackupScope& m_scope;
    BackupPayload& m_payload;
    std::map<std::string, std::string> m_seen;
    bool m_changed = false;
};

} // namespace quire::deliver
