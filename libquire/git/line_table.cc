#include "git/line_table.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>

#include "sys/random.h"

namespace quire::git {

/// Deeper indentation is not measured.
constexpr int max_indent = 200;

/// Only git's blanks count as blank, so neither a form feed nor a vertical tab does.
static int indent_of(std::string_view line)
{
    int columns = 0;
    for (char c : line) {
        if (c == ' ')
            ++columns;
        else if (c == '\t')
            columns += 8 - columns % 8;
        else if (c != '\n' && c != '\r')
            return columns;
        if (columns >= max_indent)
            return max_indent;
    }
    return -1;
}

/// One key for the whole process: the hash of a line never leaves it.
static uint64_t random_key()
{
    static const uint64_t key = [] {
        auto hex = sys::random_hex(sizeof(uint64_t));
        return hex ? std::strtoull(hex->c_str(), nullptr, 16) | 1 : 0x2545f4914f6cdd1d;
    }();
    return key;
}

uint64_t hash_of_line(std::string_view line)
{
    const uint64_t key = random_key();
    auto mix = [](uint64_t a, uint64_t b) {
        __extension__ using Wide = unsigned __int128;
        auto product = static_cast<Wide>(a) * b;
        return static_cast<uint64_t>(product) ^ static_cast<uint64_t>(product >> 64);
    };
    constexpr uint64_t odd = 0x9e3779b97f4a7c15;
    uint64_t state = key ^ line.size();
    while (line.size() >= sizeof(uint64_t)) {
        uint64_t word = 0;
        std::memcpy(&word, line.data(), sizeof word);
        state = mix(state ^ word, key ^ odd);
        line.remove_prefix(sizeof word);
    }
    uint64_t tail = 0;
    std::memcpy(&tail, line.data(), line.size());
    return mix(state ^ tail, odd ^ key);
}

std::string_view LineTable::keep(std::string_view line)
{
    // Two versions of one file need little, all of its history much.
    constexpr size_t least_block = 4u << 10, most_block = 256u << 10;
    if (line.size() > m_left) {
        m_left = std::max(std::min(least_block << std::min<size_t>(m_blocks.size(), 6), most_block), line.size());
        m_blocks.push_back(std::make_unique_for_overwrite<char[]>(m_left));
        m_free = m_blocks.back().get();
    }
    std::memcpy(m_free, line.data(), line.size());
    std::string_view kept(m_free, line.size());
    m_free += line.size();
    m_left -= line.size();
    return kept;
}

void LineTable::grow()
{
    std::vector<Slot> old(m_slots.size() * 2);
    old.swap(m_slots);
    for (const Slot& slot : old) {
        if (slot.number == UINT32_MAX)
            continue;
        size_t at = slot.hash & (m_slots.size() - 1);
        while (m_slots[at].number != UINT32_MAX)
            at = (at + 1) & (m_slots.size() - 1);
        m_slots[at] = slot;
    }
}

uint32_t LineTable::number_of(std::string_view line)
{
    uint64_t wanted = hash_of_line(line);
    size_t at = wanted & (m_slots.size() - 1);
    for (; m_slots[at].number != UINT32_MAX; at = (at + 1) & (m_slots.size() - 1))
        if (m_slots[at].hash == wanted && m_lines[m_slots[at].number].bytes == line)
            return m_slots[at].number;
    auto number = static_cast<uint32_t>(m_lines.size());
    m_lines.push_back({keep(line), indent_of(line)});
    m_slots[at] = {wanted, number};
    if (m_lines.size() * 2 > m_slots.size())
        grow();
    return number;
}

void LineTable::append(std::string_view text, NumberedText& numbers)
{
    while (!text.empty()) {
        const void* newline = std::memchr(text.data(), '\n', text.size());
        size_t size = newline ? static_cast<size_t>(static_cast<const char*>(newline) - text.data()) + 1 : text.size();
        numbers.push_back(number_of(text.substr(0, size)));
        text.remove_prefix(size);
    }
}

NumberedText LineTable::number(std::string_view text)
{
    NumberedText numbers;
    append(text, numbers);
    return numbers;
}

NumberedText LineTable::number_like(std::string_view text, std::string_view known_text, const NumberedText& known)
{
    size_t shorter = std::min(text.size(), known_text.size());
    auto differ = std::mismatch(text.begin(), text.begin() + static_cast<ptrdiff_t>(shorter), known_text.begin()).first;
    auto head = static_cast<size_t>(differ - text.begin());
    while (head > 0 && text[head - 1] != '\n')
        --head;
    size_t rest = shorter - head, tail = 0;
    while (tail < rest && text[text.size() - 1 - tail] == known_text[known_text.size() - 1 - tail])
        ++tail;
    // Only whole lines: the tail must begin after a newline in both texts, or at the start of both.
    auto begins_line = [&](std::string_view whole) {
        size_t at = whole.size() - tail;
        return at == 0 || whole[at - 1] == '\n';
    };
    while (tail > 0 && !(begins_line(text) && begins_line(known_text)))
        --tail;
    NumberedText numbers;
    numbers.reserve(known.size() + 16);
    size_t from = 0, before = 0;
    for (; before < head; ++from)
        before += line(known[from]).size();
    numbers.assign(known.begin(), known.begin() + static_cast<ptrdiff_t>(from));
    append(text.substr(head, text.size() - head - tail), numbers);
    size_t to = known.size(), after = 0;
    for (; after < tail; --to)
        after += line(known[to - 1]).size();
    numbers.insert(numbers.end(), known.begin() + static_cast<ptrdiff_t>(to), known.end());
    return numbers;
}

} // namespace quire::git
