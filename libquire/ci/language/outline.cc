#include "ci/language/outline.h"

#include <algorithm>

namespace quire::ci {

constexpr int max_depth = 200;

std::string_view Form::name() const
{
    if (kind == Kind::string)
        return text;
    if (kind == Kind::atom && text.size() > 1 && text[0] == ':')
        return std::string_view(text).substr(1);
    return {};
}

namespace {

class OutlineReader {
public:
    explicit OutlineReader(std::string_view source) : m_source(source) {}

    /// Reads items up to the closing bracket and leaves that unread.
    std::vector<Form> items(int depth)
    {
        std::vector<Form> result;
        for (skip(); !done(); skip()) {
            char byte = peek();
            if (byte == ')' || byte == ']' || byte == '}') {
                if (depth > 0)
                    return result;
                next(); // a stray closing bracket
                continue;
            }
            result.push_back(form(depth));
        }
        return result;
    }

private:
    bool done() const { return m_at >= m_source.size(); }
    char peek() const { return m_source[m_at]; }
    void next()
    {
        m_last = m_position;
        if (m_source[m_at++] == '\n') {
            ++m_position.line;
            m_position.column = 1;
        } else if (done() || (static_cast<unsigned char>(peek()) & 0xc0) != 0x80) {
            ++m_position.column;
        }
    }
    void skip()
    {
        while (!done()) {
            if (peek() == ';')
                while (!done() && peek() != '\n')
                    next();
            else if (std::string_view(" \t\r\n\f\v,").find(peek()) != std::string_view::npos)
                next();
            else
                return;
        }
    }

    Form form(int depth)
    {
        Form result;
        result.begin = m_position;
        char byte = peek();
        if (byte == '(' || byte == '[' || byte == '{') {
            result.kind = byte == '(' ? Form::Kind::list : byte == '[' ? Form::Kind::sequence : Form::Kind::table;
            next();
            if (depth < max_depth)
                result.items = items(depth + 1);
            if (!done())
                next();
        } else if (byte == '"') {
            result.kind = Form::Kind::string;
            next();
            while (!done() && peek() != '"') {
                if (peek() == '\\' && m_at + 1 < m_source.size())
                    next();
                result.text += peek();
                next();
            }
            if (!done())
                next();
        } else {
            result.kind = Form::Kind::atom;
            do {
                result.text += peek();
                next();
            } while (!done() && std::string_view(" \t\r\n\f\v,;\"()[]{}").find(peek()) == std::string_view::npos);
        }
        result.end = m_last;
        return result;
    }

    std::string_view m_source;
    size_t m_at = 0;
    text::Position m_position{1, 1};
    text::Position m_last{1, 1};
};

} // namespace

std::vector<Form> read_outline(std::string_view source) { return OutlineReader(source).items(0); }

static bool is_call(const Form& form, const std::vector<std::string_view>& words, std::string_view id)
{
    if (form.kind != Form::Kind::list || form.items.empty())
        return false;
    const Form& head = form.items[0];
    if (head.kind != Form::Kind::atom || std::find(words.begin(), words.end(), head.text) == words.end())
        return false;
    return id.empty() || (form.items.size() > 1 && form.items[1].name() == id);
}

static const Form* find_around(const std::vector<Form>& forms, const std::vector<std::string_view>& words,
                               std::string_view id, uint32_t line)
{
    for (const Form& form : forms) {
        if (line < form.begin.line || line > form.end.line)
            continue;
        if (const Form* inner = find_around(form.items, words, id, line))
            return inner;
        if (is_call(form, words, id))
            return &form;
    }
    return nullptr;
}

static const Form* find_first(const std::vector<Form>& forms, const std::vector<std::string_view>& words,
                              std::string_view id)
{
    for (const Form& form : forms) {
        if (is_call(form, words, id))
            return &form;
        if (const Form* inner = find_first(form.items, words, id))
            return inner;
    }
    return nullptr;
}

const Form* find_call(const std::vector<Form>& forms, const std::vector<std::string_view>& words, std::string_view id,
                      uint32_t line)
{
    if (const Form* around = find_around(forms, words, id, line))
        return around;
    return id.empty() ? nullptr : find_first(forms, words, id);
}

} // namespace quire::ci
