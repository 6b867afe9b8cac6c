// Moves a repository with its runs and its cache: to another name, into the trash, and out of it again.
//
// A move in progress is marked by a file in the repository, quire/moving.fnl, which says from where to where and is
// locked by the mover. While it exists, pushes are refused. The repository moves first, then its runs and cache. If the
// mover died, the file is unlocked: if the repository is still in its old place, the move is undone; if it has arrived,
// the rest is brought after it. Undoing and completing can be repeated safely.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "store/root.h"

namespace quire::forge {

/// ErrorKind::busy while it has a push or a run in progress, ErrorKind::exists if the new name is taken.
Result<void> rename_repository(const store::Root& root, const store::RepoName& from, const store::RepoName& to);

/// Moves it into the trash and returns its id there.
Result<std::string> remove_repository(const store::Root& root, const store::RepoName& name);

struct TrashItem {
    std::string id;
    store::RepoName name;
    Instant removed_at;
};

/// The oldest first.
Result<std::vector<TrashItem>> list_trash(const store::Root& root);
/// `which` is an id, or a name; a name means the repository of that name that was removed last.
Result<TrashItem> find_in_trash(const store::Root& root, const std::string& which);
Result<void> restore_repository(const store::Root& root, const TrashItem& item, const store::RepoName& name);
/// Deletes what was removed longer than `age` (nanoseconds) ago, for good. Returns the ids.
Result<std::vector<std::string>> empty_trash(const store::Root& root, int64_t age);

/// How long removed repositories are kept.
constexpr int64_t trash_age = 30LL * 86400 * nanoseconds_per_second;

/// Moves whose mover has died, such as "foo (on its way to work/bar)".
Result<std::vector<std::string>> find_interrupted_moves(const store::Root& root);
/// Undoes or completes the interrupted moves, and says what it did with each.
Result<std::vector<std::string>> finish_interrupted_moves(const store::Root& root);

} // namespace quire::forge
