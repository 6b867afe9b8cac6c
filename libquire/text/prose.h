// What READMEs use beyond CommonMark and tables. Footnotes are taken out before Markdown is rendered. Section names,
// alerts, emoji and highlighted code are added to markup that filter_html has made safe. Takes linear time.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace quire::text {

struct Footnote {
    std::string name, source;
};

/// Takes "[^name]: text" and the indented lines that follow it out of the source. The first one of a name counts.
std::vector<Footnote> take_footnotes(std::string& source);

class ProseWriter {
public:
    /// Makes the markup of code in a language that is given by name.
    using CodeWriter = std::function<std::string(std::string_view language, std::string_view code)>;

    ProseWriter(const std::vector<Footnote>& footnotes, CodeWriter write_code)
        : m_footnotes(footnotes), m_write_code(std::move(write_code))
    {}

    /// Gives headings ids, as GitHub makes them, and a link to themselves.
    std::string write(std::string_view filtered);
    /// The indices of the footnotes that were referred to, in order. `write` may be called with their texts and find
    /// more.
    const std::vector<size_t>& referred() const { return m_referred; }

private:
    void text(std::string_view text);
    void tag(std::string_view tag);
    size_t take_code(std::string_view html, size_t at);
    size_t take_alert(std::string_view html, size_t at);
    bool take_footnote(std::string_view name);
    void end_heading();
    std::string free_id(std::string id);

    const std::vector<Footnote>& m_footnotes;
    CodeWriter m_write_code;
    std::vector<size_t> m_referred;
    std::vector<std::string> m_ids; ///< sorted
    std::string m_out, m_heading;
    std::string m_heading_id;   ///< the one that the author gave it
    size_t m_heading_begin = 0; ///< position in m_out after "<h1"; 0: not in a heading
    int m_code_depth = 0, m_table_depth = 0, m_link_depth = 0;
};

/// Makes "whats-new-here" of "What's `new`, here?".
std::string heading_id(std::string_view text);

/// Whether our pages use the id for something of their own: the main part, lines, files of a diff, steps.
bool is_id_of_page(std::string_view id);

/// The character for ":name:"; empty if there is none.
std::string_view emoji_named(std::string_view name);

} // namespace quire::text
