// The languages of a tree's files, as a part of the home page.
#pragma once

#include "git/repository.h"
#include "web/html/html.h"
#include "web/site/visit.h"

namespace quire::web {

struct LanguageSection {
    Html html;
    bool is_whole = false; ///< they have all been counted
};

/// The page does not wait for what takes long: it has a link then, see fill() in the script.
Result<LanguageSection> language_section(const Visit& visit, const git::Repository& repository, const git_oid& tree);

} // namespace quire::web
