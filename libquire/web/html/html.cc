#include "web/html/html.h"

#include <array>

namespace quire::web {

static constexpr std::array<bool, 256> needs_escape = [] {
    std::array<bool, 256> table{};
    for (char c : {'&', '<', '>', '"', '\'', '\0'})
        table[static_cast<unsigned char>(c)] = true;
    return table;
}();

static std::string_view escape_of(char c)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return "\xef\xbf\xbd";
    }
}

Html& Html::text(std::string_view text)
{
    size_t begin = 0;
    for (size_t i = 0; i < text.size(); ++i) {
        if (!needs_escape[static_cast<unsigned char>(text[i])])
            continue;
        m_text += text.substr(begin, i - begin);
        m_text += escape_of(text[i]);
        begin = i + 1;
    }
    m_text += text.substr(begin);
    return *this;
}

} // namespace quire::web
