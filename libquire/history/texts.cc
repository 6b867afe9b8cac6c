#include "history/texts.h"

#include <algorithm>

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

uint32_t Text::line_at(size_t byte)
{
    auto after = std::upper_bound(starts().begin(), starts().end() - 1, byte);
    return static_cast<uint32_t>(after - starts().begin()) - (after == starts().begin() ? 0 : 1);
}

EqualEnds equal_ends(Text& before, Text& after)
{
    std::string_view a = before.content(), b = after.content();
    size_t shorter = std::min(a.size(), b.size());
    auto front = std::mismatch(a.begin(), a.begin() + static_cast<ptrdiff_t>(shorter), b.begin());
    auto same = static_cast<size_t>(front.first - a.begin());
    // The line in which they part is not the same.
    uint32_t above = std::min(before.line_at(same), after.line_at(same));
    auto back = std::mismatch(a.rbegin(), a.rbegin() + static_cast<ptrdiff_t>(shorter - same), b.rbegin());
    auto same_end = static_cast<size_t>(back.first - a.rbegin());
    auto below = [&](Text& text) {
        size_t begin = text.content().size() - same_end;
        uint32_t line = text.line_at(begin);
        return text.line_count() - std::min(text.line_count(), line + 1);
    };
    return {above, std::min(below(before), below(after))};
}

std::shared_ptr<Text> Texts::read(const git_oid& id, const std::string& path)
{
    for (auto kept = m_kept.begin(); kept != m_kept.end(); ++kept)
        if (git::is_same(kept->id, id)) {
            m_kept.splice(m_kept.begin(), m_kept, kept);
            return m_kept.front().text;
        }
    auto object = m_objects.read(id, GIT_OBJECT_BLOB, max_followed_file);
    if (!object)
        return nullptr;
    if (m_kept.size() == most_kept)
        m_kept.pop_back();
    m_kept.push_front({id, std::make_shared<Text>(std::move(*object), path)});
    m_bytes += m_kept.front().text->content().size();
    return m_kept.front().text;
}

} // namespace quire::history
