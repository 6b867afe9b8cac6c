// "/-/search?q=": searches the default branches of all repositories that the reader may see.
//
// Only these are opened, after the decision that every page waits for. So neither what is found nor the time it takes
// depends on others.
#include <algorithm>

#include "web/budget/costly.h"
#include "web/html/head.h"
#include "web/html/layout.h"
#include "web/html/parts.h"
#include "web/pages/pages.h"
#include "web/pages/search_form.h"

namespace quire::web {

constexpr size_t files_of_one = 4, lines_of_one = 3, most_repositories = 50;
/// No repository takes more from the others.
constexpr int64_t time_for_one = nanoseconds_per_second / 2;

namespace {

struct RepositoryHits {
    store::RepoName name;
    std::string ref;
    FoundLines found;
    int score = 0;
};

class AllRepositories {
public:
    AllRepositories(const Visit& visit, const SearchForm& form, const search::Query& query)
        : m_visit(visit), m_form(form), m_query(query), m_patience(costly_patience(visit.request))
    {}

    /// Returns whether everything was searched.
    Result<bool> add(Html& body)
    {
        for (const Listed& listed : TRY(m_visit.site.list(m_visit.request))) {
            if (m_patience.is_over())
                break;
            TRY(search(listed.name));
        }
        m_is_late = m_is_late || m_patience.is_over();
        std::stable_sort(m_hits.begin(), m_hits.end(),
                         [](const RepositoryHits& a, const RepositoryHits& b) { return a.score > b.score; });
        for (size_t i = 0; i < std::min(m_hits.size(), most_repositories); ++i)
            show(body, m_hits[i]);
        if (m_hits.size() > most_repositories)
            body.add("<p class=\"more\">The first {} repositories.</p>\n", most_repositories);
        if (m_hits.empty() && !m_is_late)
            body.add("<p class=\"empty\">No results in any repository.</p>\n");
        if (m_is_late)
            body.add("<p class=\"notice\">Time ran out before everything was searched: there may be more.</p>\n");
        if (m_without > 0)
            body.add("<p class=\"notice\">{} {} no index yet and {} not searched.</p>\n", grouped(m_without),
                     m_without == 1 ? "repository has" : "repositories have", m_without == 1 ? "was" : "were");
        return !m_is_late && m_without == 0;
    }

private:
    Result<void> search(const store::RepoName& name)
    {
        auto repository = TRY(m_visit.site.find(name, m_visit.request));
        if (!repository)
            return {};
        auto opened = TRY(m_visit.site.open(*repository));
        auto place = opened->resolve({});
        if (!place)
            return {};
        auto index = m_visit.site.search_indexes().find(name);
        m_without += !index;
        auto patience = m_patience.until(monotonic_now() + time_for_one);
        auto tree = index ? search_tree(m_visit.site, *opened, place->commit, patience) : nullptr;
        if (!tree)
            return {};
        RepositoryHits hits{.name = name, .ref = place->ref, .found = {}};
        hits.found = search_lines(*tree, index.get(), *opened,
                                  {.query = m_query,
                                   .path = {},
                                   .files = files_of_one,
                                   .lines = lines_of_one,
                                   .around = {0, 0},
                                   .only_index = true,
                                   .patience = patience});
        m_is_late = m_is_late || hits.found.is_late;
        for (const FileHits& file : hits.found.files)
            hits.score = std::max(hits.score, file.score);
        if (!hits.found.files.empty())
            m_hits.push_back(std::move(hits));
        return {};
    }

    void show(Html& body, const RepositoryHits& hits) const
    {
        auto here = [&](const std::string& path) {
            return m_form.address(Url::view(hits.name, "search", hits.ref, path), path.empty() ? "" : "content");
        };
        body.add("<h2><a href=\"{}\">{}</a></h2>\n", Url::repository(hits.name), hits.name.str());
        for (const FileHits& file : hits.found.files)
            add_file_hits(body, hits.name, hits.ref, file, here(file.path));
        if (hits.found.is_full)
            body.add("<p class=\"more\"><a href=\"{}\">all results in {}</a></p>\n", here(""), hits.name.str());
    }

    const Visit& m_visit;
    const SearchForm& m_form;
    const search::Query& m_query;
    Patience m_patience;
    std::vector<RepositoryHits> m_hits;
    size_t m_without = 0;
    bool m_is_late = false;
};

} // namespace

Page search_all_page(const Visit& visit)
{
    SearchForm form = SearchForm::of(visit.request);
    Html body;
    body.append(page_head("search in all repositories", Html(), Tools()));
    add_search_form(body, Url::local("/-/search"), form, false);
    bool is_whole = true;
    if (!form.words.empty()) {
        auto query = parse_search(form);
        if (query)
            is_whole = TRY(AllRepositories(visit, form, *query).add(body));
        else
            body.add("<p class=\"empty\">{}</p>\n", query.error().message);
    }
    return render(visit, {.title = "search in all repositories", .is_whole = is_whole}, body);
}

} // namespace quire::web
