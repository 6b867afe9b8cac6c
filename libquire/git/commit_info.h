// CommitInfo: a commit as pages show it, read from the object itself.
//
// Anybody can push a commit that git itself would not make: a date beyond all calendars, a name without an address, a
// message of many megabytes. As much as possible is read from it. Impossible values are left out, and texts that are
// too long are cut and marked as such.
#pragma once

#include <limits>
#include <string>
#include <vector>

#include "base/time.h"
#include "git/objects.h"

namespace quire::git {

/// Stands for a date that can't be read or does not fit in nanoseconds.
constexpr Instant no_date = std::numeric_limits<Instant>::min();
/// The most bytes of a message that are kept.
constexpr size_t max_message = 64u << 10;

struct Person {
    std::string name, email;
    Instant when = no_date;
};

struct CommitInfo {
    git_oid id{}, tree{};
    std::vector<git_oid> parents;
    Person author, committer;
    std::string message;           ///< in UTF-8, or in whatever encoding the author used; at most max_message bytes
    size_t message_rest = 0;       ///< how many bytes were cut off
    std::string change_id;         ///< see change_id.h; empty if there is none
    std::vector<git_oid> conflict; ///< jj's: the trees that make it, in turn added and removed; empty: there is none

    std::string_view subject() const;
    std::string_view body() const; ///< the part after the subject
};

Result<CommitInfo> read_commit(const Objects& objects, const git_oid& id);
/// Parses the content of a commit object.
CommitInfo parse_commit_info(const git_oid& id, std::string_view content);
/// Parses "NAME <ADDRESS> SECONDS ZONE".
Person parse_person(std::string_view line);
/// The instant of a time in seconds since 1970, as commits give it.
Instant instant_of_seconds(int64_t seconds);

} // namespace quire::git
