// A commit's message with what it names as links: addresses, commits of the repository, and changes by their ids.
#pragma once

#include "git/repository.h"
#include "web/html/html.h"

namespace quire::web {

/// `text` as it was pushed.
Html linked_message(const store::RepoName& name, const git::Repository& repository, std::string_view text);

} // namespace quire::web
