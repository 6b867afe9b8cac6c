#include "web/html/head.h"

namespace quire::web {

static void add_option(Html& html, std::string_view label, const Url& url, bool is_present)
{
    if (is_present)
        html.add("<a aria-current=\"true\" rel=\"nofollow\" href=\"{}\">{}</a>", url, label);
    else
        html.add("<a rel=\"nofollow\" href=\"{}\">{}</a>", url, label);
}

Tools& Tools::choice(std::string_view label, const std::vector<Option>& options)
{
    m_html.add("<span class=\"choice\" role=\"group\" aria-label=\"{}\">", label);
    for (const Option& option : options)
        add_option(m_html, option.label, option.url, option.is_present);
    m_html.add("</span>\n");
    return *this;
}

Tools& Tools::toggle(std::string_view label, const Url& url, bool is_on)
{
    m_html.add("<span class=\"choice\">");
    add_option(m_html, label, url, is_on);
    m_html.add("</span>\n");
    return *this;
}

Tools& Tools::link(std::string_view label, const Url& url, std::string_view name)
{
    m_html.add("<a class=\"{}\" href=\"{}\">{}</a>\n", name, url, label);
    return *this;
}

Tools& Tools::deep_link(std::string_view label, const Url& url)
{
    m_html.add("<a class=\"tool\" rel=\"nofollow\" href=\"{}\">{}</a>\n", url, label);
    return *this;
}

Tools& Tools::fold()
{
    m_html.add("<input type=\"checkbox\" id=\"more-tools\"><label for=\"more-tools\">more</label>\n");
    return *this;
}

Tools& Tools::append(const Html& html)
{
    m_html.append(html);
    return *this;
}

Html Tools::row() const
{
    Html html;
    return m_html.empty() ? html : html.add("<div class=\"tools\">\n{}</div>\n", m_html);
}

Html path_head(const Html& path_line, const Html& note, const Tools& tools)
{
    Html html;
    html.add("<div class=\"head\">\n{}", path_line);
    if (!note.empty())
        html.add("<p class=\"note\">{}</p>\n", note);
    return html.add("{}</div>\n", tools.row());
}

Html page_head(const Html& title, const Html& note, const Tools& tools)
{
    Html heading;
    return path_head(heading.add("<h1>{}</h1>\n", title), note, tools);
}

Html page_head(std::string_view title, const Html& note, const Tools& tools)
{
    return page_head(Html().text(title), note, tools);
}

} // namespace quire::web
