// "/NAME/-/change/ID": all versions of a change, oldest first, with what each altered, and where it is now. The
// beginning of an id will do if no other change begins with it. "?from=2&to=5" compares two versions, whatever they are
// based on.
//
// The index of changes knows the versions (history/change_index.h). Until it is made, or for a change that came just
// now, those are shown that branches and tags lead to. Who is not logged in sees no others at any time: what a push
// took away is nobody else's business.
#include <algorithm>
#include <set>

#include "base/strings.h"
#include "git/change_id.h"
#include "git/log_walk.h"
#include "git/reachability.h"
#include "history/tree_view.h"
#include "web/code/interdiff_view.h"
#include "web/code/message.h"
#include "web/html/change_ids.h"
#include "web/html/head.h"
#include "web/html/layout.h"
#include "web/html/parts.h"
#include "web/pages/pages.h"

namespace quire::web {

constexpr size_t max_versions = 100;
constexpr size_t max_refs = 2000;
constexpr size_t max_steps = 2'000'000;
constexpr size_t max_candidates = 50;
constexpr size_t max_named = 3;

namespace {

struct Version {
    history::ChangeVersion known;
    size_t number = 0;
    std::optional<git::CommitInfo> commit; ///< absent: git has cleared it away
    std::vector<std::string> branches, tags;
    bool is_present() const { return !branches.empty() || !tags.empty(); }
};

class ChangePage {
public:
    ChangePage(const Visit& visit, const git::Repository& repository)
        : m_visit(visit), m_repository(repository), m_patience(costly_patience(visit.request)),
          m_index(open_change_index(visit))
    {}

    Page make(std::string_view wanted)
    {
        if (!git::is_change_id_prefix(wanted))
            return fail(ErrorKind::not_found,
                        "'{}' is no id of a change: those have letters from k to z, or an I and hex digits.",
                        shown_name(wanted));
        m_refs = TRY(m_repository.refs(max_refs));
        std::vector<std::string> ids = m_index ? m_index->find(wanted, max_candidates) : std::vector<std::string>();
        bool is_exact = git::is_change_id(wanted) && std::find(ids.begin(), ids.end(), wanted) != ids.end();
        if (ids.size() > 1 && !is_exact)
            return candidates(wanted, ids);
        m_id = is_exact || ids.empty() ? std::string(wanted) : ids[0];
        TRY(find_versions());
        if (m_versions.empty())
            return fail(ErrorKind::not_found, "No change here has the id '{}'.{}", shown_name(wanted),
                        m_index ? "" : " What was pushed before is still being looked through.");
        if (m_id != wanted)
            return http::redirect(Url::view(m_visit.name(), "change", m_id).str());
        std::string_view from = m_visit.request.parameter("from"), to = m_visit.request.parameter("to");
        return from.empty() && to.empty() ? overview() : comparison(from, to);
    }

private:
    Page candidates(std::string_view wanted, const std::vector<std::string>& ids)
    {
        Html body;
        body.append(page_head("changes", Html().add("that begin with <code>{}</code>", shown_name(wanted)), Tools()));
        body.add("<ul>\n");
        ChangeIds shown(m_visit);
        for (const std::string& id : ids) {
            m_id = id;
            TRY(find_versions());
            if (!m_versions.empty())
                body.add("<li>{} {}</li>\n", shown.link(id, ChangeIds::Length::whole), subject());
        }
        body.add("</ul>\n");
        return render(m_visit, {.title = "changes", .tab = Tab::log}, body);
    }

    Result<void> find_versions()
    {
        std::vector<history::ChangeVersion> known = m_index ? m_index->versions(m_id) : decltype(known)();
        std::set<std::string> ids;
        for (const auto& one : known)
            ids.insert(git::to_string(one.commit));
        bool is_new = known.empty();
        if (is_new) // or just pushed: what the refs lead to is found without the index
            for (const git::CommitInfo& commit : TRY(search_refs()))
                if (commit.change_id == m_id && ids.insert(git::to_string(commit.id)).second)
                    known.insert(known.begin(), {commit.id, 0, "", ""});
        m_versions.clear();
        for (const auto& one : known)
            m_versions.push_back({one, m_versions.size() + 1, {}, {}, {}});
        m_left_out = m_versions.size() - std::min(m_versions.size(), max_versions);
        m_versions.erase(m_versions.begin(), m_versions.begin() + static_cast<ptrdiff_t>(m_left_out));
        for (Version& version : m_versions)
            find_place(version);
        if (!m_visit.request.is_authenticated())
            std::erase_if(m_versions, [](const Version& version) { return !version.is_present(); });
        return {};
    }

    Result<std::vector<git::CommitInfo>> search_refs()
    {
        constexpr int64_t longest = nanoseconds_per_second / 2;
        git::LogQuery query{
            .change_id = m_id, .count = max_versions, .patience = m_patience.until(monotonic_now() + longest)};
        for (const git::Ref& ref : m_refs)
            query.from.push_back(ref.commit);
        git::LogPage page = TRY(git::read_log(m_repository, query));
        m_is_partial |= page.is_cut;
        return std::move(page.commits);
    }

    /// Which branches and tags lead to it.
    void find_place(Version& version)
    {
        auto commit = m_repository.commit(version.known.commit);
        if (!commit)
            return;
        version.commit = std::move(*commit);
        std::vector<git_oid> tips;
        for (const git::Ref& ref : m_refs)
            tips.push_back(ref.commit);
        auto held = git::tips_that_hold(m_repository, version.known.commit, tips, max_steps, m_patience);
        m_is_partial |= !held;
        std::string first = m_repository.default_branch();
        for (size_t i = 0; held && i < m_refs.size(); ++i)
            if ((*held)[i] && m_refs[i].name == first)
                version.branches.emplace_back(m_refs[i].short_name());
        for (size_t i = 0; held && i < m_refs.size(); ++i)
            if ((*held)[i] && m_refs[i].name != first)
                (m_refs[i].kind == git::RefKind::tag ? version.tags : version.branches)
                    .emplace_back(m_refs[i].short_name());
    }

    const Version* newest() const
    {
        const Version* found = nullptr;
        for (const Version& version : m_versions)
            if (version.commit && (!found || version.is_present() || !found->is_present()))
                found = &version;
        return found;
    }

    std::string subject() const
    {
        const Version* version = newest();
        std::string text = version ? shown_subject(version->commit->subject()) : std::string();
        return text.empty() ? "(no message)" : text;
    }

    void add_refs(Html& html, const std::vector<std::string>& names) const
    {
        for (size_t i = 0; i < names.size() && i < max_named; ++i)
            html.add("<a class=\"label\" href=\"{}\">{}</a> ", Url::view(m_visit.name(), "log", names[i]),
                     shown_name(names[i]));
        if (names.size() > max_named)
            html.add("and {} more ", grouped(names.size() - max_named));
    }

    void add_version(Html& html, const Version& version, const Version* before)
    {
        std::string id = git::to_string(version.known.commit);
        html.add("<li id=\"v{}\"><span class=\"number\">{}</span> ", version.number, version.number);
        if (!version.commit) {
            html.add("<span class=\"altered\">git has cleared it away</span> ");
        } else if (!before) {
            html.add("<span class=\"altered\">{}</span> ",
                     version.number == 1 ? "the first version" : "the first version that is here");
        } else {
            auto altered =
                find_alteration(m_visit, m_repository, before->known.commit, version.known.commit, m_patience);
            m_is_partial |= !altered;
            Url compare = compared(before->number, version.number);
            html.add("<a class=\"altered\" href=\"{}\">{}</a> ", compare,
                     altered ? alteration_words(*altered) : Html().add("compare"));
        }
        add_refs(html, version.branches);
        if (version.branches.empty())
            add_refs(html, version.tags);
        if (version.commit && !version.commit->conflict.empty())
            html.add("<span class=\"label conflict\">conflict</span> ");
        if (version.commit && m_visit.repository->shows_runs)
            html.add("{} <a href=\"{}\">runs</a> ", run_mark(m_visit, version.known.commit),
                     Url::runs(m_visit.name()).with("commit", id));
        html.add("<span class=\"by\">");
        if (version.known.pushed_at != 0)
            html.add("pushed {}", date_and_time(version.known.pushed_at));
        if (m_visit.request.is_authenticated() && !version.known.pusher.empty())
            html.add(" by {}", shown_name(version.known.pusher));
        std::string_view ref = version.known.ref;
        if (strip_prefix(ref, "refs/heads/") || strip_prefix(ref, "refs/tags/") || strip_prefix(ref, "refs/"))
            html.add(" to {}", shown_name(ref));
        html.add("</span> ");
        if (version.commit)
            html.add("<a href=\"{}\"><code>{}</code></a></li>\n", Url::view(m_visit.name(), "commit", id),
                     short_id(version.known.commit));
        else
            html.add("<code>{}</code></li>\n", short_id(version.known.commit));
    }

    Url compared(size_t from, size_t to) const
    {
        return Url::view(m_visit.name(), "change", m_id)
            .with("from", std::to_string(from))
            .with("to", std::to_string(to));
    }

    /// More than one version on branches is a divergence, as jj calls it.
    void add_divergence(Html& body) const
    {
        std::vector<std::string> numbers;
        for (const Version& version : m_versions)
            if (!version.branches.empty())
                numbers.push_back(std::to_string(version.number));
        if (numbers.size() > 1)
            body.add("<p class=\"notice\">The change is divergent: branches have its versions {}.</p>\n",
                     join(numbers, ", "));
    }

    void add_conflict(Html& body) const
    {
        const Version* version = newest();
        if (!version || version->commit->conflict.empty())
            return;
        auto paths = history::TreeView::of(m_repository, *version->commit, {.patience = m_patience}).conflicts();
        body.add("<p class=\"notice\">Its newest version has a conflict in {} {}.</p>\n", grouped(paths.size()),
                 paths.size() == 1 ? "file" : "files");
    }

    Page overview()
    {
        Html body;
        Html note;
        note.add("change {} · {} {}", ChangeIds(m_visit).link(m_id, ChangeIds::Length::whole),
                 grouped(m_versions.size() + m_left_out), m_versions.size() + m_left_out == 1 ? "version" : "versions");
        Tools tools;
        if (const Version* last = newest();
            m_versions.size() > 1 && last && m_versions[0].number != last->number && m_versions[0].commit)
            tools.link("from the first to the newest", compared(m_versions[0].number, last->number));
        body.append(page_head(subject(), note, tools));
        const Version* shown = newest();
        std::string message = shown ? message_below(*shown->commit, subject()) : std::string();
        if (!message.empty())
            body.add("<pre class=\"message\">{}</pre>\n", linked_message(m_visit.name(), m_repository, message));
        bool is_there = std::any_of(m_versions.begin(), m_versions.end(),
                                    [](const Version& version) { return version.is_present(); });
        if (!is_there)
            body.add("<p class=\"notice\">No branch or tag has it any more.</p>\n");
        add_divergence(body);
        add_conflict(body);
        if (m_left_out > 0)
            body.add("<p class=\"notice\">{} older versions are left out.</p>\n", grouped(m_left_out));
        body.add("<ol class=\"versions\">\n");
        const Version* before = nullptr;
        for (const Version& version : m_versions) {
            add_version(body, version, before);
            if (version.commit)
                before = &version;
        }
        body.add("</ol>\n");
        if (m_is_partial)
            body.add("<p class=\"notice\">Time ran out before all was found.</p>\n");
        return render(m_visit, {.title = subject(), .tab = Tab::log, .is_whole = !m_is_partial}, body);
    }

    Result<const Version*> numbered(std::string_view text) const
    {
        auto number = parse_decimal(text);
        for (const Version& version : m_versions)
            if (number && version.number == *number) {
                if (!version.commit)
                    return fail(ErrorKind::not_found, "Git has cleared version {} away.", *number);
                return &version;
            }
        return fail(ErrorKind::not_found, "This change has no version '{}' to be seen.", shown_name(text));
    }

    Page comparison(std::string_view from_text, std::string_view to_text)
    {
        const Version* from = TRY(numbered(from_text));
        const Version* to = TRY(numbered(to_text));
        Html body;
        Html note;
        note.add("from <a href=\"{}\">version {}</a> to <a href=\"{}\">version {}</a> of change {}",
                 Url::view(m_visit.name(), "commit", git::to_string(from->known.commit)), from->number,
                 Url::view(m_visit.name(), "commit", git::to_string(to->known.commit)), to->number,
                 ChangeIds(m_visit).link(m_id, ChangeIds::Length::short_form));
        Tools tools;
        tools.deep_link("the other way round", compared(to->number, from->number));
        body.append(page_head(subject(), note, tools));
        bool is_whole = true;
        Url here = Url::view(m_visit.name(), "interdiff",
                             git::to_string(from->known.commit) + ".." + git::to_string(to->known.commit));
        body.append(TRY(render_interdiff(m_visit, m_repository, from->known.commit, to->known.commit, here, is_whole)));
        return render(m_visit, {.title = subject(), .tab = Tab::log, .is_whole = is_whole}, body);
    }

    const Visit& m_visit;
    const git::Repository& m_repository;
    Patience m_patience;
    std::optional<history::ChangeIndex> m_index;
    std::vector<git::Ref> m_refs;
    std::string m_id;
    std::vector<Version> m_versions;
    size_t m_left_out = 0;
    bool m_is_partial = false;
};

} // namespace

Page change_page(const Visit& visit)
{
    if (visit.rest.size() != 1)
        return fail(ErrorKind::not_found, "A change is named by its id alone.");
    auto repository = TRY(visit.site.open(*visit.repository));
    return ChangePage(visit, *repository).make(visit.rest[0]);
}

} // namespace quire::web
