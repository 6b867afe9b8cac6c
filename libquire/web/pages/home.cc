// "/NAME": what a repository is, at a glance.
#include <algorithm>

#include "base/strings.h"
#include "store/mirror.h"
#include "web/code/language_section.h"
#include "web/code/markdown.h"
#include "web/code/newest.h"
#include "web/html/commit_list.h"
#include "web/html/head.h"
#include "web/html/layout.h"
#include "web/html/parts.h"
#include "web/pages/pages.h"

namespace quire::web {

constexpr size_t max_refs = 2000;
constexpr size_t max_entries = 120, shown_entries = 96; ///< a long list would stand before the README
constexpr size_t shown_refs = 8;
constexpr size_t max_folded = 50;
constexpr size_t shown_commits = 8;
constexpr size_t max_readme = 1u << 20;

static std::string browser_clone_url(const Visit& visit)
{
    std::string url = visit.site.config().url;
    return url.empty() ? std::string() : fmt::format("{}/{}", url, visit.name().str());
}

static Html clone_commands(const Visit& visit)
{
    Html html;
    std::string ssh = visit.site.config().clone_url(visit.name());
    std::string address = ssh.empty() ? browser_clone_url(visit) : ssh;
    if (!address.empty())
        html.add("<h2>clone</h2>\n<pre class=\"command\" tabindex=\"0\"><code>git clone {}</code></pre>\n"
                 "<pre class=\"command\" tabindex=\"0\"><code>jj git clone {}</code></pre>\n",
                 address, address);
    return html;
}

static Html empty_repository(const Visit& visit)
{
    Html html;
    std::string address = visit.site.config().clone_url(visit.name());
    html.add(
        "<p class=\"empty\">Nothing has been pushed here yet. From a repository of yours:</p>\n"
        "<pre class=\"command\" tabindex=\"0\"><code>git remote add origin {}\ngit push -u origin main</code></pre>\n"
        "<p class=\"empty\">or with jj:</p>\n"
        "<pre class=\"command\" tabindex=\"0\"><code>jj git remote add origin {}\njj git push -b main</code></pre>\n",
        address.empty() ? "git@this-host:" + visit.name().str() : address,
        address.empty() ? "git@this-host:" + visit.name().str() : address);
    return html;
}

static void add_refs(Html& html, const Visit& visit, const std::vector<const git::Ref*>& refs)
{
    html.add("<ul class=\"refs\">\n");
    for (const git::Ref* ref : refs)
        html.add("<li><a href=\"{}\">{}</a>{}{}</li>\n", Url::view(visit.name(), "tree", ref->short_name()),
                 shown_name(ref->short_name()), run_mark(visit, ref->commit), date(ref->when));
    html.add("</ul>\n");
}

/// Pinned ones first and the default branch, then the newest; the rest is folded, and what jj pushes to move work
/// around comes last of all.
static Html ref_list(const Visit& visit, const git::Place& place, const std::vector<git::Ref>& refs, git::RefKind kind,
                     std::string_view title)
{
    Html html;
    std::vector<const git::Ref*> first, rest, short_lived;
    std::vector<std::string> wanted = visit.repository->config.pinned;
    if (kind == git::RefKind::branch && std::find(wanted.begin(), wanted.end(), place.ref) == wanted.end())
        wanted.push_back(place.ref);
    for (const std::string& name : wanted)
        for (const git::Ref& ref : refs)
            if (ref.kind == kind && ref.short_name() == name)
                first.push_back(&ref);
    for (const git::Ref& ref : refs) {
        if (ref.kind != kind || std::find(wanted.begin(), wanted.end(), ref.short_name()) != wanted.end())
            continue;
        (is_short_lived(ref.short_name()) ? short_lived : first.size() < shown_refs ? first : rest).push_back(&ref);
    }
    rest.insert(rest.end(), short_lived.begin(), short_lived.end());
    if (first.empty() && rest.empty())
        return html;
    html.add("<h2>{}</h2>\n", title);
    add_refs(html, visit, first);
    if (rest.empty())
        return html;
    size_t folded = rest.size();
    rest.resize(std::min(folded, max_folded));
    html.add("<details><summary>{} more</summary>\n", folded);
    add_refs(html, visit, rest);
    if (folded > max_folded)
        html.add("<p class=\"more\"><a href=\"{}\">all of them</a></p>\n", Url::view(visit.name(), "refs"));
    return html.add("</details>\n");
}

static Html entry_list(const Visit& visit, const git::Repository& repository, const git::Place& place,
                       const git::Listing& listing)
{
    if (listing.entries.size() <= max_entries)
        return tree_list(visit.name(), repository, place, listing);
    git::Listing first{.entries = {listing.entries.begin(), listing.entries.begin() + shown_entries}, .left_out = 0};
    Html html = tree_list(visit.name(), repository, place, first);
    return html.add("<p class=\"more\"><a href=\"{}\">all {} of them</a></p>\n",
                    Url::view(visit.name(), "tree", place.ref), grouped(listing.entries.size() + listing.left_out));
}

static Result<Html> readme(const Visit& visit, const git::Repository& repository, const git::Place& place,
                           const std::vector<git::Entry>& entries)
{
    Html html;
    for (const git::Entry& entry : entries) {
        if (!is_readme(entry.name) || entry.is_directory() || entry.is_submodule())
            continue;
        auto content = repository.blob(entry.id, max_readme);
        if (!content)
            continue;
        if (is_markdown(entry.name))
            return html.add("<article class=\"prose\">\n{}</article>\n",
                            render_markdown(visit.name(), place.ref, place.path, shown_prose(*content)));
        return html.add("<pre class=\"readme\" tabindex=\"0\">{}</pre>\n", shown(*content));
    }
    return html;
}

/// Only for who is logged in: where a repository is mirrored to, and what went wrong there, is the operator's matter.
static Html mirror_list(const Visit& visit)
{
    Html html;
    auto mirrors = store::list_mirrors(visit.repository->directory.get());
    if (!visit.request.is_authenticated() || !mirrors || mirrors->empty())
        return html;
    html.add("<h2>mirrors</h2>\n<ul class=\"refs mirrors\">\n");
    for (const store::Mirror& mirror : *mirrors) {
        const store::MirrorStatus& status = mirror.status;
        html.add("<li>{}: {}", mirror.name, status.word());
        if (status.last_success != 0)
            html.add(", pushed to {}", date(status.last_success));
        if (status.word() == "failing")
            html.add("<br>{}", shown(status.reason));
        if (size_t count = status.drift.size() + status.more_drift; count > 0)
            html.add("<br>{} of its refs differ, such as {} since {}", count, shown_name(status.drift[0].ref),
                     date(status.drift[0].since));
        html.add("</li>\n");
    }
    return html.add("</ul>\n");
}

Page home_page(const Visit& visit)
{
    auto repository = TRY(visit.site.open(*visit.repository));
    Html body;
    auto place = repository->resolve({});
    std::vector<git::Ref> refs = TRY(repository->refs(max_refs));
    if (!place) {
        body.append(page_head(visit.name().str(), Html(), Tools())).append(empty_repository(visit));
        return render(visit, {.tab = Tab::home}, body);
    }
    git::CommitInfo tip = TRY(repository->commit(place->commit));
    git::Listing listing = TRY(repository->list(tip.tree));
    Tools tools;
    tools.link("find a file", Url::view(visit.name(), "search"), "finder")
        .link("tar.gz", Url::view(visit.name(), "archive", place->ref + ".tar.gz"))
        .link("zip", Url::view(visit.name(), "archive", place->ref + ".zip"));
    std::string_view own = visit.name().str();
    own.remove_prefix(own.find('/') + 1);
    body.append(page_head(own, Html().text(visit.repository->config.description), tools));
    body.add("<div class=\"columns\">\n<div>\n");
    body.append(entry_list(visit, *repository, *place, listing));
    body.append(TRY(readme(visit, *repository, *place, listing.entries)));
    body.add("</div>\n<aside>\n");
    body.append(clone_commands(visit));
    body.add("<h2>recent commits</h2>\n{}",
             commit_list(visit, TRY(newest_commits(kept_newest(visit), *repository, place->commit, shown_commits))));
    body.append(ref_list(visit, *place, refs, git::RefKind::branch, tip.change_id.empty() ? "branches" : "bookmarks"));
    body.append(ref_list(visit, *place, refs, git::RefKind::tag, "tags"));
    body.append(mirror_list(visit));
    LanguageSection by_language = TRY(language_section(visit, *repository, tip.tree));
    body.append(by_language.html);
    body.add("</aside>\n</div>\n");
    return render(visit, {.tab = Tab::home, .is_whole = by_language.is_whole}, body);
}

} // namespace quire::web
