#include "git/repository_pool.h"

#include <algorithm>
#include <iterator>

#include "sys/file.h"
#include "sys/stamp.h"

namespace quire::git {

Result<RepositoryPool::Lease> RepositoryPool::borrow(int directory)
{
    auto stamp = TRY(sys::stamp_at(directory, "."));
    if (!stamp)
        return fail(ErrorKind::not_found, "The repository is gone.");
    Key key{stamp->device, stamp->inode};
    if (auto repository = take_idle(key)) {
        if (repository->objects().renew()) // the other handles hold packs that are gone, too
            while (take_idle(key))
                ;
        return Lease(*this, key, std::move(*repository));
    }
    return Lease(*this, key, Repository(TRY(shared_descriptor(key, directory))));
}

/// nullopt: there is none.
std::optional<Repository> RepositoryPool::take_idle(const Key& key)
{
    std::lock_guard lock(m_mutex);
    auto idle = std::find_if(m_idle.begin(), m_idle.end(), [&](const auto& one) { return one.first == key; });
    if (idle == m_idle.end())
        return std::nullopt;
    Repository repository = std::move(idle->second);
    m_idle.erase(idle);
    return repository;
}

Result<RepositoryPool::SharedFd> RepositoryPool::shared_descriptor(const Key& key, int directory)
{
    std::lock_guard lock(m_mutex);
    std::weak_ptr<const UniqueFd>& known = m_descriptors[key];
    SharedFd shared = known.lock();
    if (!shared)
        known = shared = std::make_shared<const UniqueFd>(TRY(sys::duplicate(directory)));
    std::erase_if(m_descriptors, [](const auto& item) { return item.second.expired(); });
    return shared;
}

void RepositoryPool::give_back(Key key, Repository repository)
{
    std::list<std::pair<Key, Repository>> dropped; // destroyed after the lock is released
    std::lock_guard lock(m_mutex);
    m_idle.emplace_front(key, std::move(repository));
    if (m_idle.size() > max_kept)
        dropped.splice(dropped.begin(), m_idle, std::prev(m_idle.end()));
}

} // namespace quire::git
