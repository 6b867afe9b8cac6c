#include "web/code/blame_view.h"

#include <algorithm>
#include <set>

#include "history/renamed_file.h"
#include "web/code/code_view.h"
#include "web/html/parts.h"

namespace quire::web {

using history::Blame;

constexpr size_t max_former_names = 4;
/// A tall group says after so many lines again whose they are; style.css has the distance between these rows.
constexpr uint32_t lines_between_rows = 24, least_rest = 8;

static const uint64_t page_lines = StretchLimits().lines;

Url blame_of_line(const store::RepoName& name, std::string_view ref, std::string_view path, uint64_t line)
{
    Url url = Url::view(name, "blame", ref, path);
    if (line > page_lines)
        url = url.with("from", std::to_string(line - (line - 1) % page_lines));
    url = url.with("line", std::to_string(line));
    return url.at("L" + std::to_string(line));
}

namespace {

/// A line that "before" is about.
struct Rung {
    const Blame::Span* span = nullptr;
    uint32_t offset = 0; ///< in the span
    uint64_t number = 0;
};

/// Neighbouring lines of one commit.
struct Group {
    uint32_t first = 0, count = 0; ///< lines on the page
    Rung rung;                     ///< the first line or the reader's
};

class View {
public:
    explicit View(const BlameView& view) : m_view(view)
    {
        for (const Blame::Origin& origin : view.blame.origins) {
            if (origin.when == git::no_date)
                continue;
            m_oldest = std::min(m_oldest, origin.when);
            m_newest = std::max(m_newest, origin.when);
        }
    }

    Html render()
    {
        std::vector<Group> groups = find_groups();
        m_html.add("<div class=\"scroll\" tabindex=\"0\"><div class=\"blame\" data-page=\"{}\">\n", page_lines);
        auto group = groups.begin();
        uint32_t line = 0;
        auto cut = m_view.stretch.cut.begin();
        each_highlighted_line(m_view.stretch.highlighter, m_view.stretch.text, [&](const Html& markup) {
            if (group == groups.end())
                return false;
            if (line == group->first)
                begin(*group);
            uint64_t number = m_view.stretch.first + line;
            add_code_line(m_html, number, markup);
            if (cut != m_view.stretch.cut.end() && cut->first == number)
                m_html.add("<span class=\"cut\"> … {} more</span>", shown_size((cut++)->second));
            m_html.add("\n</span>");
            if (++line == group->first + group->count) {
                m_html.add("</code></pre></div>\n");
                ++group;
            }
            return true;
        });
        if (group != groups.end() && line > group->first)
            m_html.add("</code></pre></div>\n");
        return std::move(m_html.add("</div></div>\n"));
    }

private:
    std::vector<Group> find_groups() const
    {
        std::vector<Group> groups;
        auto from = static_cast<uint32_t>(m_view.stretch.first - 1);
        auto lines = static_cast<uint32_t>(m_view.stretch.lines);
        for (uint32_t line = 0; line < lines;) {
            const Blame::Span* span = m_view.blame.at(from + line);
            if (!span)
                break;
            uint32_t offset = from + line - span->first, count = std::min(span->count - offset, lines - line);
            uint64_t number = m_view.stretch.first + line;
            if (!groups.empty() && groups.back().rung.span->origin == span->origin)
                groups.back().count += count;
            else
                groups.push_back({line, count, {span, offset, number}});
            if (number <= m_view.line && m_view.line < number + count)
                groups.back().rung = {span, offset + static_cast<uint32_t>(m_view.line - number), m_view.line};
            line += count;
        }
        return groups;
    }

    /// From 0, the oldest, to 9.
    int64_t age(const Blame::Origin& origin) const
    {
        constexpr int64_t steps = 9;
        if (origin.when == git::no_date || m_newest <= m_oldest)
            return steps;
        return (origin.when - m_oldest) / ((m_newest - m_oldest) / steps + 1);
    }

    Url url_before(const Rung& rung, const Blame::Origin& origin) const
    {
        const auto& paths = m_view.blame.paths;
        std::string commit = git::to_string(origin.commit);
        uint64_t line = uint64_t{rung.span->line} + rung.offset + 1;
        auto number = std::to_string(line);
        if (origin.is_open)
            return blame_of_line(m_view.visit.name(), commit, paths[origin.path], line);
        if (rung.span->before == history::no_line)
            return Url::view(m_view.visit.name(), "blame", commit, paths[origin.path])
                .with("before", number)
                .with("line", number)
                .at("L" + number);
        uint64_t before = uint64_t{history::line_before(*rung.span, rung.span->first + rung.offset)} + 1;
        return blame_of_line(m_view.visit.name(), git::to_string(origin.parent), paths[origin.parent_path], before);
    }

    /// The way to what stood in a line's place.
    void add_way_back(const Group& group, const Rung& rung, const Blame::Origin& origin)
    {
        bool is_changed = rung.span->before != history::no_line;
        // How many lines follow in the group: the script may ask about any of them.
        auto behind = static_cast<uint32_t>(m_view.stretch.first + group.first + group.count - rung.number);
        uint32_t more = is_changed ? rung.span->before_count - 1 : behind - 1;
        m_html.add("<a class=\"{}\" href=\"{}\" data-first=\"{}\" data-more=\"{}\" title=\"{}\">{}</a>",
                   is_changed ? "up" : "up new", url_before(rung, origin), rung.number, more,
                   origin.is_open ? "time ran out here: go on with this commit"
                   : is_changed   ? "what stood here before this commit"
                                  : "the commit added these lines: were they elsewhere before?",
                   origin.is_open ? "older" : "before");
    }

    /// Further down in a tall group, whose first lines may be out of sight.
    void add_rows_below(const Group& group, const Blame::Origin& origin, const std::string& subject)
    {
        for (uint32_t line = lines_between_rows; line + least_rest <= group.count; line += lines_between_rows) {
            auto at = static_cast<uint32_t>(m_view.stretch.first - 1) + group.first + line;
            const Blame::Span* span = m_view.blame.at(at);
            if (!span)
                return;
            m_html.add("<div class=\"row again\"><span class=\"subject\">{}</span>", subject);
            add_way_back(group, {span, at - span->first, uint64_t{at} + 1}, origin);
            m_html.add("</div>");
        }
    }

    void begin(const Group& group)
    {
        const Blame::Origin& origin = m_view.blame.origins[group.rung.span->origin];
        std::string subject = shown_subject(origin.subject), author = shown_name(origin.author);
        if (subject.empty())
            subject = "(no message)";
        m_html.add("<div class=\"{}\" data-age=\"{}\"><div class=\"b\"><div class=\"row\">",
                   group.count == 1 ? "g one" : "g", age(origin));
        m_html.add("<a class=\"subject\" href=\"{}\" title=\"{}\">{}</a>",
                   Url::view(m_view.visit.name(), "commit", git::to_string(origin.commit)), subject, subject);
        m_html.append(run_mark(m_view.visit, origin.commit));
        if (group.count == 1)
            m_html.add("<span class=\"by\">{}</span>{}", author, date(origin.when));
        add_way_back(group, group.rung, origin);
        m_html.add("</div>");
        if (group.count > 1)
            m_html.add("<div class=\"row\"><span class=\"by\">{}</span><code>{}</code>{}</div>", author,
                       short_id(origin.commit), date(origin.when));
        add_rows_below(group, origin, subject);
        m_html.add("</div><pre class=\"code\"><code>");
    }

    const BlameView& m_view;
    Html m_html;
    Instant m_oldest = std::numeric_limits<Instant>::max(), m_newest = std::numeric_limits<Instant>::min();
};

std::string year_of(Instant instant) { return format_instant(instant).substr(0, 4); }

std::string counted(size_t count, std::string_view one, std::string_view many)
{
    return fmt::format("{} {}", grouped(count), count == 1 ? one : many);
}

} // namespace

Html render_blame(const BlameView& view) { return View(view).render(); }

std::string blame_summary(const Blame& blame)
{
    std::set<std::string_view> authors;
    Instant oldest = std::numeric_limits<Instant>::max();
    for (const Blame::Origin& origin : blame.origins) {
        authors.insert(origin.author);
        if (origin.when != git::no_date)
            oldest = std::min(oldest, origin.when);
    }
    std::string text =
        fmt::format("{} by {} in {}", counted(blame.lines(), "line", "lines"),
                    counted(authors.size(), "author", "authors"), counted(blame.origins.size(), "change", "changes"));
    return oldest == std::numeric_limits<Instant>::max() ? text : text + " since " + year_of(oldest);
}

Html former_names(const store::RepoName& name, const Blame& blame)
{
    std::vector<const Blame::Origin*> renames;
    for (const Blame::Origin& origin : blame.origins)
        if (origin.has_parent && origin.parent_path != origin.path)
            renames.push_back(&origin);
    std::sort(renames.begin(), renames.end(),
              [](const Blame::Origin* a, const Blame::Origin* b) { return a->when > b->when; });
    Html html;
    std::set<uint32_t> shown_paths;
    for (const Blame::Origin* origin : renames) {
        if (shown_paths.size() == max_former_names || !shown_paths.insert(origin->parent_path).second)
            continue;
        const std::string& path = blame.paths[origin->parent_path];
        html.add("{}was <a href=\"{}\">{}</a> until {}", html.empty() ? "" : ", ",
                 Url::view(name, "blame", git::to_string(origin->parent), path), shown_name(path), date(origin->when));
    }
    return html;
}

} // namespace quire::web
