// "/NAME/-/refs": branches and tags, newest first.
#include "base/strings.h"
#include "web/layout.h"
#include "web/pages.h"
#include "web/parts.h"

namespace quire::web {

constexpr size_t max_refs = 20'000;
constexpr size_t shown_refs = 500;

static void add_rows(Html& body, const store::RepoName& name, const std::vector<const git::Ref*>& refs)
{
    body.add("<ul class=\"refs wide\">\n");
    for (size_t i = 0; i < refs.size() && i < shown_refs; ++i) {
        const git::Ref& ref = *refs[i];
        body.add("<li><a class=\"name\" href=\"{}\">{}</a><span class=\"subject\">{}</span><a href=\"{}\">log</a>{}</li>\n",
                 Url::view(name, "tree", ref.short_name()), shown_name(ref.short_name()), shown(ref.subject),
                 Url::view(name, "log", ref.short_name()), date(ref.when));
    }
    body.add("</ul>\n");
    if (refs.size() > shown_refs)
        body.add("<p class=\"empty\">and {} more; narrow them down with the filter</p>\n", refs.size() - shown_refs);
}

Page refs_page(const Visit& visit)
{
    auto repository = TRY(visit.site.open(*visit.repository));
    std::vector<git::Ref> refs = TRY(repository->refs(max_refs));
    std::string filter(visit.request.parameter("q"));
    std::vector<const git::Ref*> branches, moving, tags;
    for (const git::Ref& ref : refs) {
        if (ref.name.find(filter) == std::string::npos)
            continue;
        bool is_tag = ref.kind == git::RefKind::tag;
        (is_tag ? tags : ref.short_name().starts_with("push-") ? moving : branches).push_back(&ref);
    }
    Html body;
    body.add("<h1>branches and tags</h1>\n<form class=\"filter\" action=\"{}\"><label>filter <input name=\"q\" value=\"{}\"></label></form>\n",
             Url::view(visit.name(), "refs"), filter);
    if (branches.empty() && tags.empty() && moving.empty())
        body.add("<p class=\"empty\">{}</p>\n", filter.empty() ? "There are none yet: push one." : "None has that in its name.");
    if (!branches.empty()) {
        body.add("<h2>branches</h2>\n");
        add_rows(body, visit.name(), branches);
    }
    if (!moving.empty()) {
        body.add("<details><summary>short-lived branches ({})</summary>\n", moving.size());
        add_rows(body, visit.name(), moving);
        body.add("</details>\n");
    }
    if (!tags.empty()) {
        body.add("<h2>tags</h2>\n");
        add_rows(body, visit.name(), tags);
    }
    return render(visit, {.title = "refs", .tab = Tab::refs}, body);
}

} // namespace quire::web
