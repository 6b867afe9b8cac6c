// Repository: lists of refs and commits.
#include <algorithm>

#include "base/strings.h"
#include "git/repository.h"

namespace quire::git {

using RevwalkHandle = std::unique_ptr<git_revwalk, Freer<git_revwalk_free>>;

static std::string_view first_line(const char* text)
{
    std::string_view view = text ? text : "";
    return view.substr(0, view.find('\n'));
}

/// Nothing for a ref that leads to no commit.
static std::optional<Ref> read_ref(git_repository* repository, git_reference* reference)
{
    Ref ref;
    ref.name = git_reference_name(reference);
    ref.kind = ref.name.starts_with("refs/tags/") ? RefKind::tag : RefKind::branch;
    auto object = own<ObjectHandle>(
        ref.name, [&](git_object** out) { return git_reference_peel(out, reference, GIT_OBJECT_COMMIT); });
    if (!object)
        return std::nullopt;
    ref.commit = *git_object_id(object->get());
    auto commit = own<CommitHandle>(
        ref.name, [&](git_commit** out) { return git_commit_lookup(out, repository, &ref.commit); });
    if (!commit)
        return std::nullopt;
    ref.when = git_commit_time(commit->get()) * nanoseconds_per_second;
    ref.subject = first_line(git_commit_message(commit->get()));
    const git_oid* target = git_reference_target(reference);
    if (ref.kind == RefKind::tag && target && !is_same(*target, ref.commit)) {
        auto tag = own<TagHandle>(ref.name, [&](git_tag** out) { return git_tag_lookup(out, repository, target); });
        if (tag)
            ref.subject = first_line(git_tag_message(tag->get()));
    }
    return ref;
}

Result<std::vector<Ref>> Repository::refs(size_t limit) const
{
    std::vector<Ref> refs;
    for (const char* pattern : {"refs/heads/*", "refs/tags/*"}) {
        auto iterator = TRY(own<IteratorHandle>(
            pattern, [&](git_reference_iterator** out) { return git_reference_iterator_glob_new(out, raw(), pattern); }));
        size_t seen = 0;
        git_reference* next = nullptr;
        while (seen++ < limit && git_reference_next(&next, iterator.get()) == 0) {
            ReferenceHandle reference(next);
            if (auto ref = read_ref(raw(), reference.get()))
                refs.push_back(std::move(*ref));
        }
    }
    std::stable_sort(refs.begin(), refs.end(), [](const Ref& a, const Ref& b) { return a.when > b.when; });
    return refs;
}

Result<std::vector<CommitInfo>> Repository::log(const git_oid& from, size_t skip, size_t count) const
{
    auto walk = TRY(own<RevwalkHandle>("log", [&](git_revwalk** out) { return git_revwalk_new(out, raw()); }));
    // Any order but none would walk the whole history first; none is newest first already.
    if (git_revwalk_push(walk.get(), &from) != 0)
        return fail(ErrorKind::not_found, "{} is no commit", to_string(from));
    std::vector<CommitInfo> commits;
    git_oid id;
    for (size_t i = 0; i < skip + count && git_revwalk_next(&id, walk.get()) == 0; ++i)
        if (i >= skip)
            commits.push_back(TRY(commit(id)));
    return commits;
}

std::string Repository::note(const git_oid& commit) const
{
    auto note = own<NoteHandle>("note", [&](git_note** out) { return git_note_read(out, raw(), "refs/notes/commits", &commit); });
    return note ? std::string(git_note_message(note->get())) : std::string();
}

std::optional<git_oid> Repository::merge_base(const git_oid& a, const git_oid& b) const
{
    git_oid base;
    if (git_merge_base(&base, raw(), &a, &b) != 0)
        return std::nullopt;
    return base;
}

Result<std::vector<CommitInfo>> Repository::log_between(const git_oid& from, const git_oid& to, size_t count) const
{
    auto walk = TRY(own<RevwalkHandle>("log", [&](git_revwalk** out) { return git_revwalk_new(out, raw()); }));
    if (git_revwalk_push(walk.get(), &to) != 0 || git_revwalk_hide(walk.get(), &from) != 0)
        return fail(ErrorKind::not_found, "{} is no commit", to_string(to));
    std::vector<CommitInfo> commits;
    git_oid id;
    while (commits.size() < count && git_revwalk_next(&id, walk.get()) == 0)
        commits.push_back(TRY(commit(id)));
    return commits;
}

} // namespace quire::git
