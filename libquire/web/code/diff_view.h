// A diff as markup: one section a file, words that changed within a line marked; in one column or two.
#pragma once

#include "git/diff.h"
#include "web/budget/costly.h"
#include "web/html/head.h"
#include "web/html/html.h"
#include "web/site/visit.h"

namespace quire::web {

/// How a reader wants to see it: "?view=split", "?space=ignore", "?moved=fold", and lines that did not change:
/// "?open=2.0-2.1" shows those in front of the first two hunks of the third file. "?only=PATH" shows one file alone, as
/// what a page of many files has no room for.
struct DiffChoice {
    bool is_split = false;
    bool ignores_whitespace = false;
    bool folds_moved = false; ///< "?moved=fold": of lines that were moved only the first
    std::vector<std::pair<uint64_t, uint64_t>> open = {};
    std::string only = {};

    bool has_open(size_t file, size_t gap) const;
    /// The page, seen that way.
    Url chosen(Url page) const;

    static DiffChoice of(const http::Request& request);
    git::DiffOptions options() const { return {.ignore_whitespace = ignores_whitespace, .only_file = only}; }
};

/// The diff within what a page may take: at first a glance, and where that does not suffice, with a place among the
/// costly ones. `cost` high: the request has such a place already.
Result<git::Diff> find_diff(const Visit& visit, const git::Repository& repository,
                            const std::optional<git_oid>& old_tree, const git_oid& new_tree, const DiffChoice& choice,
                            Cost cost = Cost::low);

/// Where the two versions are, and the page itself, without a query.
struct DiffPlace {
    const Visit& visit;
    const git::Repository& repository;
    std::optional<git_oid> before; ///< commits
    git_oid after;
    Url here;
};

/// The totals beside the ways to see it and `more` tools, the files' names with their counts, then every file's hunks.
/// `whole` is where all of it is, also what is left out here.
Html render_diff(const DiffPlace& place, const git::Diff& diff, const DiffChoice& choice, const Tools& more = {},
                 const std::optional<Url>& whole = {});

/// How many lines were added and removed; nothing is said of none.
Html counts(size_t added, size_t removed);

/// Hunks alone, as a table.
Html render_hunks(std::string_view path, const std::vector<git::DiffHunk>& hunks, const DiffChoice& choice);

/// Whether a file is written by a program, so that its changes are folded: lock files, minified code and the like.
bool is_generated(std::string_view path);

} // namespace quire::web
