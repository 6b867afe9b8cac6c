// HtmlTokenizer: cuts HTML into text and tags in linear time. Private to text/.
//
// Comments, doctypes and processing instructions are dropped. Names are made lower-case. Character references are
// decoded in attribute values and kept in text, where "<" is always "&lt;". A tag that never ends is text.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace quire::text {

struct HtmlAttribute {
    std::string name, value;
};

struct HtmlToken {
    enum class Kind { text, start_tag, end_tag };
    Kind kind = Kind::text;
    std::string text;
    std::string name;
    std::vector<HtmlAttribute> attributes; ///< each name occurs once
};

class HtmlTokenizer {
public:
    explicit HtmlTokenizer(std::string_view html) : m_html(html) {}

    bool next(HtmlToken& token);
    /// Skips everything up to and including the end tag; if there is none, the whole rest.
    void skip_to_end_of(std::string_view name);

private:
    bool read_tag(HtmlToken& token);
    bool skip_declaration();
    bool read_attributes(HtmlToken& token);
    std::string read_value();

    std::string_view m_html;
    size_t m_at = 0;
    bool m_has_end = true; ///< a ">" may still come
};

/// Decodes numeric character references and the few named ones that can hide a URL scheme. Others stay unchanged.
std::string decode_references(std::string_view text);

} // namespace quire::text
