// What the objects of a generation hold already of one scope: of a repository with its runs, or of the rest of the
// root.
//
// Kept as lines of text in backup/generations/<g>/<scope>@<number>: what was true when object <number> was stored. One
// whose number is beyond the position was never stored, and is dropped.
#pragma once

#include <map>
#include <set>
#include <string>

#include "base/result.h"
#include "deliver/backup.h"

namespace quire::deliver {

struct BackupScope {
    struct Grown {
        uint64_t inode = 0;
        uint64_t size = 0;
    };
    uint64_t inode = 0;                       ///< of the repository: another means another one of its name
    std::string look;                         ///< stamps; while they are like this, nothing needs to be looked at
    std::map<std::string, std::string> files; ///< path below the root → stamp
    std::map<std::string, Grown> grown;       ///< append-only files, of which only the new end is stored
    std::map<std::string, std::string> refs;  ///< name → object id
    std::set<uint64_t> done;                  ///< runs that have ended and are stored
    std::map<uint64_t, std::string> open;     ///< runs that had not ended → stamp of their record
    bool gone = false;                        ///< there is no such repository any more

    std::string text() const;
    static Result<BackupScope> parse(std::string_view text, std::string_view name);
};

/// The scope of what is no repository's.
constexpr const char* root_scope = "root";

class BackupScopes {
public:
    /// Of a generation as its position says; for_writing drops what is beyond it.
    /// REQUIRES, for_writing: nobody else writes to the generation.
    enum class Use { for_reading, for_writing };
    static Result<BackupScopes> open(const store::Root& root, const BackupPosition& position, Use use);

    /// Those that are stored.
    std::vector<std::string> names() const;
    bool has(const std::string& scope) const { return m_numbers.contains(scope); }
    /// Empty where nothing is stored.
    Result<BackupScope> read(const std::string& scope) const;
    /// Durable when it returns; means nothing before the position says `number`.
    Result<void> write(const std::string& scope, uint64_t number, const BackupScope& content);
    /// The position is written: what was true before is no longer needed.
    void settle();

private:
    explicit BackupScopes(UniqueFd directory) : m_directory(std::move(directory)) {}
    UniqueFd m_directory;
    std::map<std::string, uint64_t> m_numbers;
    std::map<std::string, uint64_t> m_written; ///< since settle()
};

} // namespace quire::deliver
