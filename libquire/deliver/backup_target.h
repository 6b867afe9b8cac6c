// Where a backup is stored. Four things are asked of a target: to store a file under a name, to give it back, to list
// names and sizes, and to drop one. It is not trusted with anything else, and need not be quick.
//
//   /mnt/backup             a directory, which must exist: a disk that is not mounted is an error, not an empty backup
//   user@host:backups/box   a directory of a host that ssh reaches without being asked anything
//   exec:PROGRAM WORDS…     a program that is run as  PROGRAM WORDS… put NAME  (the file on stdin, its size in
//                           QUIRE_BACKUP_SIZE), get NAME (the file on stdout), list (SIZE NAME a line), drop NAME
//
// Names are letters, digits and dashes. To store is all or nothing, and replaces; a program has to see to that itself.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "base/result.h"

namespace quire::deliver {

class BackupTarget {
public:
    virtual ~BackupTarget() = default;

    /// All of the open file. `earlier`: a name that must be there already, "" for none: else this is not the place
    /// where the others were stored.
    virtual Result<void> store(const std::string& name, int file, const std::string& earlier) = 0;
    /// Writes it to `out`. not_found if there is none.
    virtual Result<void> fetch(const std::string& name, int out) = 0;
    /// Sizes by name; other names than ours may be among them.
    virtual Result<std::map<std::string, uint64_t>> list() = 0;
    virtual Result<void> drop(const std::string& name) = 0;

    /// What an operator called it.
    const std::string& shown() const { return m_shown; }

protected:
    explicit BackupTarget(std::string shown) : m_shown(std::move(shown)) {}

private:
    std::string m_shown;
};

Result<std::unique_ptr<BackupTarget>> open_backup_target(const std::string& target);

} // namespace quire::deliver
