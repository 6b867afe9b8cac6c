// Trigrams: the three-byte pieces of a text, without regard to the case of ASCII letters and never across lines, and
// what a query needs of them.
#pragma once

#include <bit>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/sparse_array.h"

namespace quire::search {

using Trigram = uint32_t; ///< three folded bytes, the first one highest

/// ASCII capitals become small letters; all other bytes stay.
constexpr unsigned char fold_byte(unsigned char c)
{
    return static_cast<unsigned char>(c >= 'A' && c <= 'Z' ? c | 0x20 : c);
}
void fold(std::string_view text, std::string& folded);
std::string key_of(Trigram trigram);

/// Collects the different trigrams of one text after the other.
class TrigramSet {
public:
    TrigramSet() : m_bits((size_t{1} << 24) / 64) {}
    /// `folded` is a folded text. Valid until the next call; in no particular order.
    const std::vector<Trigram>& collect(std::string_view folded);

private:
    SparseArray<uint64_t> m_bits;
    std::vector<Trigram> m_found;
};

/// What a text must contain for a query to match: a necessary condition.
struct Need {
    enum class Kind { nothing, trigram, all, any };
    Kind kind = Kind::nothing;
    Trigram trigram = 0;
    std::vector<Need> parts = {};

    static Need all_of(std::vector<Need> parts);
    static Need any_of(std::vector<Need> parts);
    /// All trigrams of a text, which need not be folded.
    static Need of_text(std::string_view text);
    size_t count() const; ///< how many trigrams it names
};

/// A set of texts, by their numbers.
class DocSet {
public:
    explicit DocSet(size_t size = 0, bool is_full = false)
        : m_size(size), m_words((size + 63) / 64, is_full ? ~0ull : 0)
    {}
    void add(size_t doc) { m_words[doc / 64] |= uint64_t{1} << doc % 64; }
    bool has(size_t doc) const { return doc < m_size && (m_words[doc / 64] >> doc % 64 & 1) != 0; }
    void keep(const DocSet& other)
    {
        for (size_t i = 0; i < m_words.size(); ++i)
            m_words[i] &= other.m_words[i];
    }
    void unite(const DocSet& other)
    {
        for (size_t i = 0; i < m_words.size(); ++i)
            m_words[i] |= other.m_words[i];
    }
    bool empty() const
    {
        for (uint64_t word : m_words)
            if (word != 0)
                return false;
        return true;
    }

private:
    size_t m_size;
    std::vector<uint64_t> m_words;
};

/// The numbers of the texts with a trigram, as gaps.
std::string encode_gaps(const std::vector<uint32_t>& docs);
/// nullopt: they are damaged.
std::optional<DocSet> decode_gaps(std::string_view bytes, size_t docs);

} // namespace quire::search
