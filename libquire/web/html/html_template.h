// Template: a literal piece of markup with {} for arguments, checked at compile time. See html.h.
//
// A template may leave an element open, but must not end inside a tag.
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <string_view>

namespace quire::web {

class Html;
class Url;

// These are not constexpr, so calling one at compile time is an error, and its name is the message.
void template_has_too_many_placeholders();
void template_has_too_few_placeholders();
void template_has_placeholder_outside_text_and_quotes();
void template_wants_a_url_in_this_attribute();
void template_wants_no_html_in_an_attribute();
void template_has_placeholder_in_an_event_or_style_attribute();
void template_ends_inside_a_tag();
void template_has_an_inline_script_or_style();

class TemplateChecker {
public:
    struct Argument {
        bool is_html;
        bool is_url;
    };

    consteval void check(std::string_view text, const Argument* arguments, size_t count)
    {
        size_t used = 0;
        for (size_t i = 0; i < text.size(); ++i) {
            if (text.substr(i, 2) == "{}") {
                if (used == count)
                    template_has_too_many_placeholders();
                place(arguments[used++]);
                ++i;
            } else {
                step(text[i]);
            }
        }
        if (used != count)
            template_has_too_few_placeholders();
        if (m_state != State::text)
            template_ends_inside_a_tag();
    }

private:
    enum class State { text, tag_name, in_tag, attribute, before_value, value };

    consteval void step(char c)
    {
        switch (m_state) {
        case State::text:
            if (c == '<')
                enter(State::tag_name);
            break;
        case State::tag_name:
            if (c == '>' || c == ' ')
                finish_tag_name(c);
            else
                push(c);
            break;
        case State::in_tag:
            if (c == '>')
                m_state = State::text;
            else if (c != ' ' && c != '\n' && c != '/')
                enter(State::attribute), push(c);
            break;
        case State::attribute:
            if (c == '=')
                m_state = State::before_value;
            else if (c == '>')
                m_state = State::text;
            else if (c == ' ')
                m_state = State::in_tag;
            else
                push(c);
            break;
        case State::before_value:
            if (c != '"')
                template_has_placeholder_outside_text_and_quotes();
            m_state = State::value;
            break;
        case State::value:
            if (c == '"')
                m_state = State::in_tag;
            break;
        }
    }

    consteval void place(Argument argument)
    {
        if (m_state == State::text)
            return;
        if (m_state != State::value)
            template_has_placeholder_outside_text_and_quotes();
        if (argument.is_html)
            template_wants_no_html_in_an_attribute();
        std::string_view name(m_name.data(), m_length);
        if (name == "style" || name.starts_with("on") || name == "srcdoc" || name == "srcset")
            template_has_placeholder_in_an_event_or_style_attribute();
        bool wants_url = name == "href" || name == "src" || name == "action" || name == "formaction";
        if (wants_url != argument.is_url)
            template_wants_a_url_in_this_attribute();
    }

    consteval void enter(State state)
    {
        m_state = state;
        m_length = 0;
    }
    consteval void push(char c)
    {
        if (m_length < m_name.size())
            m_name[m_length++] = c;
    }
    consteval void finish_tag_name(char c)
    {
        std::string_view name(m_name.data(), m_length);
        if (name == "style")
            template_has_an_inline_script_or_style();
        m_state = c == '>' ? State::text : State::in_tag;
        if (name == "script" && m_state == State::text)
            template_has_an_inline_script_or_style();
    }

    State m_state = State::text;
    std::array<char, 32> m_name{};
    size_t m_length = 0;
};

template <class... Args>
class Template {
public:
    consteval Template(const char* text) : m_text(text)
    {
        constexpr std::array<TemplateChecker::Argument, sizeof...(Args) + 1> arguments = {
            TemplateChecker::Argument{std::same_as<Args, Html>, std::same_as<Args, Url>}...};
        TemplateChecker().check(m_text, arguments.data(), sizeof...(Args));
    }
    constexpr std::string_view text() const { return m_text; }

private:
    std::string_view m_text;
};

} // namespace quire::web
