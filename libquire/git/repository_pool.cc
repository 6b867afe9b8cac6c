#include "git/repository_pool.h"

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
    {
        std::lock_guard lock(m_mutex);
        for (auto idle = m_idle.begin(); idle != m_idle.end(); ++idle) {
            if (idle->first != key)
                continue;
            Repository repository = std::move(idle->second);
            m_idle.erase(idle);
            return Lease(*this, key, std::move(repository));
        }
    }
    return Lease(*this, key, Repository(TRY(shared_descriptor(key, directory))));
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
