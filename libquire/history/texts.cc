#include "history/texts.h"

namespace quire::history {

constexpr size_t most_kept = 8;

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
