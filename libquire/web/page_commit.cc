// "/NAME/-/commit/ID": one commit and what it changed.
#include "base/strings.h"
#include "web/diff_view.h"
#include "web/layout.h"
#include "web/pages.h"
#include "web/parts.h"

namespace quire::web {

static void add_person(Html& html, const char* role, const git::Person& person)
{
    html.add("<dt>{}</dt><dd>{} &lt;{}&gt; {}</dd>\n", role, shown_name(person.name), shown_name(person.email),
             date_and_time(person.when));
}

static Html facts(const store::RepoName& name, const git::CommitInfo& commit)
{
    Html html;
    html.add("<dl class=\"facts\">\n<dt>commit</dt><dd><code>{}</code> <a href=\"{}\">files</a> · <a href=\"{}\">log</a></dd>\n",
             git::to_string(commit.id), Url::view(name, "tree", git::to_string(commit.id)),
             Url::view(name, "log", git::to_string(commit.id)));
    if (!commit.change_id.empty())
        html.add("<dt>change</dt><dd><code>{}</code></dd>\n", shown_name(commit.change_id));
    add_person(html, "author", commit.author);
    if (commit.committer.name != commit.author.name || commit.committer.email != commit.author.email)
        add_person(html, "committer", commit.committer);
    for (const git_oid& parent : commit.parents)
        html.add("<dt>parent</dt><dd><a href=\"{}\"><code>{}</code></a></dd>\n",
                 Url::view(name, "commit", git::to_string(parent)), git::to_string(parent));
    return html.add("</dl>\n");
}

Page commit_page(const Visit& visit)
{
    if (visit.rest.size() != 1)
        return fail(ErrorKind::not_found, "A commit is named by its id alone.");
    auto repository = TRY(visit.site.open(*visit.repository));
    auto id = repository->commit_of_prefix(to_lower(visit.rest[0]));
    if (!id)
        return fail(ErrorKind::not_found,
                    "No commit here has the id '{}'. It may have been rewritten and pushed anew under another one.",
                    shown_name(visit.rest[0]));
    if (git::to_string(*id) != visit.rest[0])
        return http::redirect(Url::view(visit.name(), "commit", git::to_string(*id)).str());
    git::CommitInfo commit = TRY(repository->commit(*id));
    std::optional<git_oid> parent_tree;
    if (!commit.parents.empty())
        parent_tree = TRY(repository->commit(commit.parents[0])).tree;
    git::DiffOptions options;
    options.ignore_whitespace = visit.request.parameter("space") == "ignore";
    git::Diff diff = TRY(git::diff_trees(*repository, parent_tree, commit.tree, options));
    Html body;
    std::string subject = shown(commit.subject());
    body.add("<h1>{}</h1>\n", subject.empty() ? "(no message)" : subject);
    if (!commit.body().empty())
        body.add("<pre class=\"message\">{}</pre>\n", shown(commit.body()));
    body.append(facts(visit.name(), commit));
    Url here = Url::view(visit.name(), "commit", git::to_string(*id));
    if (commit.parents.size() > 1)
        body.add("<p class=\"empty\">A merge, compared with its first parent.</p>\n");
    if (options.ignore_whitespace)
        body.add("<p class=\"more\"><a href=\"{}\">show changes of blanks</a></p>\n", here);
    else
        body.add("<p class=\"more\"><a href=\"{}\">leave out changes of blanks</a></p>\n", here.with("space", "ignore"));
    body.append(render_diff(visit.name(), git::to_string(*id), diff));
    return render(visit, {.title = subject, .tab = Tab::log, .width = Width::wide}, body);
}

} // namespace quire::web
