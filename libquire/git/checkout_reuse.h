// Moves the files of an earlier checkout, those that nobody touched and that another one wants, to that one.
//
// What an earlier checkout looked like when it was fresh is known by the index that git wrote then, of which the caller
// kept a copy where no job could write. A file is moved if its status is what it was: no call of the system changes a
// file's content, mode, owner or attributes, or makes a link to it, without the inode's date being set to the present.
// A date that was set in the very tick of the clock in which the copy was made proves nothing, so such a file is left.
// Nothing else is moved: no file that git does not know, and no file's neighbour. A directory is moved as a whole if
// that is known of each file in it and of the directory itself, whose date tells that nothing came, went or was
// replaced. Symlinks are never followed.
//
// REQUIRES: nothing that worked in the earlier checkout is alive.
#pragma once

#include <deque>
#include <map>

#include "git/index_file.h"

namespace quire::git {

/// What was noted of a fresh checkout.
struct CheckoutNote {
    std::string index;                              ///< git's, as it was
    std::map<std::string, std::string> directories; ///< paths, and the text of their stamps
    Instant at = 0;                                 ///< by the file system's clock
};

/// The directories of the checkout, for the note. `index` is git's.
Result<std::map<std::string, std::string>> look_at_directories(int checkout, const std::vector<IndexEntry>& index);

/// The files that were moved.
struct MovedFiles {
    std::vector<IndexEntry> entries; ///< in the order of their paths, with their present fields
    std::deque<std::string> fields;  ///< what some of the entries point to; the others point into the note
};

/// Moves what nobody touched from one directory to the other. `entries` are those of the note's index, `wanted` says of
/// each whether the other checkout has the very same file.
Result<MovedFiles> move_untouched(int from, int to, const CheckoutNote& note, const std::vector<IndexEntry>& entries,
                                  const std::vector<bool>& wanted);

} // namespace quire::git
