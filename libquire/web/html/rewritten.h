// What became of a commit that history has left behind: the push log knows which tip a push replaced, a change-id (of
// jj) which commit is the same change today.
#pragma once

#include <string>

#include "web/html/html.h"
#include "web/site/visit.h"

namespace quire::web {

struct Successor {
    Html notice;          ///< a paragraph; empty when nothing is known
    bool is_whole = true; ///< false: time was up before all was looked through
};

/// For the page of a commit that no ref holds any more.
Successor find_successor(const Visit& visit, const git::Repository& repository, const git::CommitInfo& commit);

/// The 404 for an id that no commit here has (any more).
http::Response rewritten_page(const Visit& visit, const git::Repository& repository, std::string_view id);

/// The same as one sentence; empty when nothing is known.
std::string rewritten_text(const Visit& visit, std::string_view id);

} // namespace quire::web
