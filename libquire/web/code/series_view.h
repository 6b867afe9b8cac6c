// A series of commits and the one that took its place: every commit of the old series (from where the two part up to
// its tip) beside the one that took its place, with what that altered.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "base/patience.h"
#include "git/repository.h"
#include "web/html/html.h"
#include "web/site/visit.h"

namespace quire::web {

/// A commit of the new series and the one of the old series whose place it took. One of them may be missing.
struct SeriesPair {
    std::optional<git::CommitInfo> before, after;
};

class Series {
public:
    static Result<Series> find(const git::Repository& repository, const git_oid& from, const git_oid& to,
                               const Patience& patience);

    /// Whether everything that render() compares is known already.
    bool has_all(const Visit& visit) const;
    Html beginning() const;
    /// Gives away row by row what follows the beginning. False: there was no time to compare all.
    bool render(const Visit& visit, const git::Repository& repository, const Patience& patience,
                const std::function<void(const Html&)>& take) const;

private:
    std::vector<SeriesPair> m_pairs;
    size_t m_below = 0; ///< commits of the new series that came with its base
    bool m_is_too_long = false;
};

} // namespace quire::web
