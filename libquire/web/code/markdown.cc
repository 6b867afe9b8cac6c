#include "web/code/markdown.h"

#include <algorithm>

#include <md4c-html.h>

#include "base/strings.h"
#include "text/escape.h"
#include "text/html_filter.h"
#include "text/prose.h"
#include "web/code/code_view.h"

namespace quire::web {

bool is_markdown(std::string_view file_name)
{
    std::string lower = to_lower(file_name);
    return lower.ends_with(".md") || lower.ends_with(".markdown");
}

bool is_readme(std::string_view file_name)
{
    std::string lower = to_lower(file_name);
    return lower == "readme" || lower == "readme.md" || lower == "readme.markdown" || lower == "readme.txt" ||
           lower == "readme.rst" || lower == "readme.org" || lower == "readme.adoc";
}

/// Joins "docs" and "../a/./b.md" to "a/b.md"; nullopt if the path leads out of the repository.
static std::optional<std::string> join_path(std::string_view directory, std::string_view relative)
{
    std::vector<std::string> parts;
    std::string all = relative.starts_with('/') ? std::string(relative) : fmt::format("{}/{}", directory, relative);
    for (std::string_view part : split(all, '/')) {
        if (part.empty() || part == ".")
            continue;
        if (part != "..") {
            parts.emplace_back(part);
            continue;
        }
        if (parts.empty())
            return std::nullopt;
        parts.pop_back();
    }
    return join(parts, "/");
}

static std::optional<std::string> map_link(const store::RepoName& name, std::string_view ref,
                                           std::string_view directory, text::LinkKind kind, std::string_view address)
{
    std::string trimmed(trim(address));
    if (trimmed.empty() || trimmed.starts_with('#'))
        return kind == text::LinkKind::link ? std::optional(trimmed) : std::nullopt;
    size_t end = trimmed.find_first_of(":/?#");
    bool is_absolute = (end != std::string::npos && trimmed[end] == ':') || trimmed.starts_with("//");
    if (is_absolute) {
        // Images from other sites would tell those who reads this page; our pages' policy blocks them anyway.
        std::string url = Url::outside(trimmed).str();
        return kind == text::LinkKind::link && url != "#" ? std::optional(url) : std::nullopt;
    }
    size_t tail = std::min(trimmed.find_first_of("?#"), trimmed.size());
    auto decoded = text::percent_decode(std::string_view(trimmed).substr(0, tail));
    auto path = decoded ? join_path(directory, *decoded) : std::nullopt;
    if (!path)
        return std::nullopt;
    std::string url = Url::view(name, kind == text::LinkKind::image ? "raw" : "file", ref, *path).str();
    std::string_view fragment = std::string_view(trimmed).substr(std::min(trimmed.find('#', tail), trimmed.size()));
    return url + (fragment.size() > 1 ? "#" + text::percent_encode(fragment.substr(1)) : "");
}

static std::optional<std::string> to_html(std::string_view source)
{
    std::string rendered;
    auto append = [](const MD_CHAR* text, MD_SIZE size, void* out) {
        static_cast<std::string*>(out)->append(text, size);
    };
    int failed = md_html(source.data(), static_cast<MD_SIZE>(source.size()), append, &rendered, MD_DIALECT_GITHUB, 0);
    return failed == 0 ? std::optional(std::move(rendered)) : std::nullopt;
}

/// A fenced block of code, highlighted.
static std::string highlighted_code(std::string_view language, std::string_view code)
{
    Html html;
    text::Highlighter highlighter(text::language_named(language));
    while (!code.empty()) {
        size_t end = std::min(code.find('\n'), code.size());
        html.append(highlighted(highlighter.line(code.substr(0, end))));
        if (end < code.size())
            html.text("\n");
        code.remove_prefix(std::min(end + 1, code.size()));
    }
    return html.take();
}

/// "<h1" and "</h1" of what filter_html wrote, which escapes every other "<".
static std::string lower_headings(std::string html, int by)
{
    for (size_t at = 0; by > 0 && (at = html.find('<', at)) != std::string::npos; ++at) {
        size_t name = at + 1 + (html.compare(at + 1, 1, "/") == 0 ? 1 : 0);
        bool is_heading = name + 2 < html.size() && html[name] == 'h' && html[name + 1] >= '1' &&
                          html[name + 1] <= '6' && (html[name + 2] == '>' || html[name + 2] == ' ');
        if (is_heading)
            html[name + 1] = static_cast<char>(std::min<int>('6', html[name + 1] + by));
    }
    return html;
}

Html render_markdown(const store::RepoName& name, std::string_view ref, std::string_view directory,
                     std::string_view source, int lower)
{
    text::LinkMapper mapper = [&](text::LinkKind kind, std::string_view address) {
        return map_link(name, ref, directory, kind, address);
    };
    std::string main(source);
    std::vector<text::Footnote> footnotes = text::take_footnotes(main);
    text::ProseWriter writer(footnotes, highlighted_code);
    Html html;
    auto written = to_html(main);
    if (!written)
        return html.add("<pre>{}</pre>\n", source);
    // Trusted, because filter_html writes every tag and attribute anew from its own list, and ProseWriter adds only
    // what it has escaped.
    html.append_trusted_markup(lower_headings(writer.write(text::filter_html(*written, mapper)), lower));
    if (writer.referred().empty())
        return html;
    html.add("<section class=\"footnotes\" aria-label=\"footnotes\"><ol>\n");
    for (size_t i = 0; i < writer.referred().size(); ++i) { // a footnote may refer to another one
        auto note = to_html(footnotes[writer.referred()[i]].source);
        html.add("<li id=\"footnote-{}\">", i + 1);
        // Trusted, because filter_html and ProseWriter have made it too.
        html.append_trusted_markup(writer.write(text::filter_html(note.value_or(""), mapper)));
        html.add("<a href=\"{}\" aria-label=\"back to the text\">↩</a></li>\n",
                 Url::local("").at(fmt::format("footnote-of-{}", i + 1)));
    }
    return html.add("</ol></section>\n");
}

} // namespace quire::web
