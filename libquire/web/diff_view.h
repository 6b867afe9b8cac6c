// A diff as markup: one section a file, words that changed within a line marked.
#pragma once

#include "git/diff.h"
#include "web/html.h"
#include "web/visit.h"

namespace quire::web {

/// The files' names with their counts, then every file's hunks. `new_ref` is where the files can be read.
Html render_diff(const store::RepoName& name, std::string_view new_ref, const git::Diff& diff);

} // namespace quire::web
