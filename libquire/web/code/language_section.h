// The section with the languages of a tree's files on the home page.
#pragma once

#include "git/repository.h"
#include "web/html/html.h"
#include "web/site/visit.h"

namespace quire::web {

struct LanguageSection {
    Html html;
    bool is_whole = false; ///< all files have been counted
};

/// If counting takes long, the page does not wait and has a link instead; see fill() in the script.
Result<LanguageSection> language_section(const Visit& visit, const git::Repository& repository, const git_oid& tree);

} // namespace quire::web
