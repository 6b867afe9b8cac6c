// XmlPull: a strict little pull parser for what test programs write: elements, attributes, text, CDATA, comments.
//
//   XmlPull xml(source);
//   while (TRY(xml.next()))
//       if (xml.kind() == XmlPull::Kind::open && xml.name() == "testcase") ...
//
// No document type (so no entities of one's own, and nothing to expand or to fetch), no namespaces (a prefix is part of
// the name). Well-formed UTF-8 without NUL, one root, depth and attributes bounded. Linear. An error names the byte.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace quire::text {

class XmlPull {
public:
    enum class Kind { open, close, text };

    explicit XmlPull(std::string_view source) : m_source(source) {}

    /// False at the end of a whole document. <a/> is an open and a close.
    Result<bool> next();
    Kind kind() const { return m_kind; }
    /// Of an element that opens or closes.
    std::string_view name() const { return m_name; }
    /// "" when it is not there.
    std::string_view attribute(std::string_view name) const;
    /// Decoded.
    const std::string& text() const { return m_text; }
    size_t depth() const { return m_open.size(); }

private:
    Result<bool> read_tag();
    Result<void> read_attributes();
    Result<bool> read_text();
    Result<std::string> decode(std::string_view raw) const;
    Result<bool> skip_past(std::string_view end);
    std::string_view take_name();
    void skip_blanks();
    Unexpected wrong(std::string_view what) const;

    std::string_view m_source;
    size_t m_at = 0;
    Kind m_kind = Kind::text;
    std::string_view m_name;
    std::string m_text;
    std::vector<std::pair<std::string_view, std::string>> m_attributes;
    std::vector<std::string_view> m_open;
    bool m_closes_itself = false, m_had_root = false, m_checked = false;
};

} // namespace quire::text
