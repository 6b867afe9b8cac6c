#include "git/repository.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "base/strings.h"

namespace quire::git {

void start_libgit2()
{
    static bool started = [] {
        git_libgit2_init();
        // The directory belongs to the operator, so libgit2 need not check its owner.
        git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 0);
        for (int level : {GIT_CONFIG_LEVEL_SYSTEM, GIT_CONFIG_LEVEL_XDG, GIT_CONFIG_LEVEL_GLOBAL})
            git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, level, "");
        constexpr ssize_t cache_bytes = 8 << 20;
        git_libgit2_opts(GIT_OPT_SET_CACHE_MAX_SIZE, cache_bytes);
        // Large directories are requested again and again, but by default libgit2 caches none above 4 KiB.
        constexpr size_t tree_bytes = 256 << 10;
        git_libgit2_opts(GIT_OPT_SET_CACHE_OBJECT_LIMIT, GIT_OBJECT_TREE, tree_bytes);
        // The ids were checked when the objects were pushed.
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

size_t IdHash::operator()(const git_oid& id) const
{
    size_t hash = 0;
    std::memcpy(&hash, id.id, sizeof hash);
    return hash;
}

static constexpr auto hex_digits = [] {
    std::array<signed char, 256> values{};
    values.fill(-1);
    for (unsigned char i = 0; i < 16; ++i)
        values[static_cast<unsigned char>("0123456789abcdef"[i])] = static_cast<signed char>(i);
    return values;
}();

/// -1: it is none. Where ids are random, a processor guesses wrong at every branch, so this has none.
static int hex_digit(char c) { return hex_digits[static_cast<unsigned char>(c)]; }

static bool is_hex(std::string_view text)
{
    return std::all_of(text.begin(), text.end(), [](char c) { return hex_digit(c) >= 0; });
}

std::optional<git_oid> parse_oid(std::string_view text)
{
    if (text.size() != GIT_OID_HEXSZ)
        return std::nullopt;
    // A page reads two thousand of them where there are a thousand tags.
    unsigned char raw[GIT_OID_RAWSZ];
    int wrong = 0;
    for (size_t i = 0; i < sizeof raw; ++i) {
        int high = hex_digit(text[2 * i]), low = hex_digit(text[2 * i + 1]);
        wrong |= high | low;
        raw[i] = static_cast<unsigned char>(static_cast<unsigned>(high) << 4 | static_cast<unsigned>(low));
    }
    git_oid id;
    if (wrong < 0 || git_oid_fromraw(&id, raw) != 0)
        return std::nullopt;
    return id;
}

std::string_view Ref::short_name() const
{
    std::string_view text = name;
    if (!strip_prefix(text, "refs/heads/"))
        strip_prefix(text, "refs/tags/");
    return text;
}

Repository::Repository(std::shared_ptr<const UniqueFd> directory)
    : m_directory(std::move(directory)), m_objects(m_directory->get()), m_refs(m_directory->get())
{}

Result<Repository> Repository::open(std::shared_ptr<const UniqueFd> directory)
{
    Repository repository(std::move(directory));
    TRY(repository.m_objects.open());
    return repository;
}

std::string Repository::default_branch() const
{
    std::string head = m_refs.head_name();
    if (commit_of_ref(head))
        return head;
    constexpr size_t looked_at = 2000;
    auto known = refs(looked_at);
    if (known)
        for (const Ref& ref : *known)
            if (ref.kind == RefKind::branch)
                return ref.name;
    return head;
}

std::optional<git_oid> Repository::commit_of_ref(const std::string& name) const
{
    auto ref = m_refs.find(name);
    if (!ref)
        return std::nullopt;
    const git_oid& target = ref->peeled.value_or(ref->target);
    return m_known_commit && is_same(*m_known_commit, target) ? m_known_commit : m_objects.peel_to_commit(target);
}

static std::optional<git_oid> find_prefix(const Objects& objects, std::string_view hex)
{
    bool is_prefix = hex.size() >= 4 && hex.size() <= GIT_OID_HEXSZ && is_hex(hex);
    return is_prefix ? objects.find_prefix(hex) : std::nullopt;
}

std::optional<git_oid> Repository::commit_of_prefix(std::string_view hex) const
{
    auto id = find_prefix(m_objects, hex);
    return id ? m_objects.peel_to_commit(*id) : std::nullopt;
}

bool Repository::has_damaged(std::string_view hex) const
{
    auto id = find_prefix(m_objects, hex);
    return id && !m_objects.header(*id);
}

static std::string join_range(const std::vector<std::string>& parts, size_t begin, size_t end)
{
    return join({parts.begin() + static_cast<ptrdiff_t>(begin), parts.begin() + static_cast<ptrdiff_t>(end)}, "/");
}

bool Repository::has_commit(const git_oid& id) const
{
    auto known = m_objects.header(id);
    return known && known->type == GIT_OBJECT_COMMIT;
}

std::optional<Place> Repository::default_place() const
{
    std::string full = default_branch();
    auto commit = commit_of_ref(full);
    std::string_view branch = full;
    strip_prefix(branch, "refs/heads/");
    if (commit)
        return Place{std::string(branch), *commit, ""};
    auto tags = refs(1);
    return tags && !tags->empty() ? std::optional(Place{std::string((*tags)[0].short_name()), (*tags)[0].commit, ""})
                                  : std::nullopt;
}

std::optional<Place> Repository::resolve(const std::vector<std::string>& parts) const
{
    if (parts.empty())
        return default_place();
    // Ref names have few parts; any more belong to the path.
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
    if (auto id = parse_oid(parts[0]); id && has_commit(*id))
        return Place{parts[0], *id, join_range(parts, 1, parts.size())};
    if (auto head = parts[0] == "HEAD" ? resolve({}) : std::nullopt) {
        head->path = join_range(parts, 1, parts.size());
        return head;
    }
    return std::nullopt;
}

Result<CommitInfo> Repository::commit(const git_oid& id) const { return read_commit(m_objects, id); }

} // namespace quire::git
