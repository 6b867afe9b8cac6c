#include "web/code/interdiff_view.h"

#include <algorithm>
#include <map>

#include "git/reachability.h"
#include "web/html/parts.h"

namespace quire::web {

constexpr size_t max_series = 200, max_below = 3000;
constexpr size_t max_steps = 5'000'000;

static Alteration alteration_of(const history::Interdiff& interdiff)
{
    const git::Diff& diff = interdiff.diff;
    return {diff.files.size(),         diff.added,          diff.removed, interdiff.is_rebased,
            interdiff.has_new_message, interdiff.is_partial};
}

std::optional<Alteration> find_alteration(const Visit& visit, const git::Repository& repository, const git_oid& from,
                                          const git_oid& to, const Patience& patience)
{
    std::string key = git::to_string(from) + git::to_string(to);
    if (auto known = visit.site.caches().alterations.find(key))
        return *known;
    git::DiffOptions options;
    options.names.patience = patience;
    auto found = patience.is_over() ? fail(ErrorKind::busy, "time is up")
                                    : history::find_interdiff(repository, from, to, options);
    if (!found || patience.is_over())
        return std::nullopt;
    return *visit.site.caches().alterations.keep(key, {alteration_of(*found), sizeof(Alteration)});
}

Html alteration_words(const Alteration& alteration)
{
    Html html;
    bool is_first = true;
    auto between = [&] { return std::exchange(is_first, false) ? "" : ", "; };
    if (alteration.is_rebased)
        html.add("{}rebased", between());
    if (alteration.has_new_message)
        html.add("{}another message", between());
    if (alteration.files > 0)
        html.add("{}{} {} <span class=\"plus\">+{}</span> <span class=\"minus\">−{}</span>", between(),
                 grouped(alteration.files), alteration.files == 1 ? "file" : "files", alteration.added,
                 alteration.removed);
    if (is_first)
        html.add("nothing but its id");
    return html;
}

/// The two messages, as a diff.
static Html message_diff(const git::Repository& repository, const git_oid& from, const git_oid& to,
                         const DiffChoice& choice)
{
    auto one = repository.commit(from), other = repository.commit(to);
    if (!one || !other)
        return {};
    git::TreeSide side{.mode = GIT_FILEMODE_BLOB};
    git::Diff diff = git::diff_files(
        repository, {{git::DiffSide{"message", side, one->message}, git::DiffSide{"message", side, other->message}}});
    Html html;
    if (!diff.files.empty() && !diff.files[0].hunks.empty())
        html.add("<h2>message</h2>\n{}", render_hunks("message", diff.files[0].hunks, choice));
    return html;
}

Result<Html> render_interdiff(const Visit& visit, const git::Repository& repository, const git_oid& from,
                              const git_oid& to, const Url& here, bool& is_whole)
{
    DiffChoice choice = DiffChoice::of(visit.request);
    git::DiffOptions options = choice.options();
    options.names.patience = costly_patience(visit.request);
    history::Interdiff found = TRY(history::find_interdiff(repository, from, to, options));
    is_whole = !found.is_partial && !found.diff.is_late;
    Html html;
    html.add("<p class=\"facts\">{}</p>\n", alteration_words(alteration_of(found)));
    if (found.unmerged > 0)
        html.add("<p class=\"notice\">{} {} changed in between, too, where the old version changed {}. There the old "
                 "version’s own lines stand on the left.</p>\n",
                 grouped(found.unmerged), found.unmerged == 1 ? "file was" : "files were",
                 found.unmerged == 1 ? "it" : "them");
    if (found.is_partial)
        html.add("<p class=\"notice\">There was no time, or there are too many files, to compare all.</p>\n");
    if (found.has_new_message)
        html.append(message_diff(repository, from, to, choice));
    if (found.diff.files.empty() && !found.is_partial)
        return html.add("<p class=\"empty\">Both do the same to their files.</p>\n");
    return html.append(render_diff({visit, repository, from, to, here}, found.diff, choice));
}

namespace {

/// A commit of the new series and the one of the old series whose place it took.
struct SeriesPair {
    const git::CommitInfo *before = nullptr, *after = nullptr;
};

/// By change-id, else by subject: the newest of the new series first, then what was dropped. What lies below the oldest
/// pair came with the new base and is left out; `below` counts it.
std::vector<SeriesPair> pair_series(const std::vector<git::CommitInfo>& gone, const std::vector<git::CommitInfo>& come,
                                    size_t& below)
{
    std::vector<bool> is_taken(gone.size());
    auto partner = [&](const git::CommitInfo& commit) -> const git::CommitInfo* {
        for (bool by_id : {true, false})
            for (size_t i = 0; i < gone.size(); ++i) {
                bool fits = by_id ? !commit.change_id.empty() && gone[i].change_id == commit.change_id
                                  : gone[i].subject() == commit.subject() &&
                                        (gone[i].change_id.empty() || commit.change_id.empty());
                if (fits && !is_taken[i]) {
                    is_taken[i] = true;
                    return &gone[i];
                }
            }
        return nullptr;
    };
    std::vector<SeriesPair> pairs;
    for (const git::CommitInfo& commit : come)
        pairs.push_back({partner(commit), &commit});
    size_t end = pairs.size();
    while (end > 0 && !pairs[end - 1].before)
        --end;
    below = end == 0 ? 0 : pairs.size() - end;
    pairs.resize(pairs.size() - below);
    for (size_t i = 0; i < gone.size(); ++i)
        if (!is_taken[i])
            pairs.push_back({&gone[i], nullptr});
    return pairs;
}

void add_pair(Html& html, const Visit& visit, const git::Repository& repository, const SeriesPair& pair,
              const Patience& patience)
{
    const git::CommitInfo& commit = pair.after ? *pair.after : *pair.before;
    std::string subject = shown_subject(commit.subject());
    html.add("<li><span class=\"label\">{}</span> <a class=\"subject\" href=\"{}\">{}</a> ",
             !pair.before                                    ? "new"
             : !pair.after                                   ? "dropped"
             : git::is_same(pair.before->id, pair.after->id) ? "same"
                                                             : "now",
             Url::view(visit.name(), "commit", git::to_string(commit.id)), subject.empty() ? "(no message)" : subject);
    if (pair.before && pair.after && !git::is_same(pair.before->id, pair.after->id)) {
        auto altered = find_alteration(visit, repository, pair.before->id, pair.after->id, patience);
        Url compare = Url::view(visit.name(), "interdiff",
                                git::to_string(pair.before->id) + ".." + git::to_string(pair.after->id));
        html.add("<a class=\"altered\" href=\"{}\">{}</a> ", compare,
                 altered ? alteration_words(*altered) : Html().add("compare"));
        html.add("<code>{}</code> → ", short_id(pair.before->id));
    }
    html.add("<code>{}</code></li>\n", short_id(commit.id));
}

} // namespace

Result<Html> render_series(const Visit& visit, const git::Repository& repository, const git_oid& from,
                           const git_oid& to, bool& is_whole)
{
    Patience patience = costly_patience(visit.request);
    auto gone = TRY(git::find_parting(repository, to, from, max_series + 1, max_steps, patience));
    auto come = TRY(git::find_parting(repository, from, to, max_below, max_steps, patience));
    Html html;
    size_t below = 0;
    std::vector<SeriesPair> pairs = pair_series(gone.commits, come.commits, below);
    if (gone.commits.size() > max_series || pairs.size() > 2 * max_series)
        return html.add("<p class=\"empty\">More than {} commits on one side: too many to compare each.</p>\n",
                        grouped(max_series));
    if (gone.commits.empty() && come.commits.empty())
        return html.add("<p class=\"empty\">They are the same.</p>\n");
    if (below > 0)
        html.add("<p class=\"facts\">{} {} below them came with the new base</p>\n", grouped(below),
                 below == 1 ? "commit" : "commits");
    html.add("<ol class=\"versions\">\n");
    for (const SeriesPair& pair : pairs)
        add_pair(html, visit, repository, pair, patience);
    is_whole = !patience.is_over();
    return html.add("</ol>\n");
}

} // namespace quire::web
