// "/NAME/-/search/REF/PATH?q=": searches for words, or with "&as=regex" for a regular expression, only below PATH if
// that is given. "&case=1" respects case. "&in=names", "content" or "messages" search only there; "changes" and "lines"
// find the commits that changed the words.
#include <algorithm>

#include "base/strings.h"
#include "web/budget/costly.h"
#include "web/code/search_results.h"
#include "web/html/head.h"
#include "web/html/layout.h"
#include "web/html/parts.h"
#include "web/pages/pages.h"
#include "web/pages/search_form.h"

namespace quire::web {

constexpr size_t max_words = 200;

namespace {

struct Scope {
    const char *name, *label;
};

/// The first scope is used if there is no "in".
constexpr Scope scopes[] = {
    {"", "names, lines and messages"},
    {"names", "names of files"},
    {"content", "lines of files"},
    {"messages", "messages of commits"},
    {"changes", "commits that add or remove it"},
    {"lines", "commits that touch a line with it"},
};

} // namespace

/// The form; the page of all repositories has it too, without a choice of scopes.
void add_search_form(Html& body, const Url& here, const SearchForm& form, bool has_scopes)
{
    body.add("<form class=\"filter\" action=\"{}\"><label>words <input type=\"text\" name=\"q\" value=\"{}\"></label>",
             here, shown(form.words));
    if (has_scopes) {
        body.add("<label>in <select name=\"in\">");
        for (const Scope& one : scopes) {
            if (form.scope == one.name)
                body.add("<option value=\"{}\" selected>{}</option>", one.name, one.label);
            else
                body.add("<option value=\"{}\">{}</option>", one.name, one.label);
        }
        body.add("</select></label>");
    }
    struct Choice {
        const char *name, *value, *label;
        bool is_chosen;
    };
    for (const Choice& choice : {Choice{"as", "regex", "regular expression", form.syntax == search::Syntax::regex},
                                 Choice{"case", "1", "match case", form.letter_case == search::Case::respected}}) {
        if (choice.is_chosen)
            body.add("<label><input type=\"checkbox\" name=\"{}\" value=\"{}\" checked> {}</label>", choice.name,
                     choice.value, choice.label);
        else
            body.add("<label><input type=\"checkbox\" name=\"{}\" value=\"{}\"> {}</label>", choice.name, choice.value,
                     choice.label);
    }
    body.add("<button type=\"submit\">search</button></form>\n");
}

Result<search::Query> parse_search(const SearchForm& form)
{
    bool is_usable =
        form.words.size() <= max_words && form.words.find('\n') == std::string::npos && is_valid_utf8(form.words);
    if (!is_usable)
        return fail(ErrorKind::invalid, "One line of at most {} bytes of text, please.", max_words);
    auto query = search::Query::parse(form.words, form.syntax, form.letter_case);
    if (!query)
        return fail(ErrorKind::invalid, "This can't be searched for: {}.", query.error().message);
    return query;
}

static void add_head(Html& body, const Visit& visit, const git::Place& place)
{
    Html note;
    note.add("at {}", shown_ref(place));
    if (!place.path.empty())
        note.add(", in {} · <a href=\"{}\">search everywhere</a>", shown_name(place.path),
                 Url::view(visit.name(), "search", place.ref));
    body.append(page_head("search", note, Tools()));
}

Page search_page(const Visit& visit)
{
    auto repository = TRY(visit.site.open(*visit.repository));
    if (auto empty = nothing_pushed(visit, *repository, Tab::search, "search"))
        return std::move(*empty);
    git::Place place = TRY(find_place(visit, *repository));
    SearchForm form = SearchForm::of(visit.request);
    if (std::none_of(std::begin(scopes), std::end(scopes), [&](const Scope& one) { return form.scope == one.name; }))
        return fail(ErrorKind::not_found, "'{}' can't be searched. Choose names, content, messages, changes or lines.",
                    shown_name(form.scope));
    Html body;
    add_head(body, visit, place);
    Url here = visit.rest.empty() ? Url::view(visit.name(), "search")
                                  : Url::view(visit.name(), "search", place.ref, place.path);
    add_search_form(body, here, form, true);
    bool is_whole = true;
    if (!form.words.empty()) {
        auto query = parse_search(form);
        if (query) {
            Search search{*visit.repository,
                          *repository,
                          place.commit,
                          place.path,
                          form.words,
                          std::move(*query),
                          costly_patience(visit.request)};
            is_whole = TRY(add_results(body, visit.site, place, search, form));
        } else {
            body.add("<p class=\"empty\">{}</p>\n", query.error().message);
        }
    }
    return render(
        visit, {.title = "search", .tab = Tab::search, .place = &place, .view = "search", .is_whole = is_whole}, body);
}

} // namespace quire::web
