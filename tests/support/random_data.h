// Random Data, and random damage to text, for tests that hold for every input.
#pragma once

#include <array>
#include <bit>
#include <cmath>

#include "support/random.h"
#include "text/data.h"

namespace quire::tests {

inline std::string random_string(Random& random)
{
    static const std::array<std::string_view, 12> odd = {"",     "nil",    "true",         "-",   "1",    "a b",
                                                         ":key", "\u202e", "refs/heads/é", "\\n", "\"\"", "1_000"};
    switch (random.below(4)) {
    case 0:
        return std::string(random.pick(odd));
    case 1:
        return random.bytes(12);
    default:
        return random.text("abcXYZ_019-./", 10);
    }
}

inline double random_number(Random& random)
{
    double value = random.one_in(2) ? std::bit_cast<double>(random.bits())
                                    : static_cast<double>(random.below(2'000'000)) / 1000 - 1000;
    return std::isfinite(value) ? value : 0.5;
}

inline text::Data random_data(Random& random, size_t depth = 0)
{
    using text::Data;
    switch (random.below(depth < 4 ? 9 : 6)) {
    case 0:
        return Data(random.one_in(2));
    case 1:
        return Data(static_cast<int64_t>(random.one_in(2) ? random.bits() : random.below(100)));
    case 2:
        return Data(random_number(random));
    case 3:
    case 4: {
        Data data(random_string(random));
        data.is_keyword = random.one_in(2);
        return data;
    }
    case 5:
    case 6: {
        Data::Sequence values;
        for (size_t i = random.below(5); i > 0; --i)
            values.push_back(random_data(random, depth + 1));
        return Data(std::move(values));
    }
    default: {
        Data data{Data::Table()};
        for (size_t i = random.below(6); i > 0; --i)
            data.set(random_string(random), random_data(random, depth + 1));
        return data;
    }
    }
}

/// The text with a few bytes removed, changed, doubled or put in, mostly from `alphabet`.
inline std::string damage(Random& random, std::string text, std::string_view alphabet)
{
    for (size_t i = random.below(4) + 1; i > 0; --i) {
        size_t at = random.below(text.size() + 1);
        char c = random.one_in(5) ? static_cast<char>(random.below(256)) : random.pick(alphabet);
        switch (random.below(4)) {
        case 0:
            text.erase(at, random.below(4));
            break;
        case 1:
            text.insert(at, 1, c);
            break;
        case 2:
            text.insert(at, text.substr(random.below(text.size() + 1), random.below(16)));
            break;
        default:
            if (at < text.size())
                text[at] = c;
        }
    }
    return text;
}

} // namespace quire::tests
