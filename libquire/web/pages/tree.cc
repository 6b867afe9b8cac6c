// "/NAME/-/tree/REF/PATH": a directory.
#include "base/strings.h"
#include "web/budget/costly.h"
#include "web/code/entry_changes.h"
#include "web/code/markdown.h"
#include "web/code/submodules.h"
#include "web/html/head.h"
#include "web/html/layout.h"
#include "web/html/parts.h"
#include "web/pages/pages.h"

namespace quire::web {

constexpr size_t max_readme = 1u << 20;
constexpr size_t max_link_targets = 200;
constexpr size_t max_link_target = 4096;
constexpr size_t max_sizes = 1000;

/// What a page knows about its entries besides their names.
struct TreeFacts {
    std::shared_ptr<const EntryChanges> changes; ///< null: it was not asked for
    std::map<std::string, std::string> submodules;
    std::map<std::string, std::string> link_targets; ///< by name
    std::map<std::string, size_t> sizes;             ///< of files, by name
};

static TreeFacts find_facts(const git::Repository& repository, const git::Place& place,
                            const std::vector<git::Entry>& entries)
{
    TreeFacts facts;
    for (const git::Entry& entry : entries) {
        if (entry.is_submodule() && facts.submodules.empty())
            facts.submodules = submodules(repository, place.commit);
        if (!entry.is_link() || facts.link_targets.size() == max_link_targets)
            continue;
        if (auto target = repository.blob(entry.id, max_link_target))
            facts.link_targets[entry.name] = std::move(*target);
    }
    return facts;
}

/// What a task has found out about entries after a push; null: nothing yet.
static std::unique_ptr<history::EntryIndex> open_index(const Visit& visit)
{
    auto runs = visit.site.open_runs(*visit.repository);
    auto index = runs ? history::EntryIndex::open(runs->get()) : Unexpected(std::move(runs).error());
    return index ? std::make_unique<history::EntryIndex>(std::move(*index)) : nullptr;
}

/// The index has those of one commit; any other needs the head of its object.
static std::map<std::string, size_t> sizes_of(const git::Repository& repository, const git::Place& place,
                                              const std::vector<git::Entry>& entries, const history::EntryIndex* index)
{
    std::map<std::string, size_t> sizes;
    if (index && git::is_same(index->commit(), place.commit))
        for (const history::EntryIndex::Entry& entry : index->directory(place.path))
            if (entry.size)
                sizes.emplace(entry.name, *entry.size);
    if (!sizes.empty())
        return sizes;
    for (const git::Entry& entry : entries) {
        bool is_file = !entry.is_directory() && !entry.is_link() && !entry.is_submodule();
        auto size = is_file && sizes.size() < max_sizes ? repository.blob_size(entry.id) : Result<size_t>(0);
        if (is_file && size)
            sizes[entry.name] = *size;
    }
    return sizes;
}

static void add_name(Html& html, const store::RepoName& name, const git::Place& place, const git::Entry& entry,
                     const TreeFacts& facts)
{
    std::string path = place.path.empty() ? entry.name : place.path + "/" + entry.name;
    if (entry.is_submodule()) {
        auto address = facts.submodules.find(path);
        auto link = address == facts.submodules.end() ? std::nullopt : submodule_link(name, address->second);
        if (link)
            html.add("<a href=\"{}\">{}</a>", *link, shown_name(entry.name));
        else
            html.text(shown_name(entry.name));
        html.add(" <code>@ {}</code>", short_id(entry.id));
    } else if (entry.is_directory()) {
        html.add("<a href=\"{}\">{}/</a>", Url::view(name, "tree", place.ref, path), shown_name(entry.name));
    } else {
        html.add("<a href=\"{}\">{}</a>", Url::view(name, "file", place.ref, path), shown_name(entry.name));
        if (auto target = facts.link_targets.find(entry.name); target != facts.link_targets.end())
            html.add(" <span class=\"target\">→ {}</span>", shown_name(target->second));
    }
}

static void add_change(Html& html, const store::RepoName& name, const git::Entry& entry, const EntryChanges& changes)
{
    auto change = changes.by_name.find(entry.name);
    if (change == changes.by_name.end()) {
        html.add("<span class=\"change\"></span><span></span>");
        return;
    }
    html.add("<a class=\"change\" href=\"{}\">{}</a>{}",
             Url::view(name, "commit", git::to_string(change->second.commit)), change->second.subject,
             date(change->second.when));
}

static const char* class_of(const git::Entry& entry)
{
    return entry.is_submodule() ? "submodule" : entry.is_directory() ? "directory" : entry.is_link() ? "link" : "plain";
}

static Html tree_list(const store::RepoName& name, const git::Place& place, const git::Listing& listing,
                      const TreeFacts& facts)
{
    Html html;
    html.add("<ul class=\"{}\">\n", facts.changes ? "tree with-changes" : "tree");
    for (const git::Entry& entry : listing.entries) {
        bool is_jj_bookkeeping = entry.name.starts_with(".jjconflict-") || entry.name == "JJ-CONFLICT-README";
        if (is_jj_bookkeeping)
            continue;
        html.add("<li class=\"{}\"><span class=\"name\">", class_of(entry));
        add_name(html, name, place, entry, facts);
        html.add("</span>");
        if (facts.changes) {
            auto size = facts.sizes.find(entry.name);
            html.add("<span class=\"size\">{}</span>", size == facts.sizes.end() ? "" : shown_size(size->second));
            add_change(html, name, entry, *facts.changes);
        }
        html.add("</li>\n");
    }
    html.add("</ul>\n");
    if (listing.left_out > 0)
        html.add(
            "<p class=\"empty\">{} more entries are not shown. A clone or the <a href=\"{}\">tar.gz</a> has all of "
            "them.</p>\n",
            grouped(listing.left_out), Url::view(name, "archive", place.ref + ".tar.gz"));
    return html;
}

Html tree_list(const store::RepoName& name, const git::Repository& repository, const git::Place& place,
               const git::Listing& listing)
{
    return tree_list(name, place, listing, find_facts(repository, place, listing.entries));
}

/// The page does not wait for what takes long. Without ?changes it is sent with what was found in a few milliseconds;
/// the script, or a reader who follows the link, asks for the rest.
static Result<std::shared_ptr<const EntryChanges>> find_changes(const Visit& visit, const git::Repository& repository,
                                                                const git::Place& place,
                                                                const std::vector<git::Entry>& entries,
                                                                const history::EntryIndex* index)
{
    // A large directory takes a while by itself, and little of it would be found.
    constexpr size_t large = 500;
    constexpr int64_t first_glance = 5'000'000, short_glance = 1'000'000;
    if (visit.request.parameter("changes").empty())
        return entry_changes(visit.site, repository, place, entries, index,
                             short_patience(visit.request, entries.size() > large ? short_glance : first_glance));
    CostlyPlace costly = TRY(CostlyPlace::take(visit.request));
    return entry_changes(visit.site, repository, place, entries, index, costly_patience(visit.request));
}

static Tools tools_of(const Visit& visit, const git::Place& place)
{
    const store::RepoName& name = visit.name();
    Tools tools;
    tools.link("find a file", Url::view(name, "search", place.ref), "finder")
        .link("history", Url::view(name, "log", place.ref, place.path))
        .link("commit", Url::view(name, "commit", git::to_string(place.commit)))
        .fold()
        .link("tar.gz", Url::view(name, "archive", place.ref + ".tar.gz"))
        .link("permalink", Url::view(name, "tree", git::to_string(place.commit), place.path), "permalink");
    return tools;
}

Page tree_page(const Visit& visit)
{
    auto repository = TRY(visit.site.open(*visit.repository));
    if (auto empty = nothing_pushed(visit, *repository, Tab::files, "files"))
        return std::move(*empty);
    git::Place place = TRY(find_place(visit, *repository));
    auto entry = repository->find(place.commit, place.path);
    if (!entry)
        return fail(ErrorKind::not_found, "'{}' has no directory '{}'.", shown_ref(place), shown_name(place.path));
    if (!entry->is_directory())
        return http::redirect(Url::view(visit.name(), "file", place.ref, place.path).str());
    git::Listing listing = TRY(repository->list(entry->id));
    const std::vector<git::Entry>& entries = listing.entries;
    Html body = path_head(path_line(visit.name(), place), run_mark(visit, place.commit), tools_of(visit, place));
    if (auto commit = repository->commit(place.commit); commit && !commit->conflict.empty())
        body.add(
            "<p class=\"notice\">This commit has a <a href=\"{}\">conflict</a>; these are the files of one side.</p>\n",
            Url::view(visit.name(), "commit", git::to_string(place.commit)));
    TreeFacts facts = find_facts(*repository, place, entries);
    auto index = open_index(visit);
    facts.sizes = sizes_of(*repository, place, entries, index.get());
    facts.changes = TRY(find_changes(visit, *repository, place, entries, index.get()));
    body.append(tree_list(visit.name(), place, listing, facts));
    if (!facts.changes->is_complete)
        body.add("<p class=\"more fill\"><a href=\"{}\" data-part=\".tree\">show when each was last changed</a></p>\n",
                 Url::view(visit.name(), "tree", place.ref, place.path).with("changes", "1"));
    for (const git::Entry& file : entries) {
        auto content = is_readme(file.name) && is_markdown(file.name) && !file.is_directory()
                           ? repository->blob(file.id, max_readme)
                           : Result<std::string>(std::string());
        if (content && !content->empty())
            body.add("<article class=\"prose\">\n{}</article>\n",
                     render_markdown(visit.name(), place.ref, place.path, shown_prose(*content)));
    }
    std::string title = place.path.empty() ? place.ref : place.path;
    bool is_whole = facts.changes->is_complete;
    if (!is_whole)
        visit.site.later(*visit.repository, "changes" + git::to_string(place.commit) + place.path,
                         [&site = visit.site, place, entries](const git::Repository& later) {
                             entry_changes(site, later, place, entries, nullptr,
                                           Patience(monotonic_now() + Afterwards::patience));
                         });
    return render(visit, {.title = shown_name(title), .tab = Tab::files, .place = &place, .is_whole = is_whole}, body);
}

} // namespace quire::web
