// A commit's message with what it names as links: addresses, commits of the repository, and changes by their ids.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "git/repository.h"
#include "web/html/html.h"

namespace quire::web {

/// Where a message was only broken because its line was full, and how many bytes of newline and indent are there. A
/// window that is narrower than those lines puts a blank there.
std::vector<std::pair<size_t, size_t>> soft_breaks(std::string_view message);

/// What of a message stands below a title that shows its subject: not the id of the change, which is among the facts,
/// and the whole subject where the title had to cut it.
std::string message_below(const git::CommitInfo& commit, std::string_view shown_title);

/// `text` as it was pushed. Soft breaks are in a part of class "soft".
Html linked_message(const store::RepoName& name, const git::Repository& repository, std::string_view text);

} // namespace quire::web
