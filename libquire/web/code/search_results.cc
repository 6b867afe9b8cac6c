#include "web/code/search_results.h"

#include <algorithm>

#include "base/strings.h"
#include "web/budget/costly.h"
#include "web/code/stretch.h"
#include "web/code/tab_width.h"
#include "web/html/parts.h"

namespace quire::web {

constexpr size_t max_names = 12, max_names_alone = 500;
constexpr size_t max_files = 40, max_files_alone = 200, files_of_page = 50;
constexpr size_t max_lines = 5, max_lines_alone = 500; ///< of one file
constexpr size_t max_matches = 200;                    ///< without an index
constexpr size_t max_commits = 20, max_commits_alone = 100;

SearchForm SearchForm::of(const http::Request& request)
{
    return {.words = std::string(trim(request.parameter("q"))),
            .scope = std::string(request.parameter("in")),
            .syntax = request.parameter("as") == "regex" ? search::Syntax::regex : search::Syntax::words,
            .letter_case = request.parameter("case").empty() ? search::Case::ignored : search::Case::respected,
            .from = parse_decimal(request.parameter("from")).value_or(0)};
}

Url SearchForm::address(Url base, std::string_view scope_wanted) const
{
    base = base.with("q", words);
    if (!scope_wanted.empty())
        base = base.with("in", scope_wanted);
    if (syntax == search::Syntax::regex)
        base = base.with("as", "regex");
    return letter_case == search::Case::respected ? base.with("case", "1") : base;
}

/// If the line is on a further page of a long file, an anchor alone would lead nowhere.
static Url line_of(const Url& file, uint64_t line)
{
    std::string number = std::to_string(line);
    return (line > StretchLimits().lines ? file.with("line", number) : file).at("L" + number);
}

void add_file_hits(Html& html, const store::RepoName& name, const std::string& ref, const FileHits& file,
                   const Url& all)
{
    Url address = Url::view(name, "file", ref, file.path);
    html.add("<h3><a href=\"{}\">{}</a></h3>\n<div class=\"matches{}\">\n", address, shown_name(file.path),
             tab_class(file.tab_width));
    size_t shown_matches = 0;
    uint32_t last = 0;
    bool has_context =
        std::any_of(file.lines.begin(), file.lines.end(), [](const ShownLine& line) { return line.is_context; });
    std::vector<size_t> indents = common_indents(file.lines);
    for (size_t i = 0; i < file.lines.size(); ++i) {
        const ShownLine& line = file.lines[i];
        if (has_context && last != 0 && line.number > last + 1)
            html.add("<hr>\n");
        last = line.number;
        shown_matches += !line.is_context;
        html.add("<a class=\"{}\" href=\"{}\"><span class=\"n\">{}</span><code>{}</code></a>\n",
                 line.is_context ? "match context" : "match", line_of(address, line.number), line.number,
                 markup_of(line, indents[i]));
    }
    html.add("</div>\n");
    if (file.matches > shown_matches)
        html.add("<p class=\"more\"><a href=\"{}\">{} more in this file</a></p>\n", all,
                 grouped(file.matches - shown_matches));
}

namespace {

class Results {
public:
    Results(Html& body, Site& site, const git::Place& place, const Search& search, const SearchForm& form)
        : m_body(body), m_site(site), m_name(search.where.name), m_place(place), m_search(search), m_form(form),
          m_index(site.search_indexes().find(m_name))
    {}

    Result<bool> add()
    {
        Html lines, names, history;
        size_t line_count = 0, name_count = 0;
        TRY(add_history(history)); // first: lines may take all the time that there is
        if (wants("content"))
            line_count = TRY(add_lines(lines));
        if (wants("names"))
            name_count = TRY(add_names(names));
        // What matches more comes first: a search for a file's name is no search for those who mention it.
        m_body.append(name_count > line_count ? names : lines);
        m_body.append(name_count > line_count ? lines : names);
        if (!m_has_any && !m_is_late)
            m_body.add("<p class=\"empty\">No results in {}.</p>\n", shown_ref(m_place));
        m_body.append(history);
        if (m_is_late)
            m_body.add("<p class=\"notice\">Time ran out before everything was searched: there may be more.{}</p>\n",
                       m_place.path.empty() ? " Searching one directory, or one kind of thing, is faster." : "");
        if (m_tree && m_tree->is_cut)
            m_body.add(
                "<p class=\"notice\">This commit has more files than are searched: only the first {} were.</p>\n",
                grouped(m_tree->files.size()));
        if (m_left_out > 0)
            m_body.add("<p class=\"notice\">{} of more than {} {} not searched.</p>\n",
                       m_left_out == 1 ? "One file" : grouped(m_left_out) + " files", shown_size(search::largest_text),
                       m_left_out == 1 ? "was" : "were");
        // Without an index the page is not kept: the next one will show more of each line's surroundings, and sooner.
        return !m_is_late && (m_index || !wants("content"));
    }

private:
    bool wants(std::string_view scope) const { return m_form.scope.empty() || m_form.scope == scope; }
    bool is_mixed() const { return m_form.scope.empty(); }
    Url here(std::string_view scope) const { return here(scope, m_place.path); }
    Url here(std::string_view scope, const std::string& path) const
    {
        return m_form.address(Url::view(m_name, "search", m_place.ref, path), scope);
    }

    Result<std::shared_ptr<const SearchTree>> tree()
    {
        if (!m_tree)
            m_tree = search_tree(m_site, m_search.repository, m_place.commit, m_search.patience);
        if (!m_tree)
            return fail(ErrorKind::not_found, "'{}' has no files.", shown_ref(m_place));
        m_is_late = m_is_late || m_search.patience.is_over();
        return m_tree;
    }

    Result<size_t> add_names(Html& html)
    {
        size_t limit = is_mixed() ? max_names : max_names_alone;
        std::vector<const SearchTree::File*> found;
        auto all = TRY(tree());
        for (const SearchTree::File& file : all->files) {
            bool is_below = m_place.path.empty() || file.path.starts_with(m_place.path + "/");
            if (is_below && found.size() <= limit && m_search.query.fits(file.path))
                found.push_back(&file);
        }
        if (found.empty())
            return 0;
        m_has_any = true;
        html.add("<h2>files</h2>\n<ul class=\"tree\">\n");
        for (size_t i = 0; i < std::min(found.size(), limit); ++i)
            html.add("<li><a href=\"{}\">{}</a></li>\n", Url::view(m_name, "file", m_place.ref, found[i]->path),
                     shown_name(found[i]->path));
        html.add("</ul>\n");
        if (found.size() > limit)
            add_more(html, limit, "files", "names");
        return found.size();
    }

    void add_more(Html& html, size_t count, const char* what, std::string_view scope) const
    {
        html.add("<p class=\"more\">The first {} {}.", count, what);
        if (is_mixed())
            html.add(" <a href=\"{}\">more of them</a>", here(scope));
        html.add("</p>\n");
    }

    /// Returns how many lines match, as far as they were counted.
    Result<size_t> add_lines(Html& html)
    {
        auto found = m_index ? find_lines() : find_lines_with_git();
        FoundLines lines = TRY(std::move(found));
        m_is_late = m_is_late || lines.is_late;
        m_left_out += lines.left_out;
        if (lines.files.empty())
            return 0;
        m_has_any = true;
        size_t end = m_form.from + lines.files.size();
        bool has_pages = !is_mixed() && (m_form.from > 0 || end < lines.all_files);
        if (has_pages)
            html.add("<h2>lines in files {} to {} of {}{}</h2>\n", m_form.from + 1, end,
                     lines.is_full ? "the first " : "", lines.all_files);
        else
            html.add("<h2>lines</h2>\n");
        for (const FileHits& file : lines.files)
            add_file_hits(html, m_name, m_place.ref, file, here("content", file.path));
        if (lines.is_full && (is_mixed() || end >= lines.all_files))
            add_more(html, m_index ? lines.all_files : lines.matches, m_index ? "files" : "lines", "content");
        if (has_pages)
            add_pages(html, end < lines.all_files);
        return lines.matches;
    }

    void add_pages(Html& html, bool goes_on) const
    {
        Url all = here("content");
        html.add("<nav class=\"pages\" aria-label=\"pages\">");
        if (m_form.from > 0)
            html.add("<a rel=\"prev\" href=\"{}\">better ones</a>",
                     m_form.from > files_of_page ? all.with("from", std::to_string(m_form.from - files_of_page)) : all);
        if (goes_on)
            html.add("<a rel=\"next\" href=\"{}\">more files</a>",
                     all.with("from", std::to_string(m_form.from + files_of_page)));
        html.add("</nav>\n");
    }

    Result<FoundLines> find_lines()
    {
        auto all = TRY(tree());
        bool is_one_file = std::any_of(all->files.begin(), all->files.end(),
                                       [&](const SearchTree::File& file) { return file.path == m_place.path; });
        return search_lines(*all, m_index.get(), m_search.repository,
                            {.query = m_search.query,
                             .path = m_place.path,
                             .files = is_mixed() ? max_files : max_files_alone,
                             .first = is_mixed() ? 0 : m_form.from,
                             .shown = is_mixed() ? max_files : files_of_page,
                             .lines = is_one_file ? max_lines_alone : max_lines,
                             .patience = m_search.patience});
    }

    Result<FoundLines> find_lines_with_git()
    {
        Found<Match> matches = TRY(search_content(m_search, max_matches));
        FoundLines found{.files = {}, .is_full = matches.is_full, .is_late = matches.is_late};
        search::Matcher matcher(m_search.query);
        TabWidths tab_widths(files_of(m_search.repository, m_place.commit), m_search.repository);
        for (Match& match : matches.items) {
            if (found.files.empty() || found.files.back().path != match.path)
                found.files.push_back({.path = match.path, .lines = {}});
            FileHits& file = found.files.back();
            if (file.matches++ == 0 && match.text.find('\t') != std::string::npos)
                file.tab_width = tab_widths.of(match.path);
            auto hits = matcher.scan(match.text, 1, 1, m_search.patience);
            search::Line line = hits.lines.empty() ? search::Line() : std::move(hits.lines[0]);
            line.number = static_cast<uint32_t>(match.line);
            file.lines.push_back(shown_line(match.path, match.text, line));
        }
        found.all_files = found.files.size();
        found.matches = matches.items.size();
        return found;
    }

    /// Commits. A page of everything does not wait for these where its other parts come from the index: the script, or
    /// a reader who follows the link, asks for them.
    Result<void> add_history(Html& html)
    {
        size_t limit = is_mixed() ? max_commits : max_commits_alone;
        if (is_mixed() && m_index) {
            html.add("<section id=\"commits\"></section>\n<p class=\"more fill\"><a href=\"{}\" "
                     "data-part=\"#commits\">search messages of commits</a></p>\n",
                     here("messages"));
            return {};
        }
        if (wants("messages"))
            add_commits(html, TRY(search_messages(m_search, limit)));
        if (m_form.scope == "changes")
            add_commits(html, TRY(search_changes(m_search, Change::number, limit)));
        if (m_form.scope == "lines")
            add_commits(html, TRY(search_changes(m_search, Change::line, limit)));
        return {};
    }

    void add_commits(Html& html, const Found<git::CommitInfo>& commits)
    {
        m_is_late = m_is_late || commits.is_late;
        if (commits.items.empty())
            return;
        m_has_any = true;
        html.add("<section id=\"commits\">\n<h2>commits</h2>\n").append(commit_list(m_name, commits.items));
        if (commits.is_full)
            add_more(html, commits.items.size(), "commits", "messages");
        html.add("</section>\n");
    }

    Html& m_body;
    Site& m_site;
    const store::RepoName& m_name;
    const git::Place& m_place;
    const Search& m_search;
    const SearchForm& m_form;
    std::shared_ptr<const search::Index> m_index;
    std::shared_ptr<const SearchTree> m_tree;
    bool m_has_any = false, m_is_late = false;
    size_t m_left_out = 0;
};

} // namespace

Result<bool> add_results(Html& html, Site& site, const git::Place& place, const Search& search, const SearchForm& form)
{
    return Results(html, site, place, search, form).add();
}

} // namespace quire::web
