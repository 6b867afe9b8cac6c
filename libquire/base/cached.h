// Cached: values that took long to make, by key, each with the state of what it was made from; limited in bytes.
//
// A value is found only by who names the state that it was made from. What is made of nothing but objects named in the
// key never goes out of date; its state is "". A value that is partial, because time ran out or its reader left, goes
// to who asked for it and to nobody else. Several threads may use it.
#pragma once

#include <functional>
#include <limits>
#include <memory>
#include <mutex>

#include "base/lru.h"

namespace quire {

/// A value on its way into a cache.
template <class T>
struct Made {
    T value;
    size_t bytes = 0;        ///< what it takes, roughly
    bool is_partial = false; ///< it lacks something, so it is not kept
};

template <class T>
class Cached {
public:
    using Value = std::shared_ptr<const T>;

    explicit Cached(size_t most_bytes) : Cached(most_bytes, most_bytes / 2) {}
    /// Values above `largest` are not kept.
    Cached(size_t most_bytes, size_t largest) : m_largest(largest), m_items(most_bytes) {}

    /// Whether there is one, even if it is out of date.
    bool has(const std::string& key)
    {
        std::lock_guard lock(m_mutex);
        return m_items.has(key);
    }

    /// Null if it is missing or was made from another state.
    Value find(const std::string& key, std::string_view state = {})
    {
        std::lock_guard lock(m_mutex);
        const Item* found = m_items.find(key);
        return found && found->state == state ? found->value : nullptr;
    }

    /// The last one, even if it is out of date; null if it is missing.
    Value find_last(const std::string& key)
    {
        std::lock_guard lock(m_mutex);
        const Item* found = m_items.find(key);
        return found ? found->value : nullptr;
    }

    /// Returns the value, whether it is kept or not.
    Value keep(const std::string& key, Made<T> made, std::string state = {}, Standing standing = Standing::fresh)
    {
        auto value = std::make_shared<const T>(std::move(made.value));
        if (!made.is_partial)
            keep(key, value, made.bytes, std::move(state), standing);
        return value;
    }

    void keep(const std::string& key, Value value, size_t bytes, std::string state = {},
              Standing standing = Standing::fresh)
    {
        constexpr size_t overhead = 300;
        bytes += 2 * key.size() + state.size() + overhead;
        if (bytes > m_largest)
            return;
        std::list<Item> dropped; // destroyed after unlocking
        std::lock_guard lock(m_mutex);
        dropped = m_items.put(key, {std::move(state), std::move(value)}, bytes, standing);
    }

    void drop(const std::string& key)
    {
        std::list<Item> dropped; // destroyed after unlocking
        std::lock_guard lock(m_mutex);
        dropped = m_items.drop(key);
    }

    /// `make` returns a Made<T>.
    template <class Make>
    Value find_or_make(const std::string& key, Make make)
    {
        auto known = find(key);
        return known ? known : keep(key, make());
    }

private:
    struct Item {
        std::string state;
        Value value;
    };

    const size_t m_largest;
    std::mutex m_mutex;
    Lru<Item> m_items;
};

} // namespace quire
