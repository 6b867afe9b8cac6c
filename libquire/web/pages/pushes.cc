// "/NAME/-/pushes": the push log, newest first: who pushed what, when, and whether it was forced or signed. "?from=N"
// goes on with the N-th entry. Who is not logged in sees neither who pushed nor what a push took away.
#include <algorithm>

#include "base/strings.h"
#include "store/push_log.h"
#include "web/html/head.h"
#include "web/html/layout.h"
#include "web/html/parts.h"
#include "web/pages/pages.h"

namespace quire::web {

constexpr size_t page_entries = 100;
/// The log is read from its end: what is further back is for who has the file.
constexpr size_t max_entries = 10'000;

using store::PushLogEntry;

namespace {

bool is_zero(std::string_view id) { return id.find_first_not_of('0') == std::string_view::npos; }

bool is_branch_or_tag(std::string_view ref) { return ref.starts_with("refs/heads/") || ref.starts_with("refs/tags/"); }

std::string short_ref(std::string_view ref)
{
    if (!strip_prefix(ref, "refs/heads/") && !strip_prefix(ref, "refs/tags/"))
        strip_prefix(ref, "refs/");
    return shown_name(ref);
}

Html id_link(const store::RepoName& name, const std::string& id)
{
    Html html;
    auto oid = git::parse_oid(id);
    return oid ? html.add("<a href=\"{}\"><code>{}</code></a>", Url::view(name, "commit", id), short_id(*oid))
               : html.add("<code>{}</code>", shown_name(id));
}

Html what_happened(const Visit& visit, const PushLogEntry& entry)
{
    const store::RepoName& name = visit.name();
    bool shows_old = visit.request.is_authenticated() || !(entry.forced || is_zero(entry.new_id));
    bool is_range = git::parse_oid(entry.old_id) && git::parse_oid(entry.new_id);
    std::string range = entry.old_id + ".." + entry.new_id;
    Html html;
    if (is_zero(entry.new_id) && shows_old)
        html.add("was {}", id_link(name, entry.old_id));
    else if (is_zero(entry.old_id) || !is_range || !shows_old)
        html.append(id_link(name, entry.new_id));
    else
        html.add("{} → {} <a href=\"{}\">{}</a>", id_link(name, entry.old_id), id_link(name, entry.new_id),
                 Url::view(name, entry.forced ? "range-diff" : "compare", range),
                 entry.forced ? "what became of each commit" : "compare");
    return html;
}

void add_signature(Html& html, const Visit& visit, const store::PushSignature& signature)
{
    if (signature.certificate.empty())
        return;
    bool is_good = signature.verdict == "good";
    if (visit.request.is_authenticated() && is_good && !signature.signer.empty())
        html.add("<span class=\"label\" title=\"{}\">signed</span>", shown_name(signature.signer));
    else
        html.add("<span class=\"label\" title=\"{}\">{}</span>", shown_name(signature.verdict),
                 is_good ? "signed" : "signed, not verified");
}

void add_entry(Html& html, const Visit& visit, const PushLogEntry& entry)
{
    bool is_made = is_zero(entry.old_id), is_gone = is_zero(entry.new_id);
    html.add("<li><time datetime=\"{}\">{}</time><span class=\"name\">", format_instant(entry.at),
             format_instant(entry.at).substr(11, 5));
    if (!is_gone && is_branch_or_tag(entry.ref))
        html.add("<a href=\"{}\">{}</a>", Url::view(visit.name(), "log", entry.ref), short_ref(entry.ref));
    else
        html.text(short_ref(entry.ref));
    if (is_made || is_gone || entry.forced)
        html.add("<span class=\"label\">{}</span>", is_gone ? "deleted" : is_made ? "new" : "forced");
    add_signature(html, visit, entry.signature);
    html.add("</span><span class=\"subject\">{}</span>", what_happened(visit, entry));
    if (visit.request.is_authenticated())
        html.add("<span class=\"by\">{}</span>", shown_name(entry.pusher));
    html.add("</li>\n");
}

/// Whether who is not logged in may know of it.
bool is_for_everyone(const PushLogEntry& entry) { return is_branch_or_tag(entry.ref) && !is_zero(entry.new_id); }

} // namespace

Page pushes_page(const Visit& visit)
{
    std::string_view from_text = visit.request.parameter("from");
    auto from = from_text.empty() ? std::optional<uint64_t>(1) : parse_decimal(from_text);
    if (!from || *from == 0 || *from > max_entries)
        return fail(ErrorKind::not_found, "The push log is shown from entry 1 to {}.", grouped(max_entries));
    size_t first = *from - 1, wanted = first + page_entries + 1;
    std::vector<PushLogEntry> entries = TRY(store::read_push_log(visit.repository->directory.get(), wanted));
    bool goes_on = entries.size() == wanted && wanted <= max_entries;
    Html body, rows;
    body.append(page_head("pushes", Html(), Tools()));
    std::string day;
    size_t end = std::min(entries.size(), first + page_entries);
    for (size_t i = std::min(first, end); i < end; ++i) {
        if (!visit.request.is_authenticated() && !is_for_everyone(entries[i]))
            continue;
        if (std::string today = format_instant(entries[i].at).substr(0, 10); today != day) {
            if (!day.empty())
                rows.add("</ul>\n");
            rows.add("<h2 class=\"day\">{}</h2>\n<ul class=\"refs pushes\">\n", today);
            day = today;
        }
        add_entry(rows, visit, entries[i]);
    }
    if (!day.empty())
        rows.add("</ul>\n");
    if (rows.empty())
        rows.add("<p class=\"empty\">{}</p>\n",
                 entries.empty() ? "Nothing has been pushed yet." : "None of these is to be seen.");
    body.append(rows);
    Url here = Url::view(visit.name(), "pushes");
    if (first > 0 || goes_on)
        body.add("<nav class=\"pages\" aria-label=\"pages\">");
    if (first > 0)
        body.add("<a rel=\"prev\" href=\"{}\">newer</a>",
                 first > page_entries ? here.with("from", std::to_string(first + 1 - page_entries)) : here);
    if (goes_on)
        body.add("<a rel=\"next\" href=\"{}\">older</a>", here.with("from", std::to_string(first + 1 + page_entries)));
    if (first > 0 || goes_on)
        body.add("</nav>\n");
    return render(visit, {.title = "pushes", .tab = Tab::refs}, body);
}

} // namespace quire::web
