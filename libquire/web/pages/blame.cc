// "/NAME/-/blame/REF/PATH": who last changed each line, and the way further back.
#include "base/strings.h"
#include "web/budget/costly.h"
#include "web/code/code_view.h"
#include "web/code/history.h"
#include "web/code/media.h"
#include "web/html/layout.h"
#include "web/html/parts.h"
#include "web/pages/pages.h"

namespace quire::web {

constexpr size_t max_lines = 20'000;

/// The first line of a stretch says whose it is; further ones stay silent.
static void add_origin(Html& html, const Visit& visit, const git::Repository& repository, const BlamedLine& line)
{
    const store::RepoName& name = visit.name();
    auto commit = repository.commit(line.commit);
    std::string subject = commit ? shown_subject(commit->subject()) : std::string();
    html.add("<td class=\"origin\"><a href=\"{}\" title=\"{}\"><code>{}</code></a> ",
             Url::view(name, "commit", git::to_string(line.commit)), subject, short_id(line.commit));
    if (commit)
        html.append(date(commit->author.when));
    if (line.previous)
        html.add(" <a href=\"{}\" title=\"as it was before this commit\">before</a>",
                 Url::view(name, "blame", git::to_string(*line.previous), line.path).at(fmt::format("L{}", line.line)));
    html.add("</td>");
}

Page blame_page(const Visit& visit)
{
    auto repository = TRY(visit.site.open(*visit.repository));
    git::Place place = TRY(find_place(visit, *repository));
    auto entry = repository->find(place.commit, place.path);
    if (!entry || entry->is_directory() || entry->is_submodule() || entry->is_link())
        return fail(ErrorKind::not_found, "'{}' has no file '{}'.", shown_name(place.ref), shown_name(place.path));
    if (uint64_t size = TRY(repository->blob_size(entry->id)); size > max_blamed)
        return fail(ErrorKind::not_found,
                    "'{}' has {}: too much for blame, which takes files up to {}. Its history is in the log.",
                    shown_name(place.path), shown_size(size), shown_size(max_blamed));
    std::string content = TRY(repository->blob(entry->id, max_blamed));
    if (is_binary(content))
        return fail(ErrorKind::not_found, "'{}' is not text.", shown_name(place.path));
    std::vector<BlamedLine> blamed =
        TRY(blame(*visit.repository, place.commit, place.path, costly_patience(visit.request)));
    std::vector<Html> lines;
    each_highlighted_line(entry->name, content, [&](Html line) {
        lines.push_back(std::move(line));
        return lines.size() < max_lines;
    });
    Html body = path_line(visit.name(), place);
    body.add("<p class=\"facts\">at {} · <a href=\"{}\">file</a> · <a href=\"{}\">history</a></p>\n",
             shown_name(place.ref), Url::view(visit.name(), "file", place.ref, place.path),
             Url::view(visit.name(), "log", place.ref, place.path));
    body.add("<div class=\"scroll\" tabindex=\"0\"><table class=\"blame\"><tbody>\n");
    for (size_t i = 0; i < lines.size() && i < blamed.size(); ++i) {
        bool begins = i == 0 || !git::is_same(blamed[i].commit, blamed[i - 1].commit);
        if (begins)
            body.add("<tr class=\"begins\" id=\"L{}\">", i + 1);
        else
            body.add("<tr id=\"L{}\">", i + 1);
        if (begins)
            add_origin(body, visit, *repository, blamed[i]);
        else
            body.add("<td></td>");
        body.add("<td class=\"n\">{}</td><td class=\"t\">{}</td></tr>\n", i + 1, lines[i]);
    }
    body.add("</tbody></table></div>\n");
    return render(visit, {.title = "blame of " + shown_name(place.path), .tab = Tab::files, .width = Width::wide},
                  body);
}

} // namespace quire::web
