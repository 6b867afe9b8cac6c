// Random input that is the same on every machine: a fixed seed, and nothing from <random> whose results
// the standard leaves open.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <string_view>

namespace quire::tests {

class Random {
public:
    explicit Random(uint64_t seed) : m_engine(seed) {}

    uint64_t bits() { return m_engine(); }
    /// 0 … limit - 1
    size_t below(size_t limit) { return static_cast<size_t>(m_engine() % limit); }
    bool one_in(size_t chances) { return below(chances) == 0; }
    template <class Container>
    const auto& pick(const Container& container)
    {
        return container[below(container.size())];
    }
    /// Up to `limit` characters out of `alphabet`.
    std::string text(std::string_view alphabet, size_t limit)
    {
        std::string out;
        for (size_t size = below(limit + 1); size > 0; --size)
            out += pick(alphabet);
        return out;
    }
    std::string bytes(size_t limit)
    {
        std::string out;
        for (size_t size = below(limit + 1); size > 0; --size)
            out += static_cast<char>(below(256));
        return out;
    }

private:
    std::mt19937_64 m_engine;
};

} // namespace quire::tests
