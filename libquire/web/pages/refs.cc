// "/NAME/-/refs": branches and tags, the default branch before all, then newest first ("?sort=name": by name), filtered
// by "?q=". With "?view=" and
// "&path=", each leads to that page of itself: so another ref is chosen on any page.
#include <algorithm>

#include "base/natural_order.h"
#include "base/strings.h"
#include "git/ahead_behind.h"
#include "web/budget/costly.h"
#include "web/html/head.h"
#include "web/html/layout.h"
#include "web/html/parts.h"
#include "web/pages/pages.h"

namespace quire::web {

constexpr size_t max_refs = 20'000;
constexpr size_t shown_refs = 100; ///< of each kind, unless all are asked for
/// Commits that may be looked at to count how far branches have parted: unasked, some two milliseconds' worth.
constexpr size_t first_glance = 20'000;
constexpr size_t long_look = 20'000'000;

namespace {

/// What the address asks for.
struct RefsForm {
    std::string filter;
    bool by_name = false;
    std::string view, path; ///< where each ref leads; "": to its tree
    bool all = false;

    static RefsForm of(const http::Request& request)
    {
        RefsForm form{.filter = std::string(request.parameter("q")),
                      .by_name = request.parameter("sort") == "name",
                      .view = {},
                      .path = {},
                      .all = !request.parameter("all").empty()};
        std::string_view view = request.parameter("view");
        for (std::string_view known : {"tree", "file", "log", "blame", "trail", "search", "symbol"})
            if (view == known)
                form.view = view;
        if (!form.view.empty())
            form.path = request.parameter("path");
        return form;
    }
    Url address(const store::RepoName& name, bool sorts_by_name) const
    {
        Url here = Url::view(name, "refs");
        if (!view.empty())
            here = here.with("view", view);
        if (!path.empty())
            here = here.with("path", path);
        if (!filter.empty())
            here = here.with("q", filter);
        return sorts_by_name ? here.with("sort", "name") : here;
    }
    Url of_ref(const store::RepoName& name, std::string_view ref) const
    {
        return view.empty() ? Url::view(name, "tree", ref) : Url::view(name, view, ref, path);
    }
};

class RefsPage {
public:
    RefsPage(const Visit& visit, const git::Repository& repository, const RefsForm& form)
        : m_visit(visit), m_repository(repository), m_form(form), m_default(repository.default_branch())
    {
        m_base = repository.commit_of_ref(m_default);
        if (auto tip = m_base ? repository.commit(*m_base) : fail(ErrorKind::not_found, "no default branch"); tip)
            m_is_jj = !tip->change_id.empty();
    }

    /// How far each of these has parted from the default branch. The page does not wait for what takes long.
    Result<void> find_distances(const std::vector<const git::Ref*>& branches)
    {
        std::optional<CostlyPlace> costly;
        bool is_asked_for = !m_visit.request.parameter("distances").empty();
        if (is_asked_for)
            costly.emplace(TRY(CostlyPlace::take(m_visit.request)));
        std::vector<git_oid> unknown;
        for (size_t i = 0; m_base && i < branches.size() && i < shown_refs; ++i)
            if (branches[i]->name != m_default && !known_distance(*branches[i]))
                unknown.push_back(branches[i]->commit);
        size_t steps = is_asked_for ? long_look : first_glance;
        auto found = unknown.empty()
                         ? std::nullopt
                         : git::ahead_behind(m_repository, *m_base, unknown, steps, costly_patience(m_visit.request));
        m_lacks_distances = !unknown.empty() && !found;
        if (found)
            keep_distances(m_visit.site, *m_base, unknown, *found);
        else if (m_lacks_distances)
            m_visit.site.later(*m_visit.repository, "distances" + git::to_string(*m_base),
                               [&site = m_visit.site, base = *m_base, unknown](const git::Repository& later) {
                                   size_t all = long_look;
                                   if (auto counted = git::ahead_behind(
                                           later, base, unknown, all, Patience(monotonic_now() + Afterwards::patience)))
                                       keep_distances(site, base, unknown, *counted);
                               });
        return {};
    }

    bool lacks_distances() const { return m_lacks_distances; }

    const char* branches_word() const { return m_is_jj ? "bookmarks" : "branches"; }

    void add_section(Html& body, std::string_view title, const std::vector<const git::Ref*>& refs)
    {
        if (refs.empty())
            return;
        body.add("<h2>{}</h2>\n", title);
        add_rows(body, refs);
    }

    void add_rows(Html& body, const std::vector<const git::Ref*>& refs)
    {
        body.add("<ul class=\"refs wide\">\n");
        size_t shown_rows = m_form.all ? refs.size() : std::min(refs.size(), shown_refs);
        for (size_t i = 0; i < shown_rows; ++i)
            add_row(body, *refs[i]);
        body.add("</ul>\n");
        if (refs.size() > shown_rows)
            body.add(
                "<p class=\"more\">{} more: narrow them down with the filter, or <a rel=\"nofollow\" href=\"{}\">show "
                "all</a></p>\n",
                grouped(refs.size() - shown_rows), m_form.address(m_visit.name(), m_form.by_name).with("all", "1"));
    }

private:
    void add_row(Html& body, const git::Ref& ref)
    {
        const store::RepoName& name = m_visit.name();
        std::string_view own = ref.short_name();
        std::string subject = shown_subject(m_repository.subject(ref));
        body.add("<li><a class=\"name\" href=\"{}\">{}</a>{}<span class=\"subject\">{}</span>",
                 m_form.of_ref(name, own), shown_name(own), run_mark(m_visit, ref.commit),
                 subject == own ? "" : subject); // a release is often called by its tag alone
        if (ref.kind == git::RefKind::tag)
            body.add("<a href=\"{}\">tar.gz</a> <a href=\"{}\">zip</a>",
                     Url::view(name, "archive", std::string(own) + ".tar.gz"),
                     Url::view(name, "archive", std::string(own) + ".zip"));
        else
            add_distance(body, ref);
        body.add("<a href=\"{}\">log</a>{}</li>\n", Url::view(name, "log", own), date(ref.when));
    }

    void add_distance(Html& body, const git::Ref& ref)
    {
        if (ref.name == m_default) {
            body.add("<span class=\"distance\">default</span>");
            return;
        }
        auto distance = known_distance(ref);
        if (!distance)
            return;
        Url compare = Url::view(m_visit.name(), "compare", fmt::format("{}...{}", short_default(), ref.short_name()));
        if (distance->ahead > 0 && distance->behind > 0)
            body.add("<a class=\"distance\" href=\"{}\">{} ahead, {} behind</a>", compare, grouped(distance->ahead),
                     grouped(distance->behind));
        else if (size_t either = distance->ahead + distance->behind; either > 0)
            body.add("<a class=\"distance\" href=\"{}\">{} {}</a>", compare, grouped(either),
                     distance->ahead > 0 ? "ahead" : "behind");
    }

    static std::string distance_key(const git_oid& tip, const git_oid& base)
    {
        return git::to_string(tip) + git::to_string(base);
    }

    static void keep_distances(Site& site, const git_oid& base, const std::vector<git_oid>& tips,
                               const std::vector<git::AheadBehind>& found)
    {
        for (size_t i = 0; i < tips.size(); ++i)
            site.caches().distances.keep(distance_key(tips[i], base), {found[i], sizeof(git::AheadBehind)});
    }

    std::shared_ptr<const git::AheadBehind> known_distance(const git::Ref& ref) const
    {
        return m_base ? m_visit.site.caches().distances.find(distance_key(ref.commit, *m_base)) : nullptr;
    }

    std::string_view short_default() const
    {
        std::string_view branch = m_default;
        strip_prefix(branch, "refs/heads/");
        return branch;
    }

    const Visit& m_visit;
    const git::Repository& m_repository;
    const RefsForm& m_form;
    std::string m_default;
    std::optional<git_oid> m_base;
    bool m_is_jj = false;
    bool m_lacks_distances = false;
};

} // namespace

static Tools tools_of(const Visit& visit, const RefsForm& form)
{
    Html html;
    html.add("<form class=\"filter\" action=\"{}\">"
             "<label>name <input type=\"text\" name=\"q\" value=\"{}\"></label>",
             Url::view(visit.name(), "refs"), shown(form.filter));
    if (form.by_name)
        html.add("<input type=\"hidden\" name=\"sort\" value=\"name\">");
    if (!form.view.empty())
        html.add("<input type=\"hidden\" name=\"view\" value=\"{}\">", form.view);
    if (!form.path.empty())
        html.add("<input type=\"hidden\" name=\"path\" value=\"{}\">", shown(form.path));
    html.add("<button type=\"submit\">filter</button></form>\n");
    Tools tools;
    return tools.append(html)
        .choice("order", {{"newest first", form.address(visit.name(), false), !form.by_name},
                          {"by name", form.address(visit.name(), true), form.by_name}})
        .deep_link("compare two", Url::view(visit.name(), "compare"))
        .link("pushes", Url::view(visit.name(), "pushes"));
}

Page refs_page(const Visit& visit)
{
    auto repository = TRY(visit.site.open(*visit.repository));
    std::vector<git::Ref> refs = TRY(repository->refs(max_refs));
    RefsForm form = RefsForm::of(visit.request);
    if (form.by_name)
        std::sort(refs.begin(), refs.end(),
                  [](const git::Ref& a, const git::Ref& b) { return natural_less(a.name, b.name); });
    else
        std::stable_partition(refs.begin(), refs.end(), [name = repository->default_branch()](const git::Ref& ref) {
            return ref.name == name; // what the others are measured by
        });
    std::vector<const git::Ref*> branches, moving, tags;
    for (const git::Ref& ref : refs) {
        if (ref.short_name().find(form.filter) == std::string_view::npos)
            continue;
        bool is_tag = ref.kind == git::RefKind::tag;
        (is_tag ? tags : is_short_lived(ref.short_name()) ? moving : branches).push_back(&ref);
    }
    RefsPage page(visit, *repository, form);
    TRY(page.find_distances(branches));
    Html body;
    Html note;
    if (!form.path.empty())
        note.add("each leads to its own {}", shown_name(form.path));
    body.append(page_head(std::string(page.branches_word()) + " and tags", note, tools_of(visit, form)));
    if (branches.empty() && tags.empty() && moving.empty())
        body.add("<p class=\"empty\">{}</p>\n",
                 form.filter.empty() ? "There are none yet: push one." : "No name contains that.");
    if (page.lacks_distances())
        body.add(
            "<p class=\"more fill\"><a href=\"{}\" data-part=\".refs\">count the commits ahead and behind</a></p>\n",
            form.address(visit.name(), form.by_name).with("distances", "1"));
    page.add_section(body, page.branches_word(), branches);
    if (!moving.empty()) {
        body.add("<details><summary>short-lived {} ({})</summary>\n", page.branches_word(), moving.size());
        page.add_rows(body, moving);
        body.add("</details>\n");
    }
    page.add_section(body, "tags", tags);
    return render(visit,
                  {.title = std::string(page.branches_word()) + " and tags",
                   .tab = Tab::refs,
                   .is_whole = !page.lacks_distances()},
                  body);
}

} // namespace quire::web
