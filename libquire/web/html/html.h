// Html: markup as a type. A string can enter it only through the escaper.
//
//   Html page;
//   page.add("<a href=\"{}\">{}</a>", Url::to_repository(name), title);
//
// The template is checked at compile time: it has as many {} as arguments, each {} stands in text or in a quoted
// attribute value, a Url (and nothing else) stands in href, src and action, and Html only in text. A {} can't stand in
// a tag or attribute name, a script, a style or an event attribute.
#pragma once

#include <concepts>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "web/html/html_template.h"
#include "web/html/url.h"

namespace quire::web {

class Html {
public:
    Html() = default;

    template <class... Args>
    Html& add(Template<std::type_identity_t<Args>...> markup, const Args&... args)
    {
        std::string_view rest = markup.text();
        (add_one(rest, args), ...);
        m_text += rest;
        return *this;
    }

    /// Appends text, escaped.
    Html& text(std::string_view text);
    Html& append(const Html& html)
    {
        m_text += html.m_text;
        return *this;
    }
    /// The only way to add markup that is not a literal. Every caller must say why its markup is safe.
    Html& append_trusted_markup(std::string_view markup)
    {
        m_text += markup;
        return *this;
    }

    const std::string& str() const { return m_text; }
    std::string take() { return std::move(m_text); }
    bool empty() const { return m_text.empty(); }
    size_t size() const { return m_text.size(); }
    void reserve(size_t size) { m_text.reserve(size); }

private:
    template <class Arg>
    void add_one(std::string_view& rest, const Arg& arg)
    {
        size_t at = rest.find("{}");
        m_text += rest.substr(0, at);
        rest.remove_prefix(at + 2);
        if constexpr (std::same_as<Arg, Html>)
            m_text += arg.m_text;
        else if constexpr (std::same_as<Arg, Url>)
            text(arg.str());
        else if constexpr (std::integral<Arg>)
            m_text += std::to_string(arg);
        else
            text(arg);
    }

    std::string m_text;
};

} // namespace quire::web
