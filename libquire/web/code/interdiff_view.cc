#include "web/code/interdiff_view.h"

#include "web/html/parts.h"

namespace quire::web {

static Alteration alteration_of(const history::Interdiff& interdiff)
{
    const git::Diff& diff = interdiff.diff;
    return {diff.files.size(),         diff.added,          diff.removed, interdiff.is_rebased,
            interdiff.has_new_message, interdiff.is_partial};
}

std::string alteration_key(const git_oid& from, const git_oid& to) { return git::to_string(from) + git::to_string(to); }

std::optional<Alteration> find_alteration(const Visit& visit, const git::Repository& repository, const git_oid& from,
                                          const git_oid& to, const Patience& patience)
{
    std::string key = alteration_key(from, to);
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
        html.add("{}{} {} {}", between(), grouped(alteration.files), alteration.files == 1 ? "file" : "files",
                 counts(alteration.added, alteration.removed));
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
    Alteration altered = alteration_of(found);
    altered.files = 0; // the diff below counts them
    if (altered.is_rebased || altered.has_new_message)
        html.add("<p class=\"facts\">{}</p>\n", alteration_words(altered));
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

} // namespace quire::web
