// A commit's message with what it names as links: addresses, commits of the repository, and changes by their ids.
#pragma once

#include <string_view>
#include <utility>
#include <vector>

#include "git/repository.h"
#include "web/html/html.h"

namespace quire::web {

/// Where a message was only broken because its line was full, and how many bytes of newline and indent are there. A
/// window that is narrower than those lines puts a blank there.
std::vector<std::pair<size_t, size_t>> soft_breaks(std::string_view message);

/// `text` as it was pushed. Soft breaks are in a part of class "soft".
Html linked_message(const store::RepoName& name, const git::Repository& repository, std::string_view text);

} // namespace quire::web
