#include "ci/logs/shown_text.h"

#include <algorithm>

namespace quire::ci {

namespace {

constexpr unsigned char escape = 0x1b;
constexpr unsigned char bell = 0x07;

unsigned char byte_at(std::string_view bytes, size_t at) { return static_cast<unsigned char>(bytes[at]); }

bool is_control(unsigned char byte)
{
    return (byte < 0x20 && byte != '\n' && byte != '\r' && byte != '\t') || byte == 0x7f;
}

/// Whether the byte can begin a hidden character: C1 controls, zero-width marks, the byte order mark.
bool may_lead(unsigned char byte) { return byte == 0xc2 || byte == 0xe2 || byte == 0xef; }

/// The length of the hidden character at `at`; 0: none. REQUIRES: a lead byte, and three bytes or all that are left.
size_t hidden_length(std::string_view bytes, size_t at)
{
    size_t left = bytes.size() - at;
    unsigned char lead = byte_at(bytes, at);
    unsigned char second = left > 1 ? byte_at(bytes, at + 1) : 0;
    unsigned char third = left > 2 ? byte_at(bytes, at + 2) : 0;
    if (lead == 0xc2)
        return second >= 0x80 && second <= 0x9f ? 2 : 0;
    if (lead == 0xef)
        return second == 0xbb && third == 0xbf ? 3 : 0;
    bool zero_width = second == 0x80 && third >= 0x8b && third <= 0x8f;
    bool direction = second == 0x80 && third >= 0xaa && third <= 0xae;
    bool invisible = second == 0x81 && third >= 0xa0 && third <= 0xaf;
    return zero_width || direction || invisible ? 3 : 0;
}

} // namespace

bool ShownText::has_hidden(std::string_view bytes)
{
    return std::any_of(bytes.begin(), bytes.end(), [](char c) {
        auto byte = static_cast<unsigned char>(c);
        return is_control(byte) || may_lead(byte);
    });
}

/// Whether the byte is shown.
bool ShownText::step(unsigned char byte)
{
    if (byte == '\n') { // an unfinished sequence ends with its line
        m_state = State::text;
        return true;
    }
    switch (m_state) {
    case State::text:
        if (byte == escape)
            m_state = State::escape;
        return !is_control(byte);
    case State::escape:
        if (byte == '[')
            m_state = State::control;
        else if (byte == ']' || byte == 'P' || byte == 'X' || byte == '^' || byte == '_')
            m_state = State::string;
        else if (byte < 0x20 || byte >= 0x30) // otherwise an intermediate byte, as in ESC ( B
            m_state = State::text;
        return false;
    case State::control:
        if (byte >= 0x40)
            m_state = State::text;
        return false;
    case State::string:
        m_state = byte == bell ? State::text : byte == escape ? State::string_escape : State::string;
        return false;
    case State::string_escape:
        m_state = State::text;
        return false;
    }
    return true;
}

size_t ShownText::take(std::string_view bytes, size_t at, End end)
{
    constexpr size_t longest_character = 3;
    while (at < bytes.size()) {
        unsigned char byte = byte_at(bytes, at);
        if (m_state == State::text && may_lead(byte)) {
            if (end == End::more_may_come && bytes.size() - at < longest_character)
                break;
            if (size_t hidden = hidden_length(bytes, at)) {
                if (hidden == 2 && byte_at(bytes, at + 1) == 0x9b) // CSI as a single character
                    m_state = State::control;
                at += hidden;
                continue;
            }
        }
        if (step(byte)) {
            text += bytes[at];
            places.push_back(at);
        }
        ++at;
    }
    return at;
}

void ShownText::drop(size_t count, size_t shift)
{
    text.erase(0, count);
    places.erase(places.begin(), places.begin() + static_cast<ptrdiff_t>(count));
    for (size_t& place : places)
        place -= shift;
}

} // namespace quire::ci
