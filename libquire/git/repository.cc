#include "git/repository.h"

#include <algorithm>

#include "base/strings.h"

namespace quire::git {

void start_libgit2()
{
    static bool started = [] {
        git_libgit2_init();
        // The operator's own directory: who owns it is not libgit2's to judge.
        git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 0);
        for (int level : {GIT_CONFIG_LEVEL_SYSTEM, GIT_CONFIG_LEVEL_XDG, GIT_CONFIG_LEVEL_GLOBAL})
            git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, level, "");
        constexpr ssize_t cache_bytes = 8 << 20;
        git_libgit2_opts(GIT_OPT_SET_CACHE_MAX_SIZE, cache_bytes);
        // Large directories are what is asked for again and again; the default keeps none over 4 KiB.
        constexpr size_t tree_bytes = 256 << 10;
        git_libgit2_opts(GIT_OPT_SET_CACHE_OBJECT_LIMIT, GIT_OBJECT_TREE, tree_bytes);
        // Ids of what was read were checked when it was pushed.
        git_libgit2_opts(GIT_OPT_ENABLE_STRICT_HASH_VERIFICATION, 0);
        return true;
    }();
    static_cast<void>(started);
}

std::string to_string(const git_oid& id)
{
    std::string text(GIT_OID_HEXSZ, '0');
    git_oid_fmt(text.data(), &id);
    return text;
}

static bool is_hex(std::string_view text)
{
    return std::all_of(text.begin(), text.end(),
                       [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

std::optional<git_oid> parse_oid(std::string_view text)
{
    git_oid id;
    if (text.size() != GIT_OID_HEXSZ || !is_hex(text) || git_oid_fromstrn(&id, text.data(), text.size()) != 0)
        return std::nullopt;
    return id;
}

std::string_view CommitInfo::subject() const { return std::string_view(message).substr(0, message.find('\n')); }

std::string_view CommitInfo::body() const
{
    std::string_view rest = message;
    rest.remove_prefix(subject().size());
    return trim(rest);
}

std::string_view Ref::short_name() const
{
    std::string_view text = name;
    if (!strip_prefix(text, "refs/heads/"))
        strip_prefix(text, "refs/tags/");
    return text;
}

Result<Repository> Repository::open(const std::string& path)
{
    start_libgit2();
    return Repository(TRY(own<RepositoryHandle>(path, [&](git_repository** out) {
        return git_repository_open_ext(out, path.c_str(), GIT_REPOSITORY_OPEN_NO_SEARCH | GIT_REPOSITORY_OPEN_BARE,
                                       nullptr);
    })));
}

std::string Repository::head_name() const
{
    auto head =
        own<ReferenceHandle>("HEAD", [&](git_reference** out) { return git_reference_lookup(out, raw(), "HEAD"); });
    if (!head || git_reference_type(head->get()) != GIT_REFERENCE_SYMBOLIC)
        return {};
    return git_reference_symbolic_target(head->get());
}

std::optional<git_oid> Repository::commit_of_ref(const std::string& name) const
{
    auto reference =
        own<ReferenceHandle>(name, [&](git_reference** out) { return git_reference_lookup(out, raw(), name.c_str()); });
    if (!reference)
        return std::nullopt;
    auto commit = own<ObjectHandle>(
        name, [&](git_object** out) { return git_reference_peel(out, reference->get(), GIT_OBJECT_COMMIT); });
    if (!commit)
        return std::nullopt;
    return *git_object_id(commit->get());
}

std::optional<git_oid> Repository::commit_of_prefix(std::string_view hex) const
{
    git_oid prefix;
    if (hex.size() < 4 || hex.size() > GIT_OID_HEXSZ || !is_hex(hex) ||
        git_oid_fromstrn(&prefix, hex.data(), hex.size()) != 0)
        return std::nullopt;
    auto object = own<ObjectHandle>("object", [&](git_object** out) {
        return git_object_lookup_prefix(out, raw(), &prefix, hex.size(), GIT_OBJECT_ANY);
    });
    if (!object)
        return std::nullopt;
    auto commit = own<ObjectHandle>(
        "commit", [&](git_object** out) { return git_object_peel(out, object->get(), GIT_OBJECT_COMMIT); });
    if (!commit)
        return std::nullopt;
    return *git_object_id(commit->get());
}

/// Whether the id is one of a commit that is here.
static bool has_commit(git_repository* repository, const git_oid& id)
{
    return own<CommitHandle>("commit", [&](git_commit** out) { return git_commit_lookup(out, repository, &id); })
        .has_value();
}

static std::string join_range(const std::vector<std::string>& parts, size_t begin, size_t end)
{
    return join({parts.begin() + static_cast<ptrdiff_t>(begin), parts.begin() + static_cast<ptrdiff_t>(end)}, "/");
}

std::optional<Place> Repository::resolve(const std::vector<std::string>& parts) const
{
    if (parts.empty()) {
        std::string full = head_name();
        auto commit = commit_of_ref(full);
        if (!commit)
            return std::nullopt;
        std::string_view branch = full;
        strip_prefix(branch, "refs/heads/");
        return Place{std::string(branch), *commit, ""};
    }
    // Names of refs have a few parts; what is longer is path.
    constexpr size_t max_ref_parts = 12;
    size_t limit = std::min(parts.size(), max_ref_parts);
    bool is_full = parts[0] == "refs";
    for (const char* prefix : {"refs/heads/", "refs/tags/"}) {
        for (size_t end = 1; end <= limit; ++end) {
            std::string ref = join_range(parts, 0, end);
            std::string full = is_full ? ref : prefix + ref;
            bool is_valid = full.starts_with("refs/heads/") || full.starts_with("refs/tags/");
            if (!is_valid || git_reference_is_valid_name(full.c_str()) == 0)
                continue;
            if (auto commit = commit_of_ref(full))
                return Place{ref, *commit, join_range(parts, end, parts.size())};
        }
    }
    if (auto id = parse_oid(parts[0]); id && has_commit(raw(), *id))
        return Place{parts[0], *id, join_range(parts, 1, parts.size())};
    if (auto head = parts[0] == "HEAD" ? resolve({}) : std::nullopt) {
        head->path = join_range(parts, 1, parts.size());
        return head;
    }
    return std::nullopt;
}

static Person person_of(const git_signature* signature)
{
    if (!signature)
        return {};
    return {signature->name ? signature->name : "", signature->email ? signature->email : "",
            signature->when.time * nanoseconds_per_second};
}

static CommitInfo info_of(git_commit* commit)
{
    CommitInfo info;
    info.id = *git_commit_id(commit);
    info.tree = *git_commit_tree_id(commit);
    for (unsigned i = 0; i < git_commit_parentcount(commit); ++i)
        info.parents.push_back(*git_commit_parent_id(commit, i));
    info.author = person_of(git_commit_author(commit));
    info.committer = person_of(git_commit_committer(commit));
    const char* message = git_commit_message(commit);
    info.message = message ? message : "";
    git_buf value = GIT_BUF_INIT;
    if (git_commit_header_field(&value, commit, "change-id") == 0)
        info.change_id.assign(value.ptr, value.size);
    git_buf_dispose(&value);
    return info;
}

Result<CommitInfo> Repository::commit(const git_oid& id) const
{
    auto commit =
        TRY(own<CommitHandle>(to_string(id), [&](git_commit** out) { return git_commit_lookup(out, raw(), &id); }));
    return info_of(commit.get());
}

} // namespace quire::git
