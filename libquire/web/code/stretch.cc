#include "web/code/stretch.h"

#include <algorithm>

namespace quire::web {

/// git examines as many bytes to tell text from binary.
constexpr uint64_t judged_bytes = 8000;

/// How much is highlighted before a stretch, only to know the state at its beginning: about a second's work.
constexpr uint64_t max_passed = 32u << 20;

StretchReader::StretchReader(uint64_t first, Until until, StretchLimits limits, std::string file_name)
    : m_until(until), m_limits(limits), m_file_name(std::move(file_name))
{
    m_stretch.first = first;
}

/// Removes the bytes of a character that was cut in two.
static void drop_half_character(std::string& text, size_t from)
{
    size_t end = text.size();
    while (end > from && text.size() - end < 3 && (static_cast<unsigned char>(text[end - 1]) & 0xc0) == 0x80)
        --end;
    if (end > from && static_cast<unsigned char>(text[end - 1]) >= 0xc0)
        text.resize(end - 1);
}

/// Lets the highlighter read a line before the stretch.
void StretchReader::pass(std::string_view piece, bool ends_line)
{
    if (m_seen > max_passed)
        return;
    m_passed += piece.substr(0, m_limits.line_bytes - std::min(m_limits.line_bytes, m_passed.size()));
    if (!ends_line)
        return;
    if (!m_knows_language)
        m_stretch.highlighter = text::Highlighter(text::find_language(m_file_name, m_passed));
    m_knows_language = true;
    (void)m_stretch.highlighter.line(m_passed);
    m_passed.clear();
}

void StretchReader::take_piece(std::string_view piece, bool ends_line)
{
    if (m_line < m_stretch.first && !m_file_name.empty())
        pass(piece, ends_line);
    if (m_line_size == 0)
        m_is_wanted = m_line >= m_stretch.first && !is_full();
    if (m_is_wanted) {
        size_t room = m_limits.line_bytes - std::min<size_t>(m_limits.line_bytes, m_line_kept);
        m_stretch.text += piece.substr(0, room);
        m_line_kept += std::min(room, piece.size());
    }
    m_line_size += piece.size();
    if (ends_line && m_is_wanted)
        end_line();
    if (ends_line) {
        ++m_line;
        m_line_size = m_line_kept = 0;
    }
}

void StretchReader::end_line()
{
    if (m_line_kept < m_line_size) {
        size_t before = m_stretch.text.size();
        drop_half_character(m_stretch.text, before - m_line_kept);
        m_stretch.cut.emplace_back(m_line, m_line_size - m_line_kept + (before - m_stretch.text.size()));
    }
    m_stretch.text += '\n';
    ++m_stretch.lines;
}

bool StretchReader::take(std::string_view block)
{
    if (m_seen < judged_bytes && block.substr(0, judged_bytes - m_seen).find('\0') != std::string_view::npos) {
        m_stretch.is_binary = true;
        return false;
    }
    m_seen += block.size();
    while (!block.empty()) {
        if (m_until == Until::stretch && m_line_size == 0 && is_full()) {
            m_stretch.goes_on = true;
            return false;
        }
        size_t end = block.find('\n');
        take_piece(block.substr(0, end), end != std::string_view::npos);
        block.remove_prefix(end == std::string_view::npos ? block.size() : end + 1);
    }
    return true;
}

Stretch StretchReader::finish(bool is_whole)
{
    bool is_open = m_line_size > 0; // the last line has no newline
    if (is_open && m_is_wanted)
        end_line();
    if (is_whole) {
        m_stretch.total = m_line - 1 + (is_open ? 1 : 0);
        m_stretch.goes_on = m_stretch.first + m_stretch.lines <= *m_stretch.total;
    }
    if (!m_knows_language)
        m_stretch.highlighter = text::Highlighter(text::find_language(m_file_name, m_stretch.text));
    return std::move(m_stretch);
}

} // namespace quire::web
