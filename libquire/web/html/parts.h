// Small pieces of markup that several pages share.
#pragma once

#include "base/time.h"
#include "git/repository.h"
#include "web/html/html.h"
#include "web/site/visit.h"

namespace quire::web {

/// "2026-11-21" with the full instant as a tooltip; for git::no_date it says that there is no date. Pages are cached,
/// so nothing says "two hours ago".
Html date(Instant instant);
/// "14:32"
Html time_of_day(Instant instant);
/// Date and time, to the minute.
Html date_and_time(Instant instant);
/// "4.2 MiB"
std::string shown_size(uint64_t bytes);
/// "1,000,000"
std::string grouped(uint64_t number);

/// Makes bytes from outside printable, in one or more lines: controls and bidi controls are spelled out ("\\x1b",
/// "\\u202e"), and bytes that are not UTF-8 become U+FFFD.
std::string shown(std::string_view bytes);
/// A name in one line, printable; cut if it is longer than any honest name.
std::string shown_name(std::string_view bytes);
/// A commit's subject in one line; cut if it is long.
std::string shown_subject(std::string_view subject);
/// A line of source or a part of it, like shown(), but spelled-out characters are marked as not being the text itself.
Html source(std::string_view bytes);
/// For prose in any script: like shown(), but the marks for right-to-left text stay.
std::string shown_prose(std::string_view bytes);

/// Several lines for XML: visible(), but tabs and newlines stay.
std::string shown_lines(std::string_view bytes);
/// Whether jj made the branch just to push a change ("push-kxyz…"). Such branches are shown folded.
bool is_short_lived(std::string_view branch);

std::string short_id(const git_oid& id);
/// The mark that is shown beside the word for a run's state: "✓", "✗", "…".
std::string_view state_mark(std::string_view state);
/// How the commit's newest run stands, as a link to it; empty if there is none or the reader may not see it.
Html run_mark(const Visit& visit, const git_oid& commit);
/// What a ref of an address is called in words: of a full id its beginning.
std::string shown_ref(std::string_view ref);
std::string shown_ref(const git::Place& place);
/// A plain list of commits (commit_list.h).
Html commit_list(const store::RepoName& name, const std::vector<git::CommitInfo>& commits);
/// "repository / directory / file"; each part but the last is a link.
Html path_line(const store::RepoName& name, const git::Place& place);
/// The entries of a directory, each as a link.
Html tree_list(const store::RepoName& name, const git::Repository& repository, const git::Place& place,
               const git::Listing& listing);
/// The place that a URL names, or ErrorKind::not_found with a helpful reason.
Result<git::Place> find_place(const Visit& visit, const git::Repository& repository);

} // namespace quire::web
