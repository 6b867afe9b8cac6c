#include "search/trigrams.h"

#include "base/byte_codec.h"

namespace quire::search {

template <size_t size>
static void fold_block(const char* __restrict from, char* __restrict to)
{
    for (size_t i = 0; i < size; ++i)
        to[i] = static_cast<char>(fold_byte(static_cast<unsigned char>(from[i])));
}

void fold(std::string_view text, std::string& folded)
{
    folded.resize(text.size());
    char* to = folded.data();
    size_t i = 0;
    // In blocks of one length, the compiler takes many bytes at a time.
    for (constexpr size_t block = 64; i + block <= text.size(); i += block)
        fold_block<block>(text.data() + i, to + i);
    for (; i < text.size(); ++i)
        to[i] = static_cast<char>(fold_byte(static_cast<unsigned char>(text[i])));
}

std::string key_of(Trigram trigram)
{
    return {static_cast<char>(trigram >> 16), static_cast<char>(trigram >> 8), static_cast<char>(trigram)};
}

const std::vector<Trigram>& TrigramSet::collect(std::string_view folded)
{
    for (Trigram trigram : m_found)
        m_bits[trigram / 64] = 0;
    m_found.clear();
    Trigram last = 0;
    size_t length = 0; // of the line up to here, at most 3
    for (char c : folded) {
        last = (last << 8 | static_cast<unsigned char>(c)) & 0xffffff;
        length = c == '\n' ? 0 : length + 1;
        if (length < 3)
            continue;
        uint64_t& word = m_bits[last / 64];
        uint64_t bit = uint64_t{1} << last % 64;
        if ((word & bit) == 0) {
            word |= bit;
            m_found.push_back(last);
        }
    }
    return m_found;
}

Need Need::all_of(std::vector<Need> parts)
{
    std::erase_if(parts, [](const Need& part) { return part.kind == Kind::nothing; });
    if (parts.empty())
        return {};
    return parts.size() == 1 ? std::move(parts[0]) : Need{.kind = Kind::all, .parts = std::move(parts)};
}

Need Need::any_of(std::vector<Need> parts)
{
    for (const Need& part : parts)
        if (part.kind == Kind::nothing)
            return {};
    if (parts.empty())
        return {};
    return parts.size() == 1 ? std::move(parts[0]) : Need{.kind = Kind::any, .parts = std::move(parts)};
}

Need Need::of_text(std::string_view text)
{
    std::string folded;
    fold(text, folded);
    std::vector<Need> parts;
    for (size_t i = 0; i + 3 <= folded.size(); ++i) {
        Trigram trigram = 0;
        for (size_t j = 0; j < 3; ++j)
            trigram = trigram << 8 | static_cast<unsigned char>(folded[i + j]);
        parts.push_back({.kind = Kind::trigram, .trigram = trigram});
    }
    return all_of(std::move(parts));
}

size_t Need::count() const
{
    size_t sum = kind == Kind::trigram ? 1 : 0;
    for (const Need& part : parts)
        sum += part.count();
    return sum;
}

std::string encode_gaps(const std::vector<uint32_t>& docs)
{
    ByteWriter out;
    uint32_t next = 0;
    for (uint32_t doc : docs) {
        out.number(doc - next);
        next = doc + 1;
    }
    return out.take();
}

std::optional<DocSet> decode_gaps(std::string_view bytes, size_t docs)
{
    DocSet set(docs);
    uint64_t next = 0;
    for (ByteReader in(bytes); !in.is_at_end();) {
        uint64_t doc = next + in.number(docs);
        if (!in.is_good() || doc >= docs)
            return std::nullopt;
        set.add(doc);
        next = doc + 1;
    }
    return set;
}

} // namespace quire::search
