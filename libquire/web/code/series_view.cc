#include "web/code/series_view.h"

#include <algorithm>

#include "git/reachability.h"
#include "web/code/interdiff_view.h"
#include "web/html/parts.h"

namespace quire::web {

constexpr size_t max_series = 200, max_below = 3000;
constexpr size_t max_steps = 5'000'000;

namespace {

/// By change-id, else by subject: the newest of the new series first, then what was dropped. What lies below the oldest
/// pair came with the new base and is left out; `below` counts it.
std::vector<SeriesPair> pair_series(const std::vector<git::CommitInfo>& gone, const std::vector<git::CommitInfo>& come,
                                    size_t& below)
{
    std::vector<bool> is_taken(gone.size());
    auto partner = [&](const git::CommitInfo& commit) -> std::optional<git::CommitInfo> {
        for (bool by_id : {true, false})
            for (size_t i = 0; i < gone.size(); ++i) {
                bool fits = by_id ? !commit.change_id.empty() && gone[i].change_id == commit.change_id
                                  : gone[i].subject() == commit.subject() &&
                                        (gone[i].change_id.empty() || commit.change_id.empty());
                if (fits && !is_taken[i]) {
                    is_taken[i] = true;
                    return gone[i];
                }
            }
        return std::nullopt;
    };
    std::vector<SeriesPair> pairs;
    for (const git::CommitInfo& commit : come)
        pairs.push_back({partner(commit), commit});
    size_t end = pairs.size();
    while (end > 0 && !pairs[end - 1].before)
        --end;
    below = end == 0 ? 0 : pairs.size() - end;
    pairs.resize(pairs.size() - below);
    for (size_t i = 0; i < gone.size(); ++i)
        if (!is_taken[i])
            pairs.push_back({gone[i], std::nullopt});
    return pairs;
}

bool is_compared(const SeriesPair& pair)
{
    return pair.before && pair.after && !git::is_same(pair.before->id, pair.after->id);
}

/// False: there was no time to compare them.
bool add_pair(Html& html, const Visit& visit, const git::Repository& repository, const SeriesPair& pair,
              const Patience& patience)
{
    const git::CommitInfo& commit = pair.after ? *pair.after : *pair.before;
    std::string subject = shown_subject(commit.subject());
    html.add("<li><span class=\"label fate\">{}</span> <a class=\"subject\" href=\"{}\">{}</a> ",
             !pair.before                                    ? "new"
             : !pair.after                                   ? "dropped"
             : git::is_same(pair.before->id, pair.after->id) ? "same"
                                                             : "rewritten",
             Url::view(visit.name(), "commit", git::to_string(commit.id)), subject.empty() ? "(no message)" : subject);
    bool is_found = true;
    Html ids;
    if (is_compared(pair)) {
        auto altered = find_alteration(visit, repository, pair.before->id, pair.after->id, patience);
        is_found = altered || !patience.is_over();
        Url compare = Url::view(visit.name(), "interdiff",
                                git::to_string(pair.before->id) + ".." + git::to_string(pair.after->id));
        html.add("<a class=\"altered\" href=\"{}\">{}</a> ", compare,
                 altered ? alteration_words(*altered) : Html().add("compare"));
        ids.add("<code>{}</code> → ", short_id(pair.before->id));
    }
    html.add("<span class=\"ids\">{}<code>{}</code></span></li>\n", ids, short_id(commit.id));
    return is_found;
}

} // namespace

Result<Series> Series::find(const git::Repository& repository, const git_oid& from, const git_oid& to,
                            const Patience& patience)
{
    auto gone = TRY(git::find_parting(repository, to, from, max_series + 1, max_steps, patience));
    auto come = TRY(git::find_parting(repository, from, to, max_below, max_steps, patience));
    Series series;
    series.m_pairs = pair_series(gone.commits, come.commits, series.m_below);
    series.m_is_too_long = gone.commits.size() > max_series || series.m_pairs.size() > 2 * max_series;
    return series;
}

bool Series::has_all(const Visit& visit) const
{
    return std::all_of(m_pairs.begin(), m_pairs.end(), [&](const SeriesPair& pair) {
        return !is_compared(pair) ||
               visit.site.caches().alterations.find(alteration_key(pair.before->id, pair.after->id));
    });
}

Html Series::beginning() const
{
    Html html;
    if (m_is_too_long)
        return html.add("<p class=\"empty\">More than {} commits on one side: too many to compare each.</p>\n",
                        grouped(max_series));
    if (m_pairs.empty())
        return html.add("<p class=\"empty\">They are the same.</p>\n");
    if (m_below > 0)
        html.add("<p class=\"facts\">{} {} below them came with the new base</p>\n", grouped(m_below),
                 m_below == 1 ? "commit" : "commits");
    return html.add("<ol class=\"versions\">\n");
}

bool Series::render(const Visit& visit, const git::Repository& repository, const Patience& patience,
                    const std::function<void(const Html&)>& take) const
{
    if (m_is_too_long || m_pairs.empty())
        return true;
    bool is_whole = true;
    for (const SeriesPair& pair : m_pairs) {
        Html row;
        is_whole &= add_pair(row, visit, repository, pair, patience);
        take(row);
    }
    take(Html().add("</ol>\n"));
    if (!is_whole)
        take(Html().add("<p class=\"notice\">Time ran out before all were compared.</p>\n"));
    return is_whole;
}

} // namespace quire::web
