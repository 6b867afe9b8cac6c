// What the search of one repository and that of all share. Private to pages/.
#pragma once

#include "web/code/search_results.h"

namespace quire::web {

void add_search_form(Html& body, const Url& here, const SearchForm& form, bool has_scopes);
/// ErrorKind::invalid has a sentence for the reader.
Result<search::Query> parse_search(const SearchForm& form);

} // namespace quire::web
