#include "web/html/rewritten.h"

#include <algorithm>

#include "base/strings.h"
#include "git/log_walk.h"
#include "store/push_log.h"
#include "web/html/layout.h"
#include "web/html/parts.h"

namespace quire::web {

constexpr size_t max_pushes = 5000;
constexpr size_t min_prefix = 7;
constexpr size_t max_tips = 500;
constexpr int64_t longest_search = 30'000'000;

/// The last push that moved a ref away from this commit.
static std::optional<store::PushLogEntry> push_away_from(const Visit& visit, std::string_view id)
{
    std::string wanted = to_lower(id);
    bool is_id = wanted.size() >= min_prefix && wanted.size() <= GIT_OID_HEXSZ &&
                 wanted.find_first_not_of("0123456789abcdef") == std::string::npos;
    auto pushes = is_id ? store::read_push_log(visit.repository->directory.get(), max_pushes)
                        : Result<std::vector<store::PushLogEntry>>(std::vector<store::PushLogEntry>());
    if (!pushes)
        return std::nullopt;
    for (store::PushLogEntry& push : *pushes) {
        bool is_deletion = push.new_id.find_first_not_of('0') == std::string::npos;
        if ((push.forced || is_deletion) && push.old_id.starts_with(wanted))
            return std::move(push);
    }
    return std::nullopt;
}

static std::string short_ref(std::string_view ref)
{
    if (!strip_prefix(ref, "refs/heads/") && !strip_prefix(ref, "refs/tags/"))
        strip_prefix(ref, "refs/");
    return shown_name(ref);
}

static std::string day_of(Instant instant) { return format_instant(instant).substr(0, 10); }

static Html describe(const Visit& visit, const store::PushLogEntry& push)
{
    Html html;
    auto next = git::parse_oid(push.new_id);
    bool is_deletion = !next || push.new_id.find_first_not_of('0') == std::string::npos;
    if (is_deletion)
        return html.add("<p>It was the tip of {} until that was deleted on {}.</p>\n", short_ref(push.ref),
                        day_of(push.at));
    return html.add(
        "<p>It was the tip of {} until a push on {} replaced it with <a href=\"{}\"><code>{}</code></a>.</p>\n",
        short_ref(push.ref), day_of(push.at), Url::view(visit.name(), "commit", push.new_id), short_id(*next));
}

/// The newest commit on the refs with the same change-id, if there is one. `is_cut`: time ran out before that was
/// known.
static git::LogPage find_change(const Visit& visit, const git::Repository& repository, const git::CommitInfo& old)
{
    auto refs =
        old.change_id.empty() ? Result<std::vector<git::Ref>>(std::vector<git::Ref>()) : repository.refs(max_tips);
    if (!refs || refs->empty())
        return {};
    git::LogQuery query{.change_id = old.change_id,
                        .count = 1,
                        .patience =
                            Patience(monotonic_now() + longest_search, [&] { return visit.request.has_left(); })};
    for (const git::Ref& ref : *refs)
        query.from.push_back(ref.commit);
    auto found = git::read_log(repository, query);
    if (!found || (!found->commits.empty() && git::is_same(found->commits[0].id, old.id)))
        return {};
    return std::move(*found);
}

Successor find_successor(const Visit& visit, const git::Repository& repository, const git::CommitInfo& commit)
{
    git::LogPage changes = find_change(visit, repository, commit);
    Successor successor{.is_whole = !changes.is_cut};
    if (!changes.commits.empty()) {
        const git::CommitInfo& change = changes.commits[0];
        successor.notice.add(
            "<p class=\"notice\">This change was rewritten. It is now <a href=\"{}\"><code>{}</code></a>: {}</p>\n",
            Url::view(visit.name(), "commit", git::to_string(change.id)), short_id(change.id),
            shown_subject(change.subject()));
    } else if (auto push = push_away_from(visit, git::to_string(commit.id))) {
        successor.notice.add("<div class=\"notice\">{}</div>\n", describe(visit, *push));
    }
    return successor;
}

static std::string sentence_of(const store::PushLogEntry& push)
{
    bool is_deletion = push.new_id.find_first_not_of('0') == std::string::npos;
    return is_deletion ? fmt::format("It was the tip of {} until that was deleted.", short_ref(push.ref))
                       : fmt::format("It was the tip of {} until a push replaced it with {}.", short_ref(push.ref),
                                     push.new_id);
}

http::Response rewritten_page(const Visit& visit, const git::Repository& repository, std::string_view id)
{
    if (id.find_first_not_of("0123456789abcdef") != std::string_view::npos)
        return missing(visit, fmt::format("No branch, tag or commit is called '{}'.", shown_name(id)));
    std::string reason = fmt::format("No commit here has the id '{}'.", shown_name(id));
    Html page;
    page.add("<p>{}</p>\n", reason);
    auto push = push_away_from(visit, id);
    if (!push) {
        constexpr const char* guess = "It may have been rewritten and pushed again under another id.";
        return missing(visit, fmt::format("{} {}", reason, guess), page.add("<p>{}</p>\n", guess));
    }
    page.append(describe(visit, *push));
    if (auto tip = repository.commit_of_ref(push->ref); tip && git::to_string(*tip) != push->new_id)
        page.add("<p>{} is at <a href=\"{}\"><code>{}</code></a> now.</p>\n", short_ref(push->ref),
                 Url::view(visit.name(), "commit", git::to_string(*tip)), short_id(*tip));
    return missing(visit, fmt::format("{} {}", reason, sentence_of(*push)), page);
}

std::string rewritten_text(const Visit& visit, std::string_view id)
{
    auto push = push_away_from(visit, id);
    return push ? sentence_of(*push) : std::string();
}

} // namespace quire::web
