// CommitInfo: a commit as pages show it, read from the object itself.
//
// Anybody can push a commit that no git would have made: a date past all calendars, a name without an address, a
// message of many megabytes. Such a commit is read as far as it goes: what can't be true is left out, what is too long
// is cut and says so.
#pragma once

#include <limits>
#include <string>
#include <vector>

#include "base/time.h"
#include "git/objects.h"

namespace quire::git {

/// In place of an instant that can't be read, or can't be told in nanoseconds.
constexpr Instant no_date = std::numeric_limits<Instant>::min();
/// Of a message; what follows is not kept.
constexpr size_t max_message = 64u << 10;

struct Person {
    std::string name, email;
    Instant when = no_date;
};

struct CommitInfo {
    git_oid id{}, tree{};
    std::vector<git_oid> parents;
    Person author, committer;
    std::string message;     ///< as UTF-8 or what the author took for it, at most max_message bytes of it
    size_t message_rest = 0; ///< bytes that were cut off
    std::string change_id;   ///< jj's; empty: none

    std::string_view subject() const;
    std::string_view body() const; ///< what follows the subject
};

Result<CommitInfo> read_commit(const Objects& objects, const git_oid& id);
/// The content of a commit object.
CommitInfo parse_commit_info(const git_oid& id, std::string_view content);
/// "NAME <ADDRESS> SECONDS ZONE"
Person parse_person(std::string_view line);
/// Seconds since 1970, as a commit has them.
Instant instant_of_seconds(int64_t seconds);

} // namespace quire::git
