// Moving a repository with its runs and its cache: renaming, into the trash, and out of it again.
//
// A move that is under way is a file in the repository, quire/moving.fnl, which says from where to where and is
// locked by the mover. While it is there pushes are refused. The repository goes first, then runs and cache; a mover
// that died is found by its unlocked file: a repository still in its place was not moved, one that arrived has the
// rest brought after it. Both can be done any number of times.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "store/root.h"

namespace quire::forge {

/// ErrorKind::busy while a push or a run of it is under way, ErrorKind::exists if the new name is taken.
Result<void> rename_repository(const store::Root& root, const store::RepoName& from, const store::RepoName& to);

/// Moves it into the trash; its id there.
Result<std::string> remove_repository(const store::Root& root, const store::RepoName& name);

struct TrashItem {
    std::string id;
    store::RepoName name;
    Instant removed_at;
};

/// Oldest first.
Result<std::vector<TrashItem>> list_trash(const store::Root& root);
/// `which` is an id, or a name: then the one removed last.
Result<TrashItem> find_in_trash(const store::Root& root, const std::string& which);
Result<void> restore_repository(const store::Root& root, const TrashItem& item, const store::RepoName& name);
/// Deletes for good what was removed longer ago than `age` (nanoseconds). The ids of what went.
Result<std::vector<std::string>> empty_trash(const store::Root& root, int64_t age);

/// How long quire keeps what was removed.
constexpr int64_t trash_age = 30LL * 86400 * nanoseconds_per_second;

/// Moves whose mover died: "foo (on its way to work/bar)".
Result<std::vector<std::string>> find_interrupted_moves(const store::Root& root);
/// Undoes or completes them; says which.
Result<std::vector<std::string>> finish_interrupted_moves(const store::Root& root);

} // namespace quire::forge
