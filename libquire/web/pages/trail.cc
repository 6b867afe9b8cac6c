// "/NAME/-/trail/REF/PATH": every name that a file has had, from its birth to now; from an old name as well.
#include "history/trail.h"

#include "web/budget/costly.h"
#include "web/html/head.h"
#include "web/html/layout.h"
#include "web/html/parts.h"
#include "web/pages/pages.h"

namespace quire::web {

static const char* said_of(history::TrailKind kind)
{
    switch (kind) {
    case history::TrailKind::introduced:
        return "introduced";
    case history::TrailKind::renamed:
        return "renamed";
    case history::TrailKind::copied:
        return "copied";
    case history::TrailKind::split:
        return "split off";
    case history::TrailKind::removed:
        return "removed";
    }
    return "";
}

/// The file as it was.
static Html file_link(const Visit& visit, const git_oid& commit, const std::string& path)
{
    Html html;
    return html.add("<a href=\"{}\">{}</a>", Url::view(visit.name(), "file", git::to_string(commit), path),
                    shown_name(path));
}

static void add_stop(Html& body, const Visit& visit, const git::Repository& repository, const history::TrailStop& stop)
{
    auto commit = repository.commit(stop.commit);
    if (!commit)
        return;
    std::string subject = shown_subject(commit->subject());
    body.add("<li><span class=\"label\">{}</span> ", said_of(stop.kind));
    if (stop.kind == history::TrailKind::removed)
        body.append(file_link(visit, *stop.parent, stop.before));
    else
        body.append(file_link(visit, stop.commit, stop.path));
    if (stop.parent && stop.kind != history::TrailKind::removed) {
        body.add(" from {}", file_link(visit, *stop.parent, stop.before));
        body.add(", {} % alike", static_cast<int>(stop.similarity * 100));
    }
    body.add("<br><a class=\"subject\" href=\"{}\">{}</a> <span class=\"by\">{}</span> {}</li>\n",
             Url::view(visit.name(), "commit", git::to_string(stop.commit)), subject.empty() ? "(no message)" : subject,
             shown_name(commit->author.name), date(commit->author.when));
}

Page trail_page(const Visit& visit)
{
    auto repository = TRY(visit.site.open(*visit.repository));
    git::Place place = TRY(find_place(visit, *repository));
    if (place.path.empty())
        return fail(ErrorKind::not_found, "The names of a file are found by one of them: add its path to the address.");
    git_oid tip = repository->commit_of_ref(repository->default_branch()).value_or(place.commit);
    auto trail = history::find_trail(*repository, tip, place.commit, place.path, costly_patience(visit.request));
    if (!trail && trail.error().kind == ErrorKind::busy)
        return Unexpected(std::move(trail).error());
    if (!trail)
        return fail(ErrorKind::not_found, "No file has been called '{}' in the history of '{}'.",
                    shown_name(place.path), shown_ref(place));
    bool is_there = trail->stops.empty() || trail->stops[0].kind != history::TrailKind::removed;
    Html note;
    note.add("all names; {} {}", is_there ? "now" : "last seen as", file_link(visit, trail->commit, trail->path));
    Tools tools;
    tools.link("history", Url::view(visit.name(), "log", git::to_string(trail->commit), trail->path));
    Html body = path_head(path_line(visit.name(), place), note, tools);
    body.add("<ol class=\"trail\">\n");
    for (const history::TrailStop& stop : trail->stops)
        add_stop(body, visit, *repository, stop);
    body.add("</ol>\n");
    if (trail->is_partial)
        body.add("<p class=\"notice\">Time ran out before all of the history was looked at.</p>\n");
    return render(visit,
                  {.title = "names of " + shown_name(place.path),
                   .tab = Tab::files,
                   .place = &place,
                   .view = "trail",
                   .is_whole = !trail->is_partial},
                  body);
}

} // namespace quire::web
