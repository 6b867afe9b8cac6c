// ByteWriter and ByteReader: numbers, texts and ids as bytes, for files that quire keeps for itself and may delete.
//
// Numbers are in groups of seven bits, the lowest first; texts are preceded by their length. The reader takes any
// bytes: past the end or past a limit every value is 0 or empty, and is_good() is false from then on.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace quire {

class ByteWriter {
public:
    void number(uint64_t value)
    {
        for (; value >= 0x80; value >>= 7)
            m_bytes += static_cast<char>(value | 0x80);
        m_bytes += static_cast<char>(value);
    }
    void text(std::string_view text)
    {
        number(text.size());
        m_bytes += text;
    }
    /// Bytes whose number the reader knows.
    void raw(std::string_view bytes) { m_bytes += bytes; }
    /// Eight bytes, the lowest first.
    void fixed(uint64_t value)
    {
        for (int i = 0; i < 8; ++i)
            m_bytes += static_cast<char>(value >> (8 * i));
    }
    size_t size() const { return m_bytes.size(); }
    std::string take() { return std::move(m_bytes); }

private:
    std::string m_bytes;
};

class ByteReader {
public:
    explicit ByteReader(std::string_view bytes) : m_rest(bytes) {}
    bool is_good() const { return m_is_good; }
    bool is_at_end() const { return m_rest.empty(); }
    std::string_view rest() const { return m_rest; }
    uint64_t number(uint64_t limit = UINT64_MAX)
    {
        uint64_t value = 0;
        for (unsigned shift = 0; shift < 64; shift += 7) {
            std::string_view byte = raw(1);
            if (byte.empty())
                return 0;
            auto bits = static_cast<unsigned char>(byte[0]);
            value |= uint64_t{bits & 0x7fu} << shift;
            if (bits < 0x80) {
                m_is_good = m_is_good && value <= limit;
                return m_is_good ? value : 0;
            }
        }
        m_is_good = false;
        return 0;
    }
    uint32_t small() { return static_cast<uint32_t>(number(UINT32_MAX)); }
    std::string_view text() { return raw(number(m_rest.size())); }
    std::string_view raw(uint64_t size)
    {
        m_is_good = m_is_good && size <= m_rest.size();
        if (!m_is_good)
            return {};
        std::string_view taken = m_rest.substr(0, size);
        m_rest.remove_prefix(size);
        return taken;
    }
    uint64_t fixed()
    {
        uint64_t value = 0;
        std::string_view bytes = raw(8);
        for (size_t i = 0; i < bytes.size(); ++i)
            value |= uint64_t{static_cast<unsigned char>(bytes[i])} << (8 * i);
        return value;
    }

private:
    std::string_view m_rest;
    bool m_is_good = true;
};

} // namespace quire
