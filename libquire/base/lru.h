// Lru: values by name, limited in bytes; the most recently used ones stay, the very last one whatever its size.
//
// New values may use a quarter of the space; a value gets into the rest when it is asked for again. So a crawler, which
// asks for everything once, can't displace much. Only one thread may use it at a time: the owner locks.
#pragma once

#include <list>
#include <string>
#include <unordered_map>
#include <utility>

namespace quire {

enum class Standing { fresh, proven };

template <class T>
class Lru {
public:
    explicit Lru(size_t most_bytes) : m_most(most_bytes) {}

    bool has(const std::string& key) const { return m_by_key.contains(key); }

    /// Null if it is missing; valid until the next call.
    const T* find(const std::string& key)
    {
        auto found = m_by_key.find(key);
        if (found == m_by_key.end())
            return nullptr;
        move(found->second, Standing::proven);
        return &found->second->value;
    }

    /// Replaces the value of that name. Returns what was dropped, so that it is destroyed after unlocking.
    std::list<T> put(const std::string& key, T value, size_t bytes, Standing standing = Standing::fresh)
    {
        std::list<T> dropped;
        if (auto old = m_by_key.find(key); old != m_by_key.end()) {
            standing = old->second->standing;
            drop(old->second, dropped);
        }
        List& list = list_of(standing);
        list.push_front({key, std::move(value), bytes, standing});
        m_by_key[key] = list.begin();
        bytes_of(standing) += bytes;
        make_room(dropped);
        return dropped;
    }

    /// Returns what was dropped, as put() does.
    std::list<T> drop(const std::string& key)
    {
        std::list<T> dropped;
        if (auto old = m_by_key.find(key); old != m_by_key.end())
            drop(old->second, dropped);
        return dropped;
    }

    size_t bytes() const { return m_fresh_bytes + m_proven_bytes; }

private:
    struct Item {
        std::string key;
        T value;
        size_t bytes = 0;
        Standing standing = Standing::fresh;
    };
    using List = std::list<Item>;

    List& list_of(Standing standing) { return standing == Standing::fresh ? m_fresh : m_proven; }
    size_t& bytes_of(Standing standing) { return standing == Standing::fresh ? m_fresh_bytes : m_proven_bytes; }

    void move(typename List::iterator item, Standing to)
    {
        List& list = list_of(to);
        list.splice(list.begin(), list_of(item->standing), item);
        bytes_of(item->standing) -= item->bytes;
        bytes_of(to) += item->bytes;
        item->standing = to;
    }

    void drop(typename List::iterator item, std::list<T>& dropped)
    {
        bytes_of(item->standing) -= item->bytes;
        dropped.push_back(std::move(item->value));
        m_by_key.erase(item->key);
        list_of(item->standing).erase(item);
    }

    void make_room(std::list<T>& dropped)
    {
        size_t for_fresh = m_most / 4;
        while (m_proven_bytes > m_most - for_fresh)
            move(std::prev(m_proven.end()), Standing::fresh);
        // New values may use the space that proven ones don't take.
        while (bytes() > m_most && m_fresh_bytes > for_fresh && m_by_key.size() > 1)
            drop(std::prev(m_fresh.end()), dropped);
    }

    size_t m_most, m_fresh_bytes = 0, m_proven_bytes = 0;
    List m_fresh, m_proven; ///< each with the most recently used first
    std::unordered_map<std::string, typename List::iterator> m_by_key;
};

} // namespace quire
