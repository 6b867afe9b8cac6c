// A commit's message with what it names as links: addresses, commits of the repository, and changes by their ids.
#pragma once

#include "git/repository.h"
#include "web/html/html.h"

namespace quire::web {

/// Whether it can only be jj's name of a change: those have the last letters of the alphabet, so that they are no
/// commit's.
bool is_change_id(std::string_view word);

/// `text` as it was pushed.
Html linked_message(const store::RepoName& name, const git::Repository& repository, std::string_view text);

} // namespace quire::web
