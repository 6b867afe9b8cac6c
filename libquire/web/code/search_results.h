// The results of a search as markup, with a note about what was not searched.
#pragma once

#include "web/code/search.h"
#include "web/html/html.h"

namespace quire::web {

/// Searches where `scope` says: "names", "content", "messages", "changes" or "lines"; "" means the first three. Returns
/// whether there was time to search everything.
Result<bool> add_results(Html& html, const store::RepoName& name, const git::Place& place, const Search& search,
                         std::string_view scope);

} // namespace quire::web
