// The results of a search as markup, with a note about what was not searched.
#pragma once

#include "web/code/search.h"
#include "web/code/search_lines.h"
#include "web/html/html.h"

namespace quire::web {

/// What the address of a search asks for.
struct SearchForm {
    std::string words;
    std::string scope; ///< "names", "content", "messages", "changes" or "lines"; "": the first three
    search::Syntax syntax = search::Syntax::words;
    search::Case letter_case = search::Case::ignored;
    uint64_t from = 0; ///< how many files with lines come before those of the page

    static SearchForm of(const http::Request& request);
    /// Adds what it asks for to an address, with another scope.
    Url address(Url base, std::string_view scope) const;
};

/// Searches where the form says. Returns whether the page may be kept: everything was searched, with an index.
Result<bool> add_results(Html& html, Site& site, const git::Place& place, const Search& search, const SearchForm& form);

/// A file's lines below its path. `all` leads to all matches in the file.
void add_file_hits(Html& html, const store::RepoName& name, const std::string& ref, const FileHits& file,
                   const Url& all);

} // namespace quire::web
