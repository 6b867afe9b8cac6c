#include "web/code/outline.h"

#include <algorithm>

#include "base/strings.h"
#include "web/code/stretch.h"
#include "web/html/parts.h"

namespace quire::web {

using search::Symbol;
using search::SymbolKind;

constexpr size_t most_shown = 500;
constexpr uint32_t deepest = 4;

namespace {

size_t indent_of(std::string_view line)
{
    size_t columns = 0;
    for (char c : line) {
        if (c == '\t')
            columns += 8 - columns % 8;
        else if (c == ' ')
            ++columns;
        else
            break;
    }
    return columns;
}

/// "## Two" and "== Two" are of level 2; what is underlined is of level 1 or 2.
size_t level_of(std::string_view line, std::string_view next)
{
    size_t marks = line.find_first_not_of("#=");
    if (marks != std::string_view::npos && marks > 0)
        return marks;
    return next.starts_with('=') ? 1 : 2;
}

class Nesting {
public:
    explicit Nesting(const std::vector<Symbol>& symbols) : m_symbols(symbols) {}

    std::vector<uint32_t> of(std::string_view text)
    {
        std::vector<uint32_t> depths;
        size_t next = 0;
        for (uint32_t number = 1; !text.empty() && next < m_symbols.size(); ++number) {
            std::string_view line = take_until(text, '\n');
            bool is_symbol = m_symbols[next].line <= number;
            if (!is_symbol && !trim(line).empty() && ends_blocks(trim(line))) {
                close(indent_of(line));
                open_again(line, next);
            }
            for (; next < m_symbols.size() && m_symbols[next].line <= number; ++next)
                depths.push_back(add(m_symbols[next], line, text));
        }
        depths.resize(m_symbols.size(), 0);
        return depths;
    }

private:
    struct Open {
        size_t indent = 0;
        bool is_section = false;
    };

    /// Not the brace below a head, labels such as "public:", preprocessor lines and comments.
    static bool ends_blocks(std::string_view line)
    {
        return !line.starts_with('{') && !line.starts_with('#') && !line.starts_with("//") && !line.starts_with(')') &&
               !line.ends_with(':');
    }

    void close(size_t indent)
    {
        while (!m_open.empty() && !m_open.back().is_section && m_open.back().indent >= indent)
            m_open.pop_back();
    }

    /// In Rust, what a type can do stands in blocks of their own behind it.
    void open_again(std::string_view line, size_t next)
    {
        if (line.starts_with("impl") && m_open.empty() && m_outermost < next &&
            m_symbols[m_outermost].kind == SymbolKind::type &&
            line.find(m_symbols[m_outermost].name) != std::string_view::npos)
            m_open.push_back({});
    }

    uint32_t add(const Symbol& symbol, std::string_view line, std::string_view rest)
    {
        if (symbol.kind == SymbolKind::section) {
            size_t level = level_of(line, take_until(rest, '\n'));
            while (!m_open.empty() && (!m_open.back().is_section || m_open.back().indent >= level))
                m_open.pop_back();
            m_open.push_back({level, true});
        } else {
            close(indent_of(line));
            m_open.push_back({indent_of(line), false});
        }
        if (m_open.size() == 1)
            m_outermost = static_cast<size_t>(&symbol - m_symbols.data());
        return std::min(static_cast<uint32_t>(m_open.size()) - 1, deepest);
    }

    const std::vector<Symbol>& m_symbols;
    std::vector<Open> m_open;
    size_t m_outermost = SIZE_MAX; ///< the last symbol that is in no other
};

/// A list in a list for what is inside an entry.
class List {
public:
    List(const store::RepoName& name, const git::Place& place, const Url& address)
        : m_name(name), m_place(place), m_address(address)
    {}

    Html make(const Outline& outline)
    {
        size_t shown = std::min(outline.symbols.size(), most_shown);
        for (size_t i = 0; i < shown; ++i) {
            // A list may begin only inside an entry, so nothing is more than one deeper than what is before it.
            step_to(std::min(outline.depths[i], m_depth + (i > 0)));
            add(outline.symbols[i]);
        }
        step_to(0);
        if (outline.symbols.size() > shown)
            m_html.add("<li>{} more</li>\n", grouped(outline.symbols.size() - shown));
        return std::move(m_html);
    }

private:
    void step_to(uint32_t depth)
    {
        if (depth > m_depth)
            m_html.add("\n<ul>\n");
        else if (!std::exchange(m_is_first, false))
            m_html.add("</li>\n");
        for (; m_depth > depth; --m_depth)
            m_html.add("</ul></li>\n");
        m_depth = depth;
    }

    void add(const Symbol& symbol)
    {
        std::string number = std::to_string(symbol.line);
        Url line = (symbol.line > StretchLimits().lines ? m_address.with("line", number) : m_address).at("L" + number);
        m_html.add("<li class=\"{}\"><a href=\"{}\">{}</a>", search::name_of(symbol.kind), line,
                   shown_name(symbol.name));
        if (symbol.kind == SymbolKind::section)
            return;
        m_html.add(
            "<span class=\"leads\"><a rel=\"nofollow\" href=\"{}\">uses</a> <a rel=\"nofollow\" href=\"{}\">history</a>"
            "</span>",
            Url::view(m_name, "symbol", m_place.ref, symbol.name).with("from", m_place.path),
            Url::view(m_name, "follow", m_place.ref, m_place.path).with("name", symbol.name).with("line", number));
    }

    const store::RepoName& m_name;
    const git::Place& m_place;
    const Url& m_address;
    Html m_html;
    uint32_t m_depth = 0;
    bool m_is_first = true;
};

} // namespace

std::vector<uint32_t> nesting(std::string_view text, const std::vector<Symbol>& symbols)
{
    return Nesting(symbols).of(text);
}

std::shared_ptr<const Outline> outline(Site& site, const git_oid& blob, std::string_view path, std::string_view text)
{
    std::string key = git::to_string(blob) + std::string(path.substr(path.rfind('/') + 1));
    if (auto known = site.caches().outlines.find(key))
        return known;
    Outline found{.symbols = search::find_symbols(path, text), .depths = {}};
    bool has_more = std::any_of(found.symbols.begin(), found.symbols.end(), [](const Symbol& symbol) {
        return symbol.kind != SymbolKind::constant && symbol.kind != SymbolKind::field;
    });
    std::erase_if(found.symbols, [&](const Symbol& symbol) {
        return symbol.kind == SymbolKind::field || (has_more && symbol.kind == SymbolKind::constant);
    });
    found.depths = nesting(text, found.symbols);
    size_t bytes = 0;
    for (const Symbol& symbol : found.symbols)
        bytes += sizeof symbol + sizeof(uint32_t) + symbol.name.capacity();
    return site.caches().outlines.keep(key, {std::move(found), bytes});
}

Html outline_list(const store::RepoName& name, const git::Place& place, const Outline& outline, const Url& address)
{
    Html html;
    if (outline.symbols.empty())
        return html;
    // Beside the file where there is room, else a fold: the style decides, which can't open <details>.
    html.add("<nav class=\"outline\" aria-label=\"outline\"><input type=\"checkbox\" id=\"outline\"><label "
             "for=\"outline\">outline</label>\n<ul>\n");
    html.append(List(name, place, address).make(outline));
    return html.add("</ul></nav>\n");
}

} // namespace quire::web
