// "/NAME/-/blame/REF/PATH": who last changed each line, and the way further back. "?from=N" a further page of a long
// file, "?line=N" is the reader's line, "?before=N" what stood in the place of line N before the commit that it is of,
// "?all=1" looks through no commit.
#include "base/strings.h"
#include "history/ignored_commits.h"
#include "history/kept_blames.h"
#include "history/ladder.h"
#include "history/renamed_file.h"
#include "web/budget/costly.h"
#include "web/code/blame_view.h"
#include "web/html/head.h"
#include "web/html/layout.h"
#include "web/html/parts.h"
#include "web/pages/pages.h"

namespace quire::web {

using history::Blame;

namespace {

/// What the address asks for.
struct Wanted {
    git::Place place;
    std::string file_name;
    git_oid blob{};
    uint64_t from = 1, line = 0, before = 0; ///< lines, from 1; 0: none
    bool shows_all = false;
};

Result<uint64_t> line_number(std::string_view text, uint64_t otherwise)
{
    if (text.empty())
        return otherwise;
    auto number = parse_decimal(text);
    if (!number || *number == 0)
        return fail(ErrorKind::not_found, "'{}' is no line's number.", shown_name(text));
    return *number;
}

Result<Wanted> wanted_of(const Visit& visit, const git::Repository& repository)
{
    Wanted wanted{.place = TRY(find_place(visit, repository)), .shows_all = visit.request.parameter("all") == "1"};
    wanted.from = TRY(line_number(visit.request.parameter("from"), 1));
    wanted.line = TRY(line_number(visit.request.parameter("line"), 0));
    wanted.before = TRY(line_number(visit.request.parameter("before"), 0));
    auto entry = repository.find(wanted.place.commit, wanted.place.path);
    std::string path = shown_name(wanted.place.path);
    if (!entry || entry->is_directory() || entry->is_submodule() || entry->is_link())
        return fail(ErrorKind::not_found, "'{}' has no file '{}'.", shown_ref(wanted.place), path);
    if (uint64_t size = TRY(repository.blob_size(entry->id)); size > history::max_file_bytes)
        return fail(ErrorKind::not_found,
                    "'{}' has {}: too much for blame, which takes files up to {}. Its history is in the log.", path,
                    shown_size(size), shown_size(history::max_file_bytes));
    wanted.file_name = entry->name;
    wanted.blob = entry->id;
    return wanted;
}

Html introduction(const store::RepoName& name, const Wanted& wanted, const Blame::Origin& origin, bool is_late)
{
    std::string subject = shown_subject(origin.subject);
    Html html;
    return html.add("<div class=\"notice\"><p>Line {} begins with <a href=\"{}\">{}</a> ({}, {}): {}</p></div>\n",
                    wanted.before, Url::view(name, "commit", git::to_string(origin.commit)),
                    subject.empty() ? "a commit without a message" : subject, shown_name(origin.author),
                    date(origin.when),
                    is_late ? "time ran out before it was looked for elsewhere."
                            : "nothing like it stood there, or elsewhere, before.");
}

Html note_of(const store::RepoName& name, const git::Repository& repository, const git::Place& place,
             const Blame& blame)
{
    Html html;
    html.add("blame at <a href=\"{}\">{}</a>", Url::view(name, "commit", git::to_string(place.commit)),
             shown_ref(place));
    if (auto commit = repository.commit(place.commit))
        html.add(", {}", date(commit->author.when));
    html.add(" · {}", blame_summary(blame));
    Html names = former_names(name, blame);
    return names.empty() ? html : html.add(" · {}", names);
}

Tools tools_of(const Visit& visit, const Wanted& wanted, const history::IgnoredCommits& ignored)
{
    const store::RepoName& name = visit.name();
    const git::Place& place = wanted.place;
    Url here = Url::view(name, "blame", place.ref, place.path);
    Tools tools;
    if (!ignored.is_empty())
        tools.toggle("skip reformatting", wanted.shows_all ? here : here.with("all", "1"), !wanted.shows_all);
    tools.link("file", Url::view(name, "file", place.ref, place.path))
        .link("history", Url::view(name, "log", place.ref, place.path))
        .link("follow lines", Url::view(name, "follow", place.ref, place.path), "follower")
        .link("permalink", Url::view(name, "blame", git::to_string(place.commit), place.path), "permalink");
    return tools;
}

/// Links to the other pages of a long file; empty where there is but one.
Html page_links(const store::RepoName& name, const Wanted& wanted, const Stretch& stretch)
{
    auto page = [&](uint64_t from) {
        Url url = Url::view(name, "blame", wanted.place.ref, wanted.place.path);
        if (wanted.shows_all)
            url = url.with("all", "1");
        return from > 1 ? url.with("from", std::to_string(from)) : url;
    };
    Html html;
    if (wanted.from == 1 && !stretch.goes_on)
        return html;
    uint64_t size = StretchLimits().lines;
    html.add("<nav class=\"pages\" aria-label=\"pages\">");
    if (wanted.from > 1)
        html.add("<a rel=\"prev\" href=\"{}\">previous</a>", page(wanted.from > size ? wanted.from - size : 1));
    html.add("<span>lines {}–{}</span>", grouped(stretch.first), grouped(stretch.first + stretch.lines - 1));
    if (stretch.goes_on)
        html.add("<a rel=\"next\" href=\"{}\">next</a>", page(stretch.first + stretch.lines));
    return html.add("</nav>\n");
}

Stretch read_stretch(const git::Object& object, uint64_t from, const std::string& file_name)
{
    StretchReader reader(from, StretchReader::Until::stretch, {}, file_name);
    bool wants_more = reader.take(object.content());
    return reader.finish(wants_more);
}

} // namespace

Page blame_page(const Visit& visit)
{
    auto repository = TRY(visit.site.open(*visit.repository));
    Wanted wanted = TRY(wanted_of(visit, *repository));
    const git::Place& place = wanted.place;
    auto object = TRY(repository->objects().read(wanted.blob, GIT_OBJECT_BLOB, history::max_file_bytes));
    Stretch stretch = read_stretch(object, wanted.from, wanted.file_name);
    if (stretch.is_binary)
        return fail(ErrorKind::not_found, "'{}' is not text.", shown_name(place.path));
    object = {}; // its bytes are not needed any more
    auto ignored = history::IgnoredCommits::of(*repository, place.commit);
    Patience patience = costly_patience(visit.request);
    history::BlameOptions options{.patience = patience,
                                  .known = &visit.site.known_versions(),
                                  .kept = &visit.site.kept_blames(),
                                  .ignored = ignored.is_empty() || wanted.shows_all ? nullptr : &ignored};
    Blame blame = TRY(history::blame(*repository, place.commit, place.path, options));
    Html notice;
    if (const Blame::Span* span = wanted.before > 0 && wanted.before <= blame.lines()
                                      ? blame.at(static_cast<uint32_t>(wanted.before - 1))
                                      : nullptr) {
        auto there = history::rung_before(*repository, visit.site.known_versions(), blame,
                                          static_cast<uint32_t>(wanted.before - 1), patience);
        if (there)
            return http::redirect(
                blame_of_line(visit.name(), git::to_string(there->commit), there->path, uint64_t{there->line} + 1)
                    .str());
        notice = introduction(visit.name(), wanted, blame.origins[span->origin], patience.is_over());
    }
    if (!blame.is_complete)
        notice.add("<div class=\"notice\"><p>Time ran out before all of it was found: lines that say “older” are "
                   "older than they say.</p></div>\n");
    Html body = path_head(path_line(visit.name(), place), note_of(visit.name(), *repository, place, blame),
                          tools_of(visit, wanted, ignored));
    body.append(notice);
    Html links = page_links(visit.name(), wanted, stretch);
    body.append(links);
    if (stretch.lines == 0)
        body.add("<p class=\"empty\">{}</p>\n", blame.lines() == 0 ? "An empty file." : "The file has no such lines.");
    else
        body.append(render_blame({visit, wanted.file_name, blame, stretch, wanted.line})).append(links);
    return render(visit,
                  {.title = "blame of " + shown_name(place.path),
                   .tab = Tab::files,
                   .place = &place,
                   .view = "blame",
                   .is_whole = blame.is_complete},
                  body);
}

} // namespace quire::web
