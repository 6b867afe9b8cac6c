// ValueCache: values that took long to compute and never go stale, because their keys are made of object ids. Limited
// in bytes (lru.h). Several threads may use it.
#pragma once

#include <memory>
#include <mutex>

#include "base/lru.h"

namespace quire::web {

template <class T>
class ValueCache {
public:
    explicit ValueCache(size_t max_bytes) : m_max_bytes(max_bytes), m_values(max_bytes) {}

    /// Null if it is missing.
    std::shared_ptr<const T> find(const std::string& key)
    {
        std::lock_guard lock(m_mutex);
        auto found = m_values.find(key);
        return found ? *found : nullptr;
    }

    /// `bytes` is roughly what the value takes.
    std::shared_ptr<const T> keep(const std::string& key, T value, size_t bytes)
    {
        auto shared = std::make_shared<const T>(std::move(value));
        constexpr size_t overhead = 250;
        bytes += 2 * key.size() + overhead;
        if (bytes > m_max_bytes / 2)
            return shared;
        std::list<std::shared_ptr<const T>> dropped; // destroyed after unlocking
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
