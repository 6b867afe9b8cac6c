// Small pieces of markup that several pages share.
#pragma once

#include "base/time.h"
#include "git/repository.h"
#include "web/html/html.h"
#include "web/site/visit.h"

namespace quire::web {

/// "2026-11-21", with the full instant for who asks. Pages are cached: nothing says "two hours ago".
Html date(Instant instant);
/// The same, to the minute.
Html date_and_time(Instant instant);
/// "4.2 MiB"
std::string shown_size(uint64_t bytes);
/// "1,000,000"
std::string grouped(uint64_t number);

/// Bytes of a repository as they can be shown: what is not UTF-8 becomes U+FFFD.
std::string shown(std::string_view bytes);
/// The same on one line, without marks that turn the writing around: for names.
std::string shown_name(std::string_view bytes);

/// Several lines as XML can hold them: visible() but for tabs and newlines.
std::string shown_lines(std::string_view bytes);
/// At most `size` bytes of it, whole characters, with "…" where something was cut.
std::string cut(std::string text, size_t size);

/// Branches that jj makes up to push a change ("push-kxyz…"): shown folded.
bool is_short_lived(std::string_view branch);

std::string short_id(const git_oid& id);
/// The list of commits of home and log, one line each.
Html commit_list(const store::RepoName& name, const std::vector<git::CommitInfo>& commits);
/// "repository / directory / file", each part a link but the last.
Html path_line(const store::RepoName& name, const git::Place& place);
/// The entries of a directory, each a link.
Html tree_list(const store::RepoName& name, const git::Repository& repository, const git::Place& place,
               const std::vector<git::Entry>& entries);
/// The place that an address names, or not_found with a helpful reason.
Result<git::Place> find_place(const Visit& visit, const git::Repository& repository);

} // namespace quire::web
