// The id of a change, which stays while its commits are amended and rebased. jj writes it into a header of the commit
// (letters from k to z), Gerrit into a trailer of the message ("Change-Id: I…"). Where a commit has both, the trailer
// wins, as Gerrit has it.
#pragma once

#include <string_view>

namespace quire::git {

/// Whether jj or Gerrit would write such an id: 12 to 32 letters from k to z, or I and 40 hex digits.
bool is_change_id(std::string_view text);
/// Whether an id of a change may begin with it.
bool is_change_id_prefix(std::string_view text);
/// The value of the last trailer "Change-Id" of a commit's message that is an id; empty if there is none.
std::string_view trailer_change_id(std::string_view message);

} // namespace quire::git
