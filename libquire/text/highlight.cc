#include "text/highlight.h"

#include <algorithm>

#include "text/languages.h"

namespace quire::text {

namespace {

bool is_word(char c, std::string_view extra)
{
    auto byte = static_cast<unsigned char>(c);
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || byte >= 0x80 ||
           extra.find(c) != std::string_view::npos;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

class Lexer {
public:
    Lexer(std::string_view source, const Language& language, const std::function<void(Token, std::string_view)>& emit)
        : m_source(source), m_language(language), m_emit(emit)
    {}

    void run()
    {
        while (m_at < m_source.size()) {
            if (m_source[m_at] == '\n') {
                send(Token::plain, m_at + 1);
                m_line_start = true;
            } else if (!take_special()) {
                take_word_or_byte();
            }
        }
    }

private:
    std::string_view rest() const { return m_source.substr(m_at); }

    /// Sends everything up to `end`, newlines apart.
    void send(Token token, size_t end)
    {
        while (m_at < end) {
            size_t newline = std::min(m_source.find('\n', m_at), end);
            if (newline > m_at)
                m_emit(token, m_source.substr(m_at, newline - m_at));
            if (newline < end)
                m_emit(Token::plain, m_source.substr(newline, 1));
            m_at = newline < end ? newline + 1 : end;
        }
    }

    size_t line_end() const { return std::min(m_source.find('\n', m_at), m_source.size()); }

    bool take_special()
    {
        if (m_language.has_directives && m_line_start && m_source[m_at] == '#') {
            send(Token::directive, line_end());
            return true;
        }
        // Blocks first: Lua's "--[[" begins like a line comment.
        for (const Pair& block : m_language.block_comments)
            if (!block.open.empty() && rest().starts_with(block.open)) {
                size_t close = m_source.find(block.close, m_at + block.open.size());
                send(Token::comment, close == std::string_view::npos ? m_source.size() : close + block.close.size());
                return true;
            }
        for (std::string_view open : m_language.line_comments)
            if (!open.empty() && rest().starts_with(open) && may_comment()) {
                send(Token::comment, line_end());
                return true;
            }
        for (const Quote& quote : m_language.quotes)
            if (!quote.mark.empty() && rest().starts_with(quote.mark)) {
                send(Token::string, string_end(quote));
                return true;
            }
        return false;
    }

    /// In shells a "#" within a word is no comment.
    bool may_comment() const
    {
        return !m_language.comment_needs_blank || m_at == 0 || m_source[m_at - 1] == ' ' ||
               m_source[m_at - 1] == '\t' || m_source[m_at - 1] == '\n' || m_source[m_at - 1] == ';';
    }

    size_t string_end(const Quote& quote) const
    {
        for (size_t i = m_at + quote.mark.size(); i < m_source.size(); ++i) {
            if (quote.escapes && m_source[i] == '\\')
                ++i;
            else if (m_source.substr(i).starts_with(quote.mark))
                return i + quote.mark.size();
            else if (!quote.spans_lines && m_source[i] == '\n')
                return i;
        }
        return m_source.size();
    }

    void take_word_or_byte()
    {
        char first = m_source[m_at];
        if (first != ' ' && first != '\t')
            m_line_start = false;
        if (!is_word(first, m_language.word_extra)) {
            send_plain_bytes();
            return;
        }
        size_t end = m_at;
        bool is_number = is_digit(first) && !m_language.name.empty(); // prose has numbers too
        while (end < m_source.size() &&
               (is_word(m_source[end], m_language.word_extra) || (is_number && m_source[end] == '.')))
            ++end;
        std::string_view word = m_source.substr(m_at, end - m_at);
        bool is_keyword = std::binary_search(m_language.keywords.begin(), m_language.keywords.end(), word);
        bool is_symbol = m_language.colon_words && first == ':' && word.size() > 1;
        send(is_number ? Token::number : is_keyword ? Token::keyword : is_symbol ? Token::string : Token::plain, end);
    }

    /// What is neither a word nor the beginning of anything.
    void send_plain_bytes()
    {
        size_t end = m_at + 1;
        bool is_blank = m_source[m_at] == ' ' || m_source[m_at] == '\t';
        while (is_blank && end < m_source.size() && m_source[end] == m_source[m_at])
            ++end;
        send(Token::plain, end);
    }

    std::string_view m_source;
    const Language& m_language;
    const std::function<void(Token, std::string_view)>& m_emit;
    size_t m_at = 0;
    bool m_line_start = true;
};

} // namespace

void highlight(std::string_view source, const Language* language,
               const std::function<void(Token, std::string_view)>& emit)
{
    static const Language nothing{};
    Lexer(source, language ? *language : nothing, emit).run();
}

} // namespace quire::text
