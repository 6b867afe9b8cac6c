#include "web/code/search_results.h"

#include "web/code/stretch.h"
#include "web/html/parts.h"

namespace quire::web {

constexpr size_t max_names = 30, max_names_alone = 500;
constexpr size_t max_matches = 200;
constexpr size_t max_commits = 20, max_commits_alone = 100;

namespace {

class Results {
public:
    Results(Html& body, const store::RepoName& name, const git::Place& place, const Search& search,
            std::string_view scope)
        : m_body(body), m_name(name), m_place(place), m_search(search), m_scope(scope)
    {}

    Result<bool> add()
    {
        if (wants("names"))
            add_names(TRY(search_names(m_search, m_scope.empty() ? max_names : max_names_alone)));
        if (wants("messages"))
            add_commits(TRY(search_messages(m_search, commit_limit())));
        if (m_scope == "changes")
            add_commits(TRY(search_changes(m_search, Change::number, commit_limit())));
        if (m_scope == "lines")
            add_commits(TRY(search_changes(m_search, Change::line, commit_limit())));
        if (wants("content"))
            add_matches(TRY(search_content(m_search, max_matches)));
        if (!m_has_any && !m_is_late)
            m_body.add("<p class=\"empty\">No results in {}.</p>\n", shown_name(m_place.ref));
        if (m_is_late)
            m_body.add("<p class=\"notice\">Time ran out before everything was searched: there may be more.{}</p>\n",
                       m_place.path.empty() ? " Searching one directory, or one kind of thing, is faster." : "");
        return !m_is_late;
    }

private:
    bool wants(std::string_view scope) const { return m_scope.empty() || m_scope == scope; }
    size_t commit_limit() const { return m_scope.empty() ? max_commits : max_commits_alone; }

    template <class T>
    bool begin(const Found<T>& found, const char* title)
    {
        m_is_late = m_is_late || found.is_late;
        m_has_any = m_has_any || !found.items.empty();
        if (!found.items.empty())
            m_body.add("<h2>{}</h2>\n", title);
        return !found.items.empty();
    }

    template <class T>
    void end(const Found<T>& found, const char* what, std::string_view scope)
    {
        if (!found.is_full)
            return;
        m_body.add("<p class=\"more\">The first {} {}.", found.items.size(), what);
        if (m_scope.empty() && scope != "content")
            m_body.add(
                " <a href=\"{}\">more of them</a>",
                Url::view(m_name, "search", m_place.ref, m_place.path).with("q", m_search.words).with("in", scope));
        m_body.add("</p>\n");
    }

    void add_names(const Found<std::string>& names)
    {
        if (!begin(names, "files"))
            return;
        m_body.add("<ul class=\"tree\">\n");
        for (const std::string& path : names.items)
            m_body.add("<li><a href=\"{}\">{}</a></li>\n", Url::view(m_name, "file", m_place.ref, path),
                       shown_name(path));
        m_body.add("</ul>\n");
        end(names, "files", "names");
    }

    void add_commits(const Found<git::CommitInfo>& commits)
    {
        if (begin(commits, "commits"))
            m_body.append(commit_list(m_name, commits.items));
        end(commits, "commits", "messages");
    }

    void add_matches(const Found<Match>& matches)
    {
        if (!begin(matches, "lines"))
            return;
        std::string_view path;
        for (const Match& match : matches.items) {
            Url file = Url::view(m_name, "file", m_place.ref, match.path);
            if (match.path != path)
                m_body.add("<h3><a href=\"{}\">{}</a></h3>\n", file, shown_name(match.path));
            path = match.path;
            m_body.add("<a class=\"match\" href=\"{}\"><span class=\"n\">{}</span><code>{}</code></a>\n",
                       line_of(file, match.line), match.line, source(match.text));
        }
        end(matches, "lines", "content");
    }

    /// If the line is on a further page of a long file, an anchor alone would lead nowhere.
    static Url line_of(const Url& file, uint64_t line)
    {
        std::string number = std::to_string(line);
        return (line > StretchLimits().lines ? file.with("line", number) : file).at("L" + number);
    }

    Html& m_body;
    const store::RepoName& m_name;
    const git::Place& m_place;
    const Search& m_search;
    std::string_view m_scope;
    bool m_has_any = false, m_is_late = false;
};

} // namespace

Result<bool> add_results(Html& html, const store::RepoName& name, const git::Place& place, const Search& search,
                         std::string_view scope)
{
    return Results(html, name, place, search, scope).add();
}

} // namespace quire::web
