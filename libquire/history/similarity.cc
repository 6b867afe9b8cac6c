#include "history/similarity.h"

#include <algorithm>

namespace quire::history {

/// The longest piece: a line, or part of a long line.
constexpr uint32_t max_piece = 64;
constexpr uint32_t hashes = 107'927;

Fingerprint::Fingerprint(std::string_view content) : m_size(content.size())
{
    bool is_text = content.substr(0, 8000).find('\0') == std::string_view::npos;
    uint32_t a = 0, b = 0, bytes = 0;
    auto end_piece = [&] {
        m_pieces.emplace_back((a + b * 0x61) % hashes, bytes);
        a = b = bytes = 0;
    };
    for (size_t i = 0; i < content.size(); ++i) {
        auto byte = static_cast<unsigned char>(content[i]);
        if (is_text && byte == '\r' && i + 1 < content.size() && content[i + 1] == '\n')
            continue;
        uint32_t old_a = a;
        a = ((a << 7) ^ (b >> 25)) + byte;
        b = (b << 7) ^ (old_a >> 25);
        if (++bytes == max_piece || byte == '\n')
            end_piece();
    }
    if (bytes > 0)
        end_piece();
    std::sort(m_pieces.begin(), m_pieces.end());
    size_t last = 0;
    for (size_t i = 1; i < m_pieces.size(); ++i) {
        if (m_pieces[i].first == m_pieces[last].first)
            m_pieces[last].second += m_pieces[i].second;
        else
            m_pieces[++last] = m_pieces[i];
    }
    m_pieces.resize(std::min(m_pieces.size(), last + 1));
}

uint64_t Fingerprint::likeness(const Fingerprint& other) const
{
    uint64_t common = 0, larger = std::max(m_size, other.m_size);
    for (auto a = m_pieces.begin(), b = other.m_pieces.begin(); a != m_pieces.end() && b != other.m_pieces.end();) {
        if (a->first < b->first) {
            ++a;
        } else if (b->first < a->first) {
            ++b;
        } else {
            common += std::min(a->second, b->second);
            ++a;
            ++b;
        }
    }
    return larger == 0 ? 0 : common * all_alike / larger;
}

bool may_be_half_alike(uint64_t a, uint64_t b)
{
    uint64_t larger = std::max(a, b), difference = larger - std::min(a, b);
    return difference * all_alike <= larger * half_alike;
}

} // namespace quire::history
