// Small pieces of markup that several pages share.
#pragma once

#include "base/time.h"
#include "git/repository.h"
#include "web/html/html.h"
#include "web/site/visit.h"

namespace quire::web {

/// "2026-11-21", with the full instant for who asks; of git::no_date that there is none. Pages are cached: nothing says
/// "two hours ago".
Html date(Instant instant);
/// The same, to the minute.
Html date_and_time(Instant instant);
/// "4.2 MiB"
std::string shown_size(uint64_t bytes);
/// "1,000,000"
std::string grouped(uint64_t number);

/// Bytes from outside as they can be shown, also over several lines: controls and marks that turn the writing around
/// are spelled out ("\\x1b", "\\u202e"), what is not UTF-8 becomes U+FFFD.
std::string shown(std::string_view bytes);
/// One line of it, cut where no honest name would be as long.
std::string shown_name(std::string_view bytes);
/// A commit's subject: one line, cut.
std::string shown_subject(std::string_view subject);
/// A line of source, or a part of one: as shown(), with what is spelled out marked as not being what stands there.
Html source(std::string_view bytes);
/// For prose in any script: right-to-left marks stay, what else is a control is spelled out.
std::string shown_prose(std::string_view bytes);

/// Several lines as XML can hold them: visible() but for tabs and newlines.
std::string shown_lines(std::string_view bytes);
/// Branches that jj makes up to push a change ("push-kxyz…"): shown folded.
bool is_short_lived(std::string_view branch);

std::string short_id(const git_oid& id);
/// The list of commits of home and log, one line each.
Html commit_list(const store::RepoName& name, const std::vector<git::CommitInfo>& commits);
/// "repository / directory / file", each part a link but the last.
Html path_line(const store::RepoName& name, const git::Place& place);
/// The entries of a directory, each a link.
Html tree_list(const store::RepoName& name, const git::Repository& repository, const git::Place& place,
               const git::Listing& listing);
/// The place that an address names, or not_found with a helpful reason.
Result<git::Place> find_place(const Visit& visit, const git::Repository& repository);

} // namespace quire::web
