// "/": all repositories that the reader may see, by group.
#include "base/show_time.h"
#include "base/time.h"
#include "store/replica.h"
#include "web/html/head.h"
#include "web/html/layout.h"
#include "web/html/parts.h"
#include "web/pages/pages.h"
#include "web/runs/run_visit.h"

namespace quire::web {

/// Returns true if the row may change without a change to what ListWatch watches: it does not see inside runs.
static bool add_row(Html& body, const Listed& listed)
{
    std::string group = listed.name.group();
    std::string_view own = listed.name.str();
    own.remove_prefix(group.empty() ? 0 : group.size() + 1);
    body.add("<li><a class=\"name\" href=\"{}\">{}</a>", Url::repository(listed.name), own);
    if (listed.is_private)
        body.add(" <span class=\"label\">private</span>");
    body.add("<span class=\"description\">{}</span>", listed.description);
    const auto& last = listed.last_run;
    if (last)
        body.add("<a class=\"last\" href=\"{}\">{}</a>", Url::run(listed.name, last->number),
                 state_word(store::to_string(last->state)));
    if (listed.pushed_at != 0)
        body.append(date(listed.pushed_at));
    if (!listed.fault.empty())
        body.add("<p class=\"fault\">{}</p>", listed.fault);
    body.add("</li>\n");
    return last && !store::is_terminal(last->state);
}

static Html empty_list(const Visit& visit)
{
    Html body;
    if (!visit.request.is_authenticated())
        return body.add("<p class=\"empty\">Nothing is published here yet.</p>\n");
    std::string host = visit.site.config().host;
    body.add("<p class=\"empty\">There is no repository yet. Make one, then push to it:</p>\n"
             "<pre class=\"command\"><code>ssh {} quire new hello</code></pre>\n",
             host.empty() ? "git@this-host" : host);
    return body;
}

/// What a replica tells its owner. false: it is none.
static bool add_replica(Html& body, const Visit& visit)
{
    if (!visit.request.is_authenticated())
        return false;
    auto state = store::read_replica(visit.site.root());
    if (!state || !*state)
        return false;
    std::string lag = store::lag_of(**state);
    body.add("<p class=\"{}\">a replica, as of {}{}</p>\n", lag.empty() ? "empty" : "fault",
             show_moment(store::current_until(**state)), lag.empty() ? "" : ", and not current: " + lag);
    return true;
}

Page list_page(const Visit& visit)
{
    std::vector<Listed> repositories = TRY(visit.site.list(visit.request));
    Html body;
    Tools tools;
    if (!repositories.empty())
        tools.append(Html().add("<form class=\"filter\" action=\"{}\"><label>search in all <input type=\"text\" "
                                "name=\"q\"></label><button type=\"submit\">search</button></form>\n",
                                Url::local("/-/search")));
    body.append(page_head("repositories", Html(), tools));
    bool is_replica = add_replica(body, visit);
    if (repositories.empty())
        body.append(empty_list(visit));
    // Repositories outside any group come first, then each group under its name.
    bool first = true, is_moving = false;
    std::string group;
    for (bool grouped : {false, true}) {
        for (const Listed& listed : repositories) {
            if (listed.name.group().empty() == grouped)
                continue;
            if (first || listed.name.group() != group) {
                if (!first)
                    body.add("</ul>\n");
                group = listed.name.group();
                if (!group.empty())
                    body.add("<h2 id=\"{}\">{}</h2>\n", group, group);
                body.add("<ul class=\"repositories\">\n");
            }
            first = false;
            is_moving |= add_row(body, listed);
        }
    }
    if (!first)
        body.add("</ul>\n");
    return render(visit, {.title = "repositories", .is_whole = !is_moving && !is_replica}, body);
}

} // namespace quire::web
