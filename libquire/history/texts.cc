#include "history/texts.h"

#include <functional>

namespace quire::history {

constexpr size_t most_kept = 8;

const std::vector<uint32_t>& Text::starts()
{
    if (m_starts.empty()) {
        size_t at = 0;
        while (at < m_content.size()) {
            m_starts.push_back(static_cast<uint32_t>(at));
            size_t end = m_content.find('\n', at);
            at = end == std::string_view::npos ? m_content.size() : end + 1;
        }
        m_starts.push_back(static_cast<uint32_t>(m_content.size()));
    }
    return m_starts;
}

uint32_t Text::line_count() { return static_cast<uint32_t>(starts().size()) - 1; }

std::string_view Text::part(LineRange lines)
{
    return m_content.substr(starts()[lines.begin], starts()[lines.end] - starts()[lines.begin]);
}

const std::vector<uint32_t>& Text::numbers()
{
    if (m_numbers.empty() && line_count() > 0) {
        m_numbers.reserve(line_count());
        for (uint32_t line = 0; line < line_count(); ++line) {
            auto hash = std::hash<std::string_view>()(part({line, line + 1}));
            m_numbers.push_back(static_cast<uint32_t>(hash ^ hash >> 32));
        }
    }
    return m_numbers;
}

std::shared_ptr<Text> Texts::read(const git_oid& id, const std::string& path)
{
    for (auto kept = m_kept.begin(); kept != m_kept.end(); ++kept)
        if (git::is_same(kept->id, id)) {
            m_kept.splice(m_kept.begin(), m_kept, kept);
            return m_kept.front().text;
        }
    auto object = m_objects.read(id, GIT_OBJECT_BLOB, max_file_bytes);
    if (!object)
        return nullptr;
    if (m_kept.size() == most_kept)
        m_kept.pop_back();
    m_kept.push_front({id, std::make_shared<Text>(std::move(*object), path)});
    m_bytes += m_kept.front().text->content().size();
    return m_kept.front().text;
}

} // namespace quire::history
