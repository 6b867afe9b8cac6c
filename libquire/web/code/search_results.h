// What a search found, as markup; and what it did not get to.
#pragma once

#include "web/code/search.h"
#include "web/html/html.h"

namespace quire::web {

/// Looks where `scope` says: "names", "content", "messages", "changes" or "lines"; "": the first three. Whether there
/// was time to look through all of it.
Result<bool> add_results(Html& html, const store::RepoName& name, const git::Place& place, const Search& search,
                         std::string_view scope);

} // namespace quire::web
