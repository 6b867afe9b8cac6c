#include "search/text_finder.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>
#include <iterator>

#include "search/trigrams.h"

namespace quire::search {

constexpr size_t block_size = 16;
using Block [[gnu::vector_size(block_size)]] = unsigned char;

static Block load(const char* bytes)
{
    Block block;
    std::memcpy(&block, bytes, block_size);
    return block;
}

static Block filled_with(unsigned char byte) { return Block{} + byte; }

static bool is_zero(Block block)
{
    uint64_t halves[2];
    std::memcpy(halves, &block, sizeof halves);
    return (halves[0] | halves[1]) == 0;
}

static bool is_small_letter(unsigned char byte) { return byte >= 'a' && byte <= 'z'; }

/// How often a byte is met in source code; what is not listed is rarer.
static size_t frequency(unsigned char byte)
{
    static constexpr std::string_view by_frequency = " etrnsaoidlcpuf_mg\t\nhb(),;.=-*\"/>vkwxy0";
    size_t place = by_frequency.find(static_cast<char>(byte));
    return place == std::string_view::npos ? 0 : by_frequency.size() - place;
}

TextFinder::TextFinder(std::string_view what, Case letter_case) : m_what(what), m_case(letter_case)
{
    if (what.empty())
        return;
    size_t rarest = 0, second = what.size() > 1 ? 1 : 0;
    for (size_t i = 1; i < what.size(); ++i) {
        auto rank = frequency(static_cast<unsigned char>(what[i]));
        if (rank < frequency(static_cast<unsigned char>(what[rarest]))) {
            second = rarest;
            rarest = i;
        } else if (rank < frequency(static_cast<unsigned char>(what[second]))) {
            second = i;
        }
    }
    m_first = probe(rarest);
    m_second = probe(second);
}

TextFinder::Probe TextFinder::probe(size_t at) const
{
    auto byte = static_cast<unsigned char>(m_what[at]);
    bool has_cases = m_case == Case::ignored && is_small_letter(byte);
    return {at, byte, static_cast<unsigned char>(has_cases ? 0x20 : 0)};
}

bool TextFinder::is_at(const char* place) const
{
    if (m_case == Case::respected)
        return std::memcmp(place, m_what.data(), m_what.size()) == 0;
    for (size_t i = 0; i < m_what.size(); ++i)
        if (fold_byte(static_cast<unsigned char>(place[i])) != static_cast<unsigned char>(m_what[i]))
            return false;
    return true;
}

size_t TextFinder::find(std::string_view text, size_t from) const
{
    static_assert(std::endian::native == std::endian::little);
    if (from > text.size() || text.size() - from < m_what.size())
        return std::string_view::npos;
    if (m_what.empty())
        return from;
    const size_t end = text.size() - m_what.size() + 1; // of the places where it may begin
    const Block first = filled_with(m_first.byte), first_mask = filled_with(m_first.mask);
    const Block second = filled_with(m_second.byte), second_mask = filled_with(m_second.mask);
    auto fits = [&](const char* place) { // a byte of ones for each place where both probes are
        return static_cast<Block>(((load(place + m_first.at) | first_mask) == first) &
                                  ((load(place + m_second.at) | second_mask) == second));
    };
    size_t at = from;
    for (constexpr size_t blocks = 4; at + blocks * block_size <= end; at += blocks * block_size) {
        const char* place = text.data() + at;
        Block found[blocks] = {fits(place), fits(place + block_size), fits(place + 2 * block_size),
                               fits(place + 3 * block_size)};
        if (is_zero(found[0] | found[1] | found[2] | found[3]))
            continue;
        uint64_t parts[blocks * block_size / 8];
        std::memcpy(parts, found, sizeof parts);
        for (size_t i = 0; i < std::size(parts); ++i)
            for (uint64_t part = parts[i]; part != 0;) {
                auto byte = static_cast<size_t>(std::countr_zero(part)) / 8;
                if (is_at(place + i * 8 + byte))
                    return at + i * 8 + byte;
                part &= ~(uint64_t{0xff} << byte * 8);
            }
    }
    for (; at < end; ++at)
        if ((static_cast<unsigned char>(text[at + m_first.at]) | m_first.mask) == m_first.byte &&
            is_at(text.data() + at))
            return at;
    return std::string_view::npos;
}

size_t count_newlines(std::string_view text)
{
    constexpr size_t most_blocks = 255; // what a byte of `sums` can count
    const Block newline = filled_with('\n');
    size_t count = 0;
    while (text.size() >= block_size) {
        Block sums{};
        size_t blocks = std::min(text.size() / block_size, most_blocks);
        for (size_t i = 0; i < blocks; ++i)
            sums -= static_cast<Block>(load(text.data() + i * block_size) == newline);
        for (size_t i = 0; i < block_size; ++i)
            count += sums[i];
        text.remove_prefix(blocks * block_size);
    }
    return count + static_cast<size_t>(std::count(text.begin(), text.end(), '\n'));
}

} // namespace quire::search
