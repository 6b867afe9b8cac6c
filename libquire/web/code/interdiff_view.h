// What changed between two versions of a commit, as markup: in a few words, and as a diff.
#pragma once

#include "history/interdiff.h"
#include "web/code/diff_view.h"

namespace quire::web {

/// By which the cache knows what the second version altered.
std::string alteration_key(const git_oid& from, const git_oid& to);
/// Takes it from the cache, or finds it out within the patience. nullopt: a version is gone, or time is up.
std::optional<Alteration> find_alteration(const Visit& visit, const git::Repository& repository, const git_oid& from,
                                          const git_oid& to, const Patience& patience);
/// "rebased, new message, 2 files +3 −1"
Html alteration_words(const Alteration& alteration);

/// The whole comparison: messages, then files. `here` is the page without the choices of how to see it.
Result<Html> render_interdiff(const Visit& visit, const git::Repository& repository, const git_oid& from,
                              const git_oid& to, const Url& here, bool& is_whole);

} // namespace quire::web
