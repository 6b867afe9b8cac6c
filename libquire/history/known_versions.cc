#include "history/known_versions.h"

#include <utility>

namespace quire::history {

static std::string key_of(const git_oid& id, std::string_view rest)
{
    std::string key(reinterpret_cast<const char*>(id.id), GIT_OID_RAWSZ);
    return key.append(rest);
}

static std::string key_of_pair(const git_oid& before, const git_oid& after)
{
    return key_of(before, {reinterpret_cast<const char*>(after.id), GIT_OID_RAWSZ});
}

std::shared_ptr<const Ancestors> KnownVersions::find_ancestors(const git_oid& commit, std::string_view path)
{
    return m_ancestors.find(key_of(commit, path));
}

std::shared_ptr<const Ancestors> KnownVersions::keep_ancestors(const git_oid& commit, std::string_view path,
                                                               Ancestors ancestors)
{
    size_t bytes = 0;
    for (const Ancestor& one : ancestors)
        bytes += sizeof one + one.version.path.size();
    return m_ancestors.keep(key_of(commit, path), {std::move(ancestors), bytes});
}

std::shared_ptr<const Hunks> KnownVersions::find_hunks(const git_oid& before, const git_oid& after)
{
    return m_hunks.find(key_of_pair(before, after));
}

std::shared_ptr<const Hunks> KnownVersions::keep_hunks(const git_oid& before, const git_oid& after, Hunks hunks)
{
    size_t bytes = hunks.size() * sizeof(git::Hunk);
    return m_hunks.keep(key_of_pair(before, after), {std::move(hunks), bytes});
}

} // namespace quire::history
