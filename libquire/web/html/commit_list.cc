#include "web/html/commit_list.h"

#include <algorithm>
#include <chrono>

#include "web/html/change_ids.h"
#include "web/html/lanes.h"
#include "web/html/parts.h"

namespace quire::web {

static std::string_view weekday(Instant when)
{
    constexpr std::string_view names[] = {"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"};
    using Day = std::chrono::sys_days;
    Day day = std::chrono::floor<std::chrono::days>(
        std::chrono::sys_time<std::chrono::nanoseconds>(std::chrono::nanoseconds(when)));
    return names[std::chrono::weekday(day).c_encoding()];
}

constexpr size_t max_refs = 20'000;
constexpr size_t max_refs_of_row = 4;

static RowRefs by_commit(const std::vector<git::Ref>& refs)
{
    RowRefs found;
    for (const git::Ref& ref : refs)
        if (!is_short_lived(ref.short_name()))
            found.by_commit.emplace(git::to_string(ref.commit), ref);
    return found;
}

RowRefs refs_of_rows(const git::Repository& repository, const std::vector<git::CommitInfo>& commits)
{
    git::IdSet ids;
    for (const git::CommitInfo& commit : commits)
        ids.insert(commit.id);
    return by_commit(repository.refs_to(ids, max_refs));
}

RowRefs refs_of_rows(const git::Repository& repository) { return by_commit(repository.refs(max_refs).value_or({})); }

namespace {

class List {
public:
    List(const store::RepoName& name, Rows rows, const RowRefs& refs) : m_name(name), m_rows(rows), m_refs(refs) {}

    /// Rows that go on under that day; it becomes the last row's.
    Html go_on(const std::vector<git::CommitInfo>& commits, const Visit& visit, std::string& day)
    {
        m_visit = &visit;
        m_ids.emplace(visit);
        m_day = day;
        for (const git::CommitInfo& commit : commits) {
            begin_day(commit);
            m_html.add("<li class=\"{}\">", commit.parents.size() > 1 ? "merge" : "plain");
            add_row(commit);
            m_html.add("</li>\n");
        }
        day = m_day;
        return std::move(m_html);
    }

    /// `visit`: where the index of changes and the runs are; null: the rows say nothing of these.
    Html make(const std::vector<git::CommitInfo>& commits, const Visit* visit)
    {
        m_visit = visit;
        bool has_ids =
            std::any_of(commits.begin(), commits.end(), [](const auto& one) { return !one.change_id.empty(); });
        if (has_ids && visit)
            m_ids.emplace(*visit);
        else
            m_ids.emplace(m_name);
        std::vector<LaneRow> lanes = m_rows == Rows::with_lanes ? lay_out_lanes(commits) : std::vector<LaneRow>();
        if (m_rows != Rows::by_day)
            m_html.add("<ol class=\"{}\">\n", m_rows == Rows::with_lanes ? "commits graph" : "commits");
        for (size_t i = 0; i < commits.size(); ++i) {
            if (m_rows == Rows::by_day)
                begin_day(commits[i]);
            m_html.add("<li class=\"{}\">", commits[i].parents.size() > 1 ? "merge" : "plain");
            if (m_rows == Rows::with_lanes)
                m_html.append(render_lanes(lanes[i]));
            add_row(commits[i]);
            m_html.add("</li>\n");
        }
        if (!commits.empty() || m_rows != Rows::by_day)
            m_html.add("</ol>\n");
        return std::move(m_html);
    }

private:
    void begin_day(const git::CommitInfo& commit)
    {
        Instant when = commit.committer.when;
        std::string day = when == git::no_date ? std::string("without a date") : format_instant(when).substr(0, 10);
        bool is_later = when == git::no_date || (!m_day.empty() && day >= m_day);
        if (!m_day.empty() && is_later)
            return;
        if (!m_day.empty())
            m_html.add("</ol>\n");
        m_html.add("<h2 class=\"day\">{}<span>{}</span></h2>\n<ol class=\"commits\">\n", day,
                   when == git::no_date ? "" : weekday(when));
        m_day = day;
    }

    void add_refs(const git::CommitInfo& commit)
    {
        auto [begin, end] = m_refs.by_commit.equal_range(git::to_string(commit.id));
        size_t count = 0;
        for (auto one = begin; one != end; ++one)
            if (++count <= max_refs_of_row) {
                const git::Ref& ref = one->second;
                m_html.add("<a class=\"{}\" href=\"{}\">{}</a>",
                           ref.kind == git::RefKind::tag ? "label ref tag" : "label ref",
                           Url::view(m_name, "log", ref.short_name()), shown_name(ref.short_name()));
            }
        if (count > max_refs_of_row)
            m_html.add("<span class=\"label\">and {} more</span>", count - max_refs_of_row);
    }

    void add_row(const git::CommitInfo& commit)
    {
        std::string subject = shown_subject(commit.subject());
        m_html.add("<span class=\"id\">{}</span><span class=\"what\">",
                   commit.change_id.empty() ? Html().add("<code>{}</code>", short_id(commit.id))
                                            : m_ids->link(commit.change_id, ChangeIds::Length::short_form));
        add_refs(commit);
        if (!commit.conflict.empty())
            m_html.add("<span class=\"label conflict\">conflict</span>");
        m_html.add("<a class=\"subject\" href=\"{}\">{}</a></span>",
                   Url::view(m_name, "commit", git::to_string(commit.id)), subject.empty() ? "(no message)" : subject);
        if (m_visit)
            m_html.append(run_mark(*m_visit, commit.id));
        m_html.add("<span class=\"by\">{}</span>{}", shown_name(commit.author.name),
                   m_rows == Rows::by_day && commit.committer.when != git::no_date ? time_of_day(commit.committer.when)
                                                                                   : date(commit.committer.when));
    }

    const store::RepoName& m_name;
    const Visit* m_visit = nullptr;
    Rows m_rows;
    const RowRefs& m_refs;
    std::optional<ChangeIds> m_ids;
    std::string m_day;
    Html m_html;
};

} // namespace

Html DayList::rows(const Visit& visit, const std::vector<git::CommitInfo>& commits, const RowRefs& refs)
{
    return List(visit.name(), Rows::by_day, refs).go_on(commits, visit, m_day);
}

Html DayList::end() const
{
    Html html;
    return m_day.empty() ? html : html.add("</ol>\n");
}

Rows rows_of_log(const std::vector<git::CommitInfo>& commits)
{
    constexpr Instant day = Instant(24) * 3600 * 1'000'000'000;
    size_t days = 0;
    for (size_t i = 0; i < commits.size(); ++i)
        days += i == 0 || commits[i].committer.when / day != commits[i - 1].committer.when / day;
    return days > 1 && days * 2 > commits.size() ? Rows::plain : Rows::by_day;
}

Html commit_list(const Visit& visit, const std::vector<git::CommitInfo>& commits, Rows rows, const RowRefs& refs)
{
    return List(visit.name(), rows, refs).make(commits, &visit);
}

Html commit_list(const store::RepoName& name, const std::vector<git::CommitInfo>& commits)
{
    RowRefs none;
    return List(name, Rows::plain, none).make(commits, nullptr);
}

} // namespace quire::web
