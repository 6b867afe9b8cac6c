// Repository: refs, and what is attached to commits.
#include <algorithm>

#include "git/repository.h"

namespace quire::git {

/// The commit that the reference leads to; opens no object that the graph or the list of packed refs knows.
static bool find_commit(const CommitGraph& graph, git_reference* reference, Ref& ref)
{
    const git_oid* target = git_reference_target(reference);
    if (!target)
        return false;
    ref.target = *target;
    const git_oid* peeled = git_reference_target_peel(reference);
    ref.commit = peeled ? *peeled : *target;
    if (auto position = graph.find(ref.commit)) {
        CommitNode node;
        graph.read(*position, node);
        ref.when = node.when * nanoseconds_per_second;
        return true;
    }
    auto commit = own<ObjectHandle>(
        ref.name, [&](git_object** out) { return git_reference_peel(out, reference, GIT_OBJECT_COMMIT); });
    if (!commit)
        return false;
    ref.commit = *git_object_id(commit->get());
    ref.when = git_commit_time(reinterpret_cast<git_commit*>(commit->get())) * nanoseconds_per_second;
    return true;
}

Result<std::vector<Ref>> Repository::refs(size_t limit) const
{
    std::vector<Ref> refs;
    std::shared_ptr<const CommitGraph> known = graph();
    // One pass over all of them: an iterator of a pattern reads them all too.
    auto iterator = TRY(own<IteratorHandle>(
        "refs", [&](git_reference_iterator** out) { return git_reference_iterator_new(out, raw()); }));
    size_t branches = 0, tags = 0;
    git_reference* next = nullptr;
    while (git_reference_next(&next, iterator.get()) == 0) {
        ReferenceHandle reference(next);
        Ref ref;
        ref.name = git_reference_name(next);
        bool is_branch = ref.name.starts_with("refs/heads/"), is_tag = ref.name.starts_with("refs/tags/");
        if ((!is_branch && !is_tag) || (is_branch ? branches : tags)++ >= limit)
            continue;
        ref.kind = is_tag ? RefKind::tag : RefKind::branch;
        if (find_commit(*known, next, ref))
            refs.push_back(std::move(ref));
    }
    std::stable_sort(refs.begin(), refs.end(), [](const Ref& a, const Ref& b) { return a.when > b.when; });
    return refs;
}

static std::string first_line(const char* text)
{
    std::string_view view = text ? text : "";
    return std::string(view.substr(0, view.find('\n')));
}

std::string Repository::subject(const Ref& ref) const
{
    if (!is_same(ref.target, ref.commit)) {
        auto tag = own<TagHandle>(ref.name, [&](git_tag** out) { return git_tag_lookup(out, raw(), &ref.target); });
        if (tag)
            return first_line(git_tag_message(tag->get()));
    }
    auto commit =
        own<CommitHandle>(ref.name, [&](git_commit** out) { return git_commit_lookup(out, raw(), &ref.commit); });
    return commit ? first_line(git_commit_message(commit->get())) : std::string();
}

std::string Repository::note(const git_oid& commit) const
{
    auto note = own<NoteHandle>(
        "note", [&](git_note** out) { return git_note_read(out, raw(), "refs/notes/commits", &commit); });
    return note ? std::string(git_note_message(note->get())) : std::string();
}

} // namespace quire::git
