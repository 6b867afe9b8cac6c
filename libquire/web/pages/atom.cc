// "/NAME/-/atom/REF": the newest commits as a feed. Everybody who can see the repository can read it.
#include "text/controls.h"
#include "web/code/newest.h"
#include "web/html/layout.h"
#include "web/html/parts.h"
#include "web/pages/pages.h"

namespace quire::web {

constexpr size_t max_entries = 30;
constexpr size_t max_message = 4000;

/// Absolute if the config says how this forge is reached; otherwise feed readers complete the address.
static Url absolute(const std::string& site, const Url& local)
{
    return site.empty() ? local : Url::outside(site + local.str());
}

/// A feed must name a time, even if the commit does not.
static std::string second(Instant instant)
{
    return format_instant(instant == git::no_date ? 0 : instant).substr(0, 19) + "Z";
}

static void add_entry(Html& out, const std::string& site, const store::RepoName& name, const git::CommitInfo& commit)
{
    std::string id = git::to_string(commit.id);
    std::string subject = shown_subject(commit.subject());
    out.add("<entry>\n<id>urn:sha1:{}</id>\n<title>{}</title>\n<link "
            "href=\"{}\"/>\n<published>{}</published>\n<updated>{}</updated>\n"
            "<author><name>{}</name></author>\n",
            id, subject.empty() ? "(no message)" : subject, absolute(site, Url::view(name, "commit", id)),
            second(commit.author.when), second(commit.committer.when), shown_name(commit.author.name));
    if (!commit.body().empty())
        out.add("<content type=\"text\">{}</content>\n", shown_lines(text::cut(shown(commit.body()), max_message)));
    out.add("</entry>\n");
}

Page atom_page(const Visit& visit)
{
    auto repository = TRY(visit.site.open(*visit.repository));
    auto kept = kept_newest(visit);
    if (kept) // then the feed is made without the repository's objects
        repository->know_commit(kept->tip());
    git::Place place = TRY(find_place(visit, *repository));
    std::vector<git::CommitInfo> commits = TRY(newest_commits(kept, *repository, place.commit, max_entries));
    std::string site = visit.site.config().url;
    Url here = absolute(site, Url::view(visit.name(), "atom", place.ref));
    Html out;
    out.add("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\">\n");
    out.add("<id>{}</id>\n<title>{}</title>\n<link rel=\"self\" href=\"{}\"/>\n<link "
            "href=\"{}\"/>\n<updated>{}</updated>\n",
            site.empty() ? fmt::format("urn:quire:{}:{}", visit.name().str(), shown_name(place.ref)) : here.str(),
            fmt::format("{}: {}", visit.name().str(), shown_ref(place)), here,
            absolute(site, Url::view(visit.name(), "log", place.ref)),
            second(commits.empty() ? 0 : commits[0].committer.when));
    for (const git::CommitInfo& commit : commits)
        add_entry(out, site, visit.name(), commit);
    out.add("</feed>\n");
    http::Response response;
    response.content_type = "application/atom+xml; charset=utf-8";
    response.policy = http::Policy::raw;
    response.body = std::make_shared<const std::string>(out.take());
    http::finish_body(response);
    return response;
}

} // namespace quire::web
