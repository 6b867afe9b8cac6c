#include "history/known_versions.h"

#include <utility>

namespace quire::history {

static std::string key_of(char kind, const git_oid& id, std::string_view rest)
{
    std::string key(1, kind);
    key.append(reinterpret_cast<const char*>(id.id), GIT_OID_RAWSZ);
    return key.append(rest);
}

static std::string key_of_pair(const git_oid& before, const git_oid& after)
{
    return key_of('h', before, {reinterpret_cast<const char*>(after.id), GIT_OID_RAWSZ});
}

std::shared_ptr<const void> KnownVersions::find(const std::string& key)
{
    std::lock_guard lock(m_mutex);
    if (auto found = m_recent.find(key); found != m_recent.end())
        return found->second;
    auto found = m_older.find(key);
    return found == m_older.end() ? nullptr : m_recent.emplace(key, found->second).first->second;
}

void KnownVersions::keep(const std::string& key, std::shared_ptr<const void> value, size_t bytes)
{
    constexpr size_t overhead = 200;
    std::lock_guard lock(m_mutex);
    m_bytes += bytes + key.size() + overhead;
    m_recent.insert_or_assign(key, std::move(value));
    if (m_bytes > m_max_bytes / 2) {
        m_older = std::exchange(m_recent, {});
        m_bytes = 0;
    }
}

std::shared_ptr<const Ancestors> KnownVersions::find_ancestors(const git_oid& commit, std::string_view path)
{
    return std::static_pointer_cast<const Ancestors>(find(key_of('a', commit, path)));
}

std::shared_ptr<const Ancestors> KnownVersions::keep_ancestors(const git_oid& commit, std::string_view path,
                                                               Ancestors ancestors)
{
    size_t bytes = 0;
    for (const Ancestor& one : ancestors)
        bytes += sizeof one + one.version.path.size();
    auto shared = std::make_shared<const Ancestors>(std::move(ancestors));
    keep(key_of('a', commit, path), shared, bytes);
    return shared;
}

std::shared_ptr<const Hunks> KnownVersions::find_hunks(const git_oid& before, const git_oid& after)
{
    return std::static_pointer_cast<const Hunks>(find(key_of_pair(before, after)));
}

std::shared_ptr<const Hunks> KnownVersions::keep_hunks(const git_oid& before, const git_oid& after, Hunks hunks)
{
    size_t bytes = hunks.size() * sizeof(Hunk);
    auto shared = std::make_shared<const Hunks>(std::move(hunks));
    keep(key_of_pair(before, after), shared, bytes);
    return shared;
}

} // namespace quire::history
