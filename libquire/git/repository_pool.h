// RepositoryPool: keeps repositories open between requests and lends each to one thread at a time.
//
// The key is the identity of the directory, which is opened by its descriptor: no name is ever looked up. A handle
// keeps its directory open, so its identity can't be reused while the pool knows it. The number of idle handles is
// limited; further ones are closed.
#pragma once

#include <list>
#include <map>
#include <mutex>

#include "git/repository.h"

namespace quire::git {

class RepositoryPool {
public:
    struct Key {
        uint64_t device = 0, inode = 0;
        auto operator<=>(const Key&) const = default;
    };

    /// A borrowed repository, which goes back to the pool when this is destroyed.
    class Lease {
    public:
        Lease(RepositoryPool& pool, Key key, Repository repository)
            : m_pool(&pool), m_key(key), m_repository(std::move(repository))
        {}
        Lease(Lease&& other) noexcept
            : m_pool(std::exchange(other.m_pool, nullptr)), m_key(other.m_key),
              m_repository(std::move(other.m_repository))
        {}
        Lease& operator=(Lease&&) = delete;
        ~Lease()
        {
            if (m_pool)
                m_pool->give_back(m_key, std::move(m_repository));
        }
        const Repository* operator->() const { return &m_repository; }
        Repository* operator->() { return &m_repository; }
        const Repository& operator*() const { return m_repository; }

    private:
        RepositoryPool* m_pool;
        Key m_key;
        Repository m_repository;
    };

    /// `directory` is the repository's open directory.
    Result<Lease> borrow(int directory);

private:
    using SharedFd = std::shared_ptr<const UniqueFd>;
    Result<SharedFd> shared_descriptor(const Key& key, int directory);
    std::optional<Repository> take_idle(const Key& key);
    void give_back(Key key, Repository repository);

    static constexpr size_t max_kept = 24;
    std::mutex m_mutex;
    std::list<std::pair<Key, Repository>> m_idle; ///< the most recently used first
    /// One descriptor for all handles of a repository: libgit2 shares its knowledge of a pack by the pack's path.
    std::map<Key, std::weak_ptr<const UniqueFd>> m_descriptors;
};

} // namespace quire::git
