// "/NAME/-/refs": branches and tags, newest first ("?sort=name": by name), filtered by "?q=".
#include <algorithm>

#include "base/strings.h"
#include "web/layout.h"
#include "web/pages.h"
#include "web/parts.h"

namespace quire::web {

constexpr size_t max_refs = 20'000;
constexpr size_t shown_refs = 500;
/// Commits that may be looked at to count how far branches have parted, of all of them together.
constexpr size_t max_steps = 150'000;

namespace {

class RefsPage {
public:
    RefsPage(const Visit& visit, const git::Repository& repository)
        : m_visit(visit), m_repository(repository), m_default(repository.head_name())
    {
        m_base = repository.commit_of_ref(m_default);
        if (auto tip = m_base ? repository.commit(*m_base) : fail(ErrorKind::not_found, "no default branch"); tip)
            m_is_jj = !tip->change_id.empty();
    }

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
        for (size_t i = 0; i < refs.size() && i < shown_refs; ++i)
            add_row(body, *refs[i]);
        body.add("</ul>\n");
        if (refs.size() > shown_refs)
            body.add("<p class=\"empty\">and {} more; narrow them down with the filter</p>\n", refs.size() - shown_refs);
    }

private:
    void add_row(Html& body, const git::Ref& ref)
    {
        const store::RepoName& name = m_visit.name();
        std::string_view own = ref.short_name();
        body.add("<li><a class=\"name\" href=\"{}\">{}</a><span class=\"subject\">{}</span>", Url::view(name, "tree", own),
                 shown_name(own), shown(ref.subject));
        if (ref.kind == git::RefKind::tag)
            body.add("<a href=\"{}\">tar.gz</a> <a href=\"{}\">zip</a>", Url::view(name, "archive", std::string(own) + ".tar.gz"),
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
        auto distance = find_distance(ref);
        if (!distance)
            return;
        Url compare = Url::view(m_visit.name(), "compare", fmt::format("{}...{}", short_default(), ref.short_name()));
        body.add("<a class=\"distance\" href=\"{}\">{} ahead, {} behind</a>", compare, distance->ahead, distance->behind);
    }

    std::optional<git::AheadBehind> find_distance(const git::Ref& ref)
    {
        if (!m_base)
            return std::nullopt;
        auto& cache = m_visit.site.caches().distances;
        std::string key = git::to_string(ref.commit) + git::to_string(*m_base);
        if (auto known = cache.find(key))
            return *known;
        auto distance = m_steps > 0 ? git::ahead_behind(m_repository, ref.commit, *m_base, m_steps) : std::nullopt;
        if (distance)
            cache.keep(key, distance, sizeof distance);
        return distance;
    }

    std::string_view short_default() const
    {
        std::string_view branch = m_default;
        strip_prefix(branch, "refs/heads/");
        return branch;
    }

    const Visit& m_visit;
    const git::Repository& m_repository;
    std::string m_default;
    std::optional<git_oid> m_base;
    bool m_is_jj = false;
    size_t m_steps = max_steps;
};

} // namespace

static void add_form(Html& body, const Visit& visit, const std::string& filter, bool by_name)
{
    Url here = Url::view(visit.name(), "refs");
    body.add("<form class=\"filter\" action=\"{}\">"
             "<label>name <input type=\"text\" name=\"q\" value=\"{}\"></label>",
             here, shown(filter));
    if (by_name)
        body.add("<input type=\"hidden\" name=\"sort\" value=\"name\">");
    Url other = filter.empty() ? here : here.with("q", filter);
    body.add("<button type=\"submit\">filter</button><a href=\"{}\">{}</a></form>\n",
             by_name ? other : other.with("sort", "name"), by_name ? "newest first" : "by name");
}

Page refs_page(const Visit& visit)
{
    auto repository = TRY(visit.site.open(*visit.repository));
    std::vector<git::Ref> refs = TRY(repository->refs(max_refs));
    std::string filter(visit.request.parameter("q"));
    bool by_name = visit.request.parameter("sort") == "name";
    if (by_name)
        std::sort(refs.begin(), refs.end(), [](const git::Ref& a, const git::Ref& b) { return a.name < b.name; });
    std::vector<const git::Ref*> branches, moving, tags;
    for (const git::Ref& ref : refs) {
        if (ref.short_name().find(filter) == std::string_view::npos)
            continue;
        bool is_tag = ref.kind == git::RefKind::tag;
        (is_tag ? tags : is_short_lived(ref.short_name()) ? moving : branches).push_back(&ref);
    }
    RefsPage page(visit, *repository);
    Html body;
    body.add("<h1>{} and tags</h1>\n", page.branches_word());
    add_form(body, visit, filter, by_name);
    if (branches.empty() && tags.empty() && moving.empty())
        body.add("<p class=\"empty\">{}</p>\n", filter.empty() ? "There are none yet: push one." : "None has that in its name.");
    page.add_section(body, page.branches_word(), branches);
    if (!moving.empty()) {
        body.add("<details><summary>short-lived {} ({})</summary>\n", page.branches_word(), moving.size());
        page.add_rows(body, moving);
        body.add("</details>\n");
    }
    page.add_section(body, "tags", tags);
    return render(visit, {.title = "refs", .tab = Tab::refs}, body);
}

} // namespace quire::web
