// "/NAME/-/symbol/REF/SYMBOL": where a name is defined, then where it is used, at that commit. "?name=" gives the name
// instead, "?from=PATH" prefers what is near that file, and "?go=1" leads on to the best definition.
#include <algorithm>

#include "base/strings.h"
#include "web/budget/costly.h"
#include "web/code/search_results.h"
#include "web/code/symbols.h"
#include "web/code/tab_width.h"
#include "web/html/head.h"
#include "web/html/layout.h"
#include "web/html/parts.h"
#include "web/pages/pages.h"

namespace quire::web {

constexpr size_t longest_name = 200;
constexpr size_t shown_definitions = 30, lines_of_definition = 3;
constexpr size_t files_with_uses = 100, uses_of_file = 20;

static Url line_of(const Visit& visit, const git::Place& place, const Definition& found)
{
    std::string number = std::to_string(found.line);
    return Url::view(visit.name(), "file", place.ref, found.path).with("line", number).at("L" + number);
}

/// The line, and a few after it.
static FileHits lines_of(const git::Repository& repository, const Definition& found, std::string_view name,
                         TabWidths& tab_widths)
{
    FileHits hits{.path = found.path, .lines = {}, .matches = 1, .tab_width = tab_widths.of(found.path)};
    auto content = repository.blob(oid_of(found.blob), search::largest_text);
    std::string_view text = content ? std::string_view(*content) : std::string_view(), rest = text;
    for (uint32_t number = 1; number < found.line && !rest.empty(); ++number)
        take_until(rest, '\n');
    if (rest.empty())
        return hits;
    search::Line line{.number = found.line, .begin = static_cast<size_t>(rest.data() - text.data()), .marks = {}};
    line.end = std::min(text.find('\n', line.begin), text.size());
    size_t at = text.substr(line.begin, line.end - line.begin).find(name);
    if (at != std::string_view::npos)
        line.marks.emplace_back(at, at + name.size());
    hits.lines = shown_lines(found.path, text, {line}, {.before = 0, .after = lines_of_definition - 1});
    return hits;
}

static void add_definitions(Html& body, const Visit& visit, const git::Repository& repository, const git::Place& place,
                            const SearchTree& tree, const Definitions& definitions, const std::string& name)
{
    if (definitions.all.empty()) {
        body.add("<p class=\"empty\">No definition of it was found.</p>\n");
        return;
    }
    body.add("<h2>{}</h2>\n", definitions.all.size() == 1
                                  ? std::string("definition")
                                  : grouped(definitions.all.size()) + " definitions, the most likely first");
    TabWidths tab_widths(files_of(tree), repository);
    for (size_t i = 0; i < std::min(definitions.all.size(), shown_definitions); ++i) {
        const Definition& found = definitions.all[i];
        add_file_hits(body, visit.name(), place.ref, lines_of(repository, found, name, tab_widths),
                      Url::view(visit.name(), "file", place.ref, found.path));
        body.add("<p class=\"more\"><a rel=\"nofollow\" href=\"{}\">history of {}</a></p>\n",
                 Url::view(visit.name(), "follow", place.ref, found.path)
                     .with("name", name)
                     .with("line", std::to_string(found.line)),
                 shown_name(name));
    }
}

static void add_uses(Html& body, const Visit& visit, const git::Place& place, const FoundLines& uses,
                     const std::string& name)
{
    if (uses.files.empty())
        return;
    size_t count = 0;
    for (const FileHits& file : uses.files)
        count += file.matches;
    body.add("<h2>all lines with it: {}{} in {}{} {}</h2>\n", uses.is_full ? "more than " : "", grouped(count),
             uses.is_full ? "more than " : "", grouped(uses.files.size()), uses.files.size() == 1 ? "file" : "files");
    for (const FileHits& file : uses.files)
        add_file_hits(body, visit.name(), place.ref, file,
                      Url::view(visit.name(), "search", place.ref, file.path)
                          .with("q", name)
                          .with("in", "content")
                          .with("case", "1"));
    if (uses.is_full)
        body.add("<p class=\"more\"><a href=\"{}\">search for more</a></p>\n",
                 Url::view(visit.name(), "search", place.ref).with("q", name).with("in", "content").with("case", "1"));
}

static void add_head(Html& body, const Visit& visit, const git::Place& place, const std::string& name)
{
    Html form;
    form.add("<form class=\"filter\" action=\"{}\"><label>name <input type=\"text\" name=\"name\" value=\"{}\"></label>"
             "<button type=\"submit\">find</button></form>\n",
             Url::view(visit.name(), "symbol", place.ref), shown(name));
    Tools tools;
    body.append(page_head(name.empty() ? std::string("symbols") : shown_name(name),
                          Html().add("at {}", shown_ref(place)), tools.append(form)));
}

Page symbol_page(const Visit& visit)
{
    auto repository = TRY(visit.site.open(*visit.repository));
    git::Place place = TRY(find_place(visit, *repository));
    std::string name(trim(visit.request.parameter("name")));
    if (name.empty())
        name = place.path;
    place.path = name; // also for who chooses another ref
    if (name.size() > longest_name || name.find('\n') != std::string::npos || !is_valid_utf8(name))
        return fail(ErrorKind::not_found, "'{}' is no name.", shown_name(name));
    Html body;
    add_head(body, visit, place, name);
    if (name.empty())
        return render(visit, {.title = "symbols", .tab = Tab::search, .place = &place, .view = "symbol"}, body);
    Patience patience = costly_patience(visit.request);
    auto index = visit.site.search_indexes().find(visit.name());
    auto tree = search_tree(visit.site, *repository, place.commit, patience);
    if (!tree)
        return fail(ErrorKind::not_found, "'{}' has no files.", shown_ref(place));
    Definitions definitions =
        find_definitions(*tree, index.get(), *repository, name, visit.request.parameter("from"), patience);
    if (!visit.request.parameter("go").empty() && !definitions.all.empty())
        return http::redirect(line_of(visit, place, definitions.all[0]).str());
    add_definitions(body, visit, *repository, place, *tree, definitions, name);
    search::Query query = search::Query::of_name(name);
    FoundLines uses = search_lines(*tree, index.get(), *repository,
                                   {.query = query,
                                    .path = {},
                                    .files = files_with_uses,
                                    .lines = uses_of_file,
                                    .around = {0, 0},
                                    .patience = patience});
    add_uses(body, visit, place, uses, name);
    bool is_whole = !definitions.is_late && !uses.is_late;
    if (!is_whole)
        body.add("<p class=\"notice\">Time ran out before everything was searched: there may be more.</p>\n");
    return render(
        visit, {.title = shown_name(name), .tab = Tab::search, .place = &place, .view = "symbol", .is_whole = is_whole},
        body);
}

} // namespace quire::web
