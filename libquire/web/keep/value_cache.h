// ValueCache: things that were dear to find out and stay true for ever, since they are found by object ids. Bounded in
// bytes; what was used last stays. Safe to use from several threads.
#pragma once

#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace quire::web {

template <class T>
class ValueCache {
public:
    explicit ValueCache(size_t max_bytes) : m_max_bytes(max_bytes) {}

    /// Null when it is not there.
    std::shared_ptr<const T> find(const std::string& key)
    {
        std::lock_guard lock(m_mutex);
        auto found = m_by_key.find(key);
        if (found == m_by_key.end())
            return nullptr;
        m_items.splice(m_items.begin(), m_items, found->second);
        return found->second->value;
    }

    /// `bytes` is what the value takes, roughly.
    std::shared_ptr<const T> keep(const std::string& key, T value, size_t bytes)
    {
        auto shared = std::make_shared<const T>(std::move(value));
        constexpr size_t overhead = 200;
        bytes += 2 * key.size() + overhead;
        if (bytes > m_max_bytes / 2)
            return shared;
        std::lock_guard lock(m_mutex);
        if (m_by_key.contains(key))
            return shared;
        m_items.push_front({key, shared, bytes});
        m_by_key[key] = m_items.begin();
        m_bytes += bytes;
        while (m_bytes > m_max_bytes) {
            m_bytes -= m_items.back().bytes;
            m_by_key.erase(m_items.back().key);
            m_items.pop_back();
        }
        return shared;
    }

private:
    struct Item {
        std::string key;
        std::shared_ptr<const T> value;
        size_t bytes = 0;
    };
    std::mutex m_mutex;
    size_t m_max_bytes;
    size_t m_bytes = 0;
    std::list<Item> m_items; ///< last used first
    std::map<std::string, typename std::list<Item>::iterator> m_by_key;
};

} // namespace quire::web
