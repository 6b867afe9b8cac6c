// ValueCache: things that took long to find out and stay true for ever, since they are found by object ids. Bounded in
// bytes (lru.h). Safe to use from several threads.
#pragma once

#include <memory>
#include <mutex>

#include "web/keep/lru.h"

namespace quire::web {

template <class T>
class ValueCache {
public:
    explicit ValueCache(size_t max_bytes) : m_max_bytes(max_bytes), m_values(max_bytes) {}

    /// Null when it is not there.
    std::shared_ptr<const T> find(const std::string& key)
    {
        std::lock_guard lock(m_mutex);
        auto found = m_values.find(key);
        return found ? *found : nullptr;
    }

    /// `bytes` is what the value takes, roughly.
    std::shared_ptr<const T> keep(const std::string& key, T value, size_t bytes)
    {
        auto shared = std::make_shared<const T>(std::move(value));
        constexpr size_t overhead = 250;
        bytes += 2 * key.size() + overhead;
        if (bytes > m_max_bytes / 2)
            return shared;
        std::list<std::shared_ptr<const T>> dropped; // ends behind the lock
        std::lock_guard lock(m_mutex);
        if (!m_values.has(key))
            dropped = m_values.put(key, shared, bytes);
        return shared;
    }

private:
    const size_t m_max_bytes;
    std::mutex m_mutex;
    Lru<std::shared_ptr<const T>> m_values;
};

} // namespace quire::web
