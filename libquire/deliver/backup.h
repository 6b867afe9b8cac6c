// The continuous backup: where it goes, what proves that it is ours, and how far it is.
//
// A backup is a row of objects at a target (backup_target.h), in generations: a generation begins with everything there
// is, in parts, and goes on with what changed. Each object names its number and the mark of the one before it, and is
// marked itself with a key that never leaves the box (backup_seal.h). docs/decisions/0018 says why.
//
//   backup/settings.fnl              where to, for whom it is encrypted, what is left out
//   backup/key                       0600; the operator keeps a copy elsewhere
//   backup/generations/3/            one of these is complete and grows; one may be in the making
//       position.json                the object that was stored last: written after the target has it
//       work%2Fbar.git@17            what object 17 and those before it hold of a repository (backup_scope.h)
//
// A kill at any point leaves a position that the target has; what was stored beyond it is stored again, over it.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "store/root.h"

namespace quire::deliver {

struct BackupSettings {
    std::string id; ///< 8 hex digits: tells backups at one target apart
    std::string target;
    std::vector<std::string> recipients; ///< of age or gpg; none: it is not encrypted
    bool without_runs = false;
    bool without_artifacts = false;
    int64_t keep_days = 30; ///< how far back it can be restored, at least
};

/// nullopt where there is no backup.
Result<std::optional<BackupSettings>> read_backup_settings(const store::Root& root);
Result<void> write_backup_settings(const store::Root& root, const BackupSettings& settings);

struct BackupKey {
    std::string id;
    std::string secret; ///< 32 bytes

    /// "quire-backup-<id>-<64 hex digits>": what the operator keeps.
    std::string text() const;
    static Result<BackupKey> parse(std::string_view text);
    static Result<BackupKey> make();
};

Result<BackupKey> read_backup_key(int directory, const std::string& path);

/// How far a generation is.
struct BackupPosition {
    uint64_t generation = 0;
    bool complete = false;   ///< it holds everything, so it can be restored
    bool closing = false;    ///< the delta that completes it may be stored already: nothing goes into another one
    uint64_t number = 0;     ///< of the object that was stored last; 0: none yet
    std::string mark;        ///< of that one
    Instant at = 0;          ///< what it holds is from then
    Instant complete_at = 0; ///< when it became complete
    Instant swept_at = 0;    ///< when everything was looked at, not just what says that it changed
    uint64_t base_bytes = 0; ///< when it became complete
    uint64_t bytes = 0;      ///< since then
    uint64_t base_number = 0;
};

/// Oldest first.
Result<std::vector<BackupPosition>> read_backup_positions(const store::Root& root);
/// The one that grows; nullopt: there is none yet.
std::optional<BackupPosition> current_position(const std::vector<BackupPosition>& positions);
/// The one in the making.
std::optional<BackupPosition> unfinished_position(const std::vector<BackupPosition>& positions);
/// Durable when it returns.
Result<void> write_backup_position(const store::Root& root, const BackupPosition& position);
Result<void> forget_generation(const store::Root& root, uint64_t generation);
/// Opens the directory of a generation, made if it is missing.
Result<UniqueFd> open_generation(const store::Root& root, uint64_t generation);

} // namespace quire::deliver
