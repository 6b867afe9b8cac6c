// What became of a commit that is no longer in the history: the push log knows which push replaced it, and a jj
// change-id leads to the present commit of the same change.
#pragma once

#include <string>

#include "web/html/html.h"
#include "web/site/visit.h"

namespace quire::web {

struct Successor {
    Html notice;          ///< a paragraph; empty if nothing is known
    bool is_whole = true; ///< false: time ran out before everything was searched
};

/// For the page of a commit that no ref contains any more.
Successor find_successor(const Visit& visit, const git::Repository& repository, const git::CommitInfo& commit);

/// The 404 page for an id that no commit here has, or no longer has.
http::Response rewritten_page(const Visit& visit, const git::Repository& repository, std::string_view id);

/// What the push log says of a former tip, as one sentence of text; empty if it says nothing.
std::string rewritten_text(const Visit& visit, std::string_view id);

} // namespace quire::web
