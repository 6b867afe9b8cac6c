#include "text/prose.h"

#include <algorithm>
#include <array>

#include "base/strings.h"
#include "text/escape.h"

namespace quire::text {

constexpr size_t max_footnotes = 500;

/// A fence, "```" or "~~~", with up to three blanks before it.
static std::string_view fence_of(std::string_view line)
{
    size_t begin = line.find_first_not_of(' ');
    if (begin == std::string_view::npos || begin > 3 || (line[begin] != '`' && line[begin] != '~'))
        return {};
    size_t end = std::min(line.find_first_not_of(line[begin], begin), line.size());
    return end - begin >= 3 ? line.substr(begin, end - begin) : std::string_view();
}

std::vector<Footnote> take_footnotes(std::string& source)
{
    std::vector<Footnote> footnotes;
    if (source.find("[^") == std::string::npos)
        return footnotes;
    std::string rest, fence;
    bool is_open = false; // lines of a footnote may follow
    size_t blanks = 0;
    for (std::string_view line : split(source, '\n')) {
        bool is_blank = trim(line).empty();
        bool is_indented = line.starts_with("    ") || line.starts_with('\t');
        is_open = is_open && (is_blank || is_indented || blanks == 0);
        std::string_view mark = fence_of(line);
        if (fence.empty() && !mark.empty() && !is_open)
            fence = mark;
        else if (!fence.empty() && mark.starts_with(fence))
            fence.clear();
        size_t colon = line.starts_with("[^") ? line.substr(0, 200).find("]:") : std::string_view::npos;
        if (fence.empty() && colon != std::string_view::npos && colon > 2 && footnotes.size() < max_footnotes) {
            footnotes.push_back({to_lower(line.substr(2, colon - 2)), std::string(trim(line.substr(colon + 2)))});
            is_open = true;
            blanks = 0;
            continue;
        }
        if (is_open && is_blank) {
            ++blanks;
        } else if (is_open) {
            // The line is indented or continues a paragraph.
            std::string& text = footnotes.back().source;
            text.append(blanks + 1, '\n');
            blanks = 0;
            text += line.starts_with("    ") ? line.substr(4) : line.starts_with('\t') ? line.substr(1) : line;
            continue;
        }
        rest += line;
        rest += '\n';
    }
    source = std::move(rest);
    std::stable_sort(footnotes.begin(), footnotes.end(),
                     [](const Footnote& a, const Footnote& b) { return a.name < b.name; });
    footnotes.erase(std::unique(footnotes.begin(), footnotes.end(),
                                [](const Footnote& a, const Footnote& b) { return a.name == b.name; }),
                    footnotes.end());
    return footnotes;
}

/// Decodes the references that filter_html writes.
static std::string decoded(std::string_view html)
{
    static constexpr std::array<std::pair<std::string_view, char>, 6> known = {
        {{"&lt;", '<'}, {"&gt;", '>'}, {"&amp;", '&'}, {"&quot;", '"'}, {"&#39;", '\''}, {"&#x27;", '\''}}};
    std::string out;
    while (!html.empty()) {
        size_t next = std::min(html.find('&'), html.size());
        out += html.substr(0, next);
        html.remove_prefix(next);
        auto found =
            std::find_if(known.begin(), known.end(), [&](const auto& one) { return html.starts_with(one.first); });
        if (found != known.end()) {
            out += found->second;
            html.remove_prefix(found->first.size());
        } else if (!html.empty()) {
            out += '&';
            html.remove_prefix(1);
        }
    }
    return out;
}

std::string heading_id(std::string_view text)
{
    std::string id;
    for (char c : trim(text)) {
        auto byte = static_cast<unsigned char>(c);
        if (c >= 'A' && c <= 'Z')
            id += static_cast<char>(c | 0x20);
        else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || byte >= 0x80)
            id += c;
        else if (c == ' ')
            id += '-';
    }
    // Of non-ASCII characters, letters stay; emoji, their selectors and punctuation are dropped.
    std::string kept;
    for (size_t i = 0; i < id.size();) {
        auto byte = static_cast<unsigned char>(id[i]);
        size_t width = byte < 0x80 ? 1 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
        std::string_view one = std::string_view(id).substr(i, width);
        bool is_sign = width == 4 || one.starts_with("\xe2") || one.starts_with("\xef\xb8") ||
                       one.starts_with("\xe3\x80") || one.starts_with("\xef\xbc");
        if (!is_sign)
            kept += one;
        i += width;
    }
    return kept;
}

bool is_id_of_page(std::string_view id)
{
    bool is_numbered = id.size() > 1 && (id[0] == 'l' || id[0] == 'f' || id[0] == 'L' || id[0] == 'S') &&
                       id.find_first_not_of("0123456789", 1) == std::string_view::npos;
    return is_numbered || id == "content" || id == "tests" || id == "jobs" || id == "artifacts";
}

std::string ProseWriter::free_id(std::string id)
{
    std::string wanted = id.empty() ? "section" : std::move(id);
    std::string free = wanted;
    for (size_t n = 1; is_id_of_page(free) || std::binary_search(m_ids.begin(), m_ids.end(), free); ++n)
        free = wanted + "-" + std::to_string(n);
    m_ids.insert(std::upper_bound(m_ids.begin(), m_ids.end(), free), free);
    return free;
}

bool ProseWriter::take_footnote(std::string_view name)
{
    std::string wanted = to_lower(name);
    auto found = std::lower_bound(m_footnotes.begin(), m_footnotes.end(), wanted,
                                  [](const Footnote& note, const std::string& key) { return note.name < key; });
    if (found == m_footnotes.end() || found->name != wanted)
        return false;
    size_t index = static_cast<size_t>(found - m_footnotes.begin());
    auto known = std::find(m_referred.begin(), m_referred.end(), index);
    bool is_first = known == m_referred.end();
    size_t number = static_cast<size_t>(known - m_referred.begin()) + 1;
    if (is_first)
        m_referred.push_back(index);
    std::string n = std::to_string(number);
    m_out += "<sup><a href=\"#footnote-" + n + "\"" + (is_first ? " id=\"footnote-of-" + n + "\"" : "") + ">" + n +
             "</a></sup>";
    return true;
}

void ProseWriter::text(std::string_view text)
{
    if (m_heading_begin > 0)
        m_heading += text;
    if (m_code_depth > 0) {
        while (m_table_depth > 0) { // undoes what a table's cell had to escape
            size_t bar = text.find("\\|");
            m_out += text.substr(0, bar);
            if (bar == std::string_view::npos)
                return;
            text.remove_prefix(bar + 1);
            m_out += '|';
            text.remove_prefix(1);
        }
        m_out += text;
        return;
    }
    while (!text.empty()) {
        size_t next = std::min(text.find_first_of(":["), text.size());
        m_out += text.substr(0, next);
        text.remove_prefix(next);
        if (text.empty())
            return;
        bool is_note = text.starts_with("[^");
        size_t end = text.substr(0, 100).find(is_note ? ']' : ':', is_note ? 2 : 1);
        std::string_view name =
            end == std::string_view::npos ? std::string_view() : text.substr(is_note ? 2 : 1, end - (is_note ? 2 : 1));
        if (is_note && !name.empty() && m_link_depth == 0 && take_footnote(name)) {
            text.remove_prefix(end + 1);
            continue;
        }
        std::string_view emoji = text[0] == ':' && !name.empty() ? emoji_named(name) : std::string_view();
        m_out += emoji.empty() ? text.substr(0, 1) : emoji;
        text.remove_prefix(emoji.empty() ? 1 : end + 1);
    }
}

/// Takes "<pre …><code class="language-x">…</code>" from "<code" on. Returns its length; 0 if it holds more than text.
size_t ProseWriter::take_code(std::string_view html, size_t at)
{
    constexpr std::string_view open = "<code class=\"language-";
    std::string_view rest = html.substr(at);
    if (!rest.starts_with(open))
        return 0;
    size_t name_end = rest.find("\">"), end = rest.find("</code>");
    if (name_end == std::string_view::npos || end == std::string_view::npos || end < name_end)
        return 0;
    std::string_view inside = rest.substr(name_end + 2, end - name_end - 2);
    if (inside.find('<') != std::string_view::npos)
        return 0;
    std::string language = decoded(rest.substr(open.size(), name_end - open.size()));
    m_out += rest.substr(0, name_end + 2);
    m_out += m_write_code(language, decoded(inside));
    return end;
}

/// Takes "<blockquote>\n<p>[!NOTE]\n…" and returns its length.
size_t ProseWriter::take_alert(std::string_view html, size_t at)
{
    std::string_view rest = html.substr(at);
    constexpr std::string_view open = "<blockquote>\n<p>[!";
    if (!rest.starts_with(open))
        return 0;
    for (std::string_view kind : {"note", "tip", "important", "warning", "caution"}) {
        if (to_lower(rest.substr(open.size(), kind.size())) != kind || rest.substr(open.size() + kind.size(), 1) != "]")
            continue;
        size_t taken = open.size() + kind.size() + 1;
        std::string_view behind = rest.substr(taken);
        bool is_alone = behind.starts_with("</p>") || behind.starts_with("\n") || behind.starts_with("<br>");
        if (!is_alone)
            return 0;
        std::string word(kind);
        word[0] = static_cast<char>(word[0] - 'a' + 'A');
        m_out += "<blockquote class=\"alert " + std::string(kind) + "\">\n<p class=\"kind\">" + word + "</p>\n";
        taken += behind.starts_with("</p>") ? 4 : behind.starts_with("<br>") ? 4 : 1;
        if (!behind.starts_with("</p>"))
            m_out += "<p>";
        return taken;
    }
    return 0;
}

void ProseWriter::end_heading()
{
    std::string id = m_heading_id.empty() ? free_id(heading_id(decoded(m_heading))) : m_heading_id;
    std::string escaped = escape_html(id);
    m_out += " <a class=\"anchor\" href=\"#" + percent_encode(id) + "\" aria-label=\"link to this section\">#</a>";
    if (m_heading_id.empty())
        m_out.insert(m_heading_begin, " id=\"" + escaped + "\"");
    m_heading_begin = 0;
}

static bool is_tag(std::string_view tag, std::string_view name)
{
    return tag.starts_with(name) && tag.size() > name.size() && (tag[name.size()] == '>' || tag[name.size()] == ' ');
}

void ProseWriter::tag(std::string_view tag)
{
    bool closes = tag.starts_with("</");
    std::string_view name = tag.substr(closes ? 2 : 1);
    bool is_heading =
        name.size() > 2 && name[0] == 'h' && name[1] >= '1' && name[1] <= '6' && (name[2] == '>' || name[2] == ' ');
    if (is_heading && closes && m_heading_begin > 0)
        end_heading();
    int step = closes ? -1 : 1;
    if (is_tag(name, "code") || is_tag(name, "pre"))
        m_code_depth += step;
    else if (is_tag(name, "table"))
        m_table_depth += step;
    else if (is_tag(name, "a"))
        m_link_depth += step;
    m_out += tag;
    if (is_heading && !closes) {
        m_heading_begin = m_out.size() - tag.size() + 3;
        m_heading.clear();
        size_t id = tag.find(" id=\"");
        m_heading_id = id == std::string_view::npos ? "" : tag.substr(id + 5, tag.find('"', id + 5) - id - 5);
    }
}

std::string ProseWriter::write(std::string_view filtered)
{
    m_out.clear();
    m_heading_begin = 0;
    // Ids that the author gave come first, so that a heading can't take them.
    for (size_t at = filtered.find(" id=\""); at != std::string_view::npos; at = filtered.find(" id=\"", at)) {
        at += 5;
        m_ids.emplace_back(filtered.substr(at, std::min(filtered.find('"', at), filtered.size()) - at));
    }
    std::sort(m_ids.begin(), m_ids.end());
    for (size_t at = 0; at < filtered.size();) {
        if (filtered[at] != '<') {
            size_t end = std::min(filtered.find('<', at), filtered.size());
            text(filtered.substr(at, end - at));
            at = end;
            continue;
        }
        size_t taken = m_code_depth == 1 ? take_code(filtered, at) : take_alert(filtered, at);
        if (taken > 0) {
            m_code_depth += m_code_depth == 1 ? 1 : 0;
            at += taken;
            continue;
        }
        size_t end = std::min(filtered.find('>', at), filtered.size() - 1) + 1;
        tag(filtered.substr(at, end - at));
        at = end;
    }
    return std::move(m_out);
}

} // namespace quire::text
