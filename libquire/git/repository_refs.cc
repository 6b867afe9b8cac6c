// The functions of Repository for refs and notes.
#include <algorithm>

#include "base/strings.h"
#include "git/raw_tree.h"
#include "git/repository.h"

namespace quire::git {

/// Finds the commit that a ref leads to. Opens no object if the graph or the packed refs know it.
static bool find_commit(const CommitGraph& graph, const Objects& objects, const RefFiles::Named& found, Ref& ref)
{
    ref.target = found.target;
    ref.commit = found.peeled.value_or(found.target);
    if (auto position = graph.find(ref.commit)) {
        CommitNode node;
        graph.read(*position, node);
        ref.when = instant_of_seconds(node.when);
        return true;
    }
    auto commit = objects.peel_to_commit(ref.commit);
    if (!commit)
        return false;
    ref.commit = *commit;
    if (auto info = read_commit(objects, *commit))
        ref.when = info->committer.when;
    return true;
}

Result<std::vector<Ref>> Repository::refs(size_t limit) const
{
    std::vector<Ref> refs;
    std::shared_ptr<const CommitGraph> known = graph();
    for (RefKind kind : {RefKind::branch, RefKind::tag}) {
        const char* below = kind == RefKind::branch ? "refs/heads" : "refs/tags";
        for (const RefFiles::Named& found : m_refs.list(below, limit)) {
            Ref ref{.name = found.name, .kind = kind};
            if (find_commit(*known, m_objects, found, ref))
                refs.push_back(std::move(ref));
        }
    }
    std::stable_sort(refs.begin(), refs.end(), [](const Ref& a, const Ref& b) { return a.when > b.when; });
    return refs;
}

std::vector<Ref> Repository::refs_to(const IdSet& commits, size_t limit) const
{
    std::vector<Ref> refs;
    std::shared_ptr<const CommitGraph> known = graph();
    auto may_lead_there = [&](const RefFiles::Found& found) {
        return (!found.peeled && !found.is_peeled) || commits.contains(found.peeled.value_or(found.target));
    };
    for (RefKind kind : {RefKind::branch, RefKind::tag}) {
        const char* below = kind == RefKind::branch ? "refs/heads" : "refs/tags";
        for (const RefFiles::Named& found : m_refs.list(below, limit, may_lead_there)) {
            Ref ref{.name = found.name, .kind = kind};
            if (find_commit(*known, m_objects, found, ref) && commits.contains(ref.commit))
                refs.push_back(std::move(ref));
        }
    }
    return refs;
}

std::string Repository::subject(const Ref& ref) const
{
    constexpr size_t max_subject = 4096;
    std::string_view text;
    auto tag = m_objects.read(ref.target, GIT_OBJECT_TAG, max_commit_bytes);
    if (tag) {
        text = tag->content();
        text.remove_prefix(std::min(text.find("\n\n"), text.size()));
        text = trim(text);
        return std::string(text.substr(0, text.find('\n')).substr(0, max_subject));
    }
    auto info = commit(ref.commit);
    return info ? std::string(info->subject().substr(0, max_subject)) : std::string();
}

/// Notes are in a tree under the commit's id. If there are many, the first digits become directories.
std::string Repository::note(const git_oid& commit_id) const
{
    constexpr size_t max_note = 256u << 10;
    auto notes = commit_of_ref("refs/notes/commits");
    auto info = notes ? commit(*notes) : fail(ErrorKind::not_found, "no notes");
    if (!info)
        return {};
    std::string path = to_string(commit_id);
    for (size_t slash = 2;; slash += 3) {
        auto found = PathFinder(*this, path).find(info->tree);
        auto blob = found ? m_objects.read(found->id, GIT_OBJECT_BLOB, max_note)
                          : fail(ErrorKind::not_found, "no note under that name");
        if (blob)
            return std::string(blob->content());
        constexpr size_t max_slash = 8;
        if (slash > max_slash)
            return {};
        path.insert(slash, "/");
    }
}

} // namespace quire::git
