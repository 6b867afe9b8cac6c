#include "text/highlight/line_lexer.h"

namespace quire::text {

using Frame = HighlightState::Frame;
using Defines = Language::Defines;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_blank(char c) { return c == ' ' || c == '\t'; }
bool is_word_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) || c == '_' ||
           static_cast<unsigned char>(c) >= 0x80;
}

static size_t name_end(std::string_view text, size_t from, size_t limit)
{
    while (from < limit && is_word_byte(text[from]))
        ++from;
    return from;
}

size_t closing(std::string_view text, size_t from, std::string_view what, char escape)
{
    for (size_t i = from; i < text.size(); ++i) {
        if (escape != 0 && text[i] == escape)
            ++i;
        else if (text[i] == what[0] && text.substr(i).starts_with(what))
            return i;
    }
    return std::string_view::npos;
}

size_t LineLexer::word_end(size_t from) const
{
    while (is(from, Language::in_word))
        ++from;
    return from;
}

/// Blanks between two pieces of one kind join them, which makes less markup.
void LineLexer::take(Token token, size_t end)
{
    end = std::min(end, limit);
    if (end <= at)
        return;
    std::string_view piece = text.substr(at, end - at);
    at = end;
    auto join = [&](Piece& before) {
        before.text =
            std::string_view(before.text.data(), static_cast<size_t>(piece.data() + piece.size() - before.text.data()));
    };
    if (!m_pieces.empty() && m_pieces.back().token == token) {
        join(m_pieces.back());
        return;
    }
    size_t count = m_pieces.size();
    if (count >= 2 && m_pieces[count - 1].token == Token::plain && m_pieces[count - 2].token == token &&
        m_pieces[count - 1].text.find_first_not_of(" \t") == std::string_view::npos) {
        m_pieces.pop_back();
        join(m_pieces.back());
        return;
    }
    m_pieces.push_back({token, piece});
}

void LineLexer::take_blanks()
{
    size_t end = at;
    while (end < limit && is_blank(text[end]))
        ++end;
    take(Token::plain, end);
}

bool LineLexer::push(Frame frame)
{
    if (m_state.depth == HighlightState::max_depth)
        return false;
    m_state.frames[m_state.depth++] = frame;
    return true;
}

void LineLexer::pop()
{
    if (m_state.depth > 1)
        m_state.frames[--m_state.depth] = {};
}

bool LineLexer::take_long_bracket(std::string_view comment_mark)
{
    constexpr uint8_t in_string = mode::own, in_comment = mode::own + 1;
    if (top().mode >= mode::own) {
        end_long_bracket(top().mode == in_string ? Token::string : Token::comment);
        return true;
    }
    size_t begin = sees(comment_mark) ? at + comment_mark.size() : at;
    if (begin >= limit || text[begin] != '[')
        return false;
    size_t end = begin + 1;
    while (end < limit && text[end] == '=')
        ++end;
    if (end >= limit || text[end] != '[')
        return false;
    bool is_comment = begin > at;
    push({.language = &language(),
          .mode = is_comment ? in_comment : in_string,
          .count = static_cast<uint16_t>(std::min<size_t>(end - begin - 1, UINT16_MAX))});
    take(is_comment ? Token::comment : Token::string, end + 1);
    return true;
}

void LineLexer::end_long_bracket(Token token)
{
    for (size_t i = find(']', at); i < limit; i = find(']', i + 1)) {
        size_t end = i + 1;
        while (end < limit && text[end] == '=')
            ++end;
        if (end < limit && text[end] == ']' && end - i - 1 == top().count) {
            take(token, end + 1);
            pop();
            return;
        }
        i = end - 1;
    }
    take_rest(token);
}

/// Drops the frames from `index` on, with the heredocs that they announced.
void LineLexer::drop_from(size_t index)
{
    while (m_state.depth > index)
        m_state.frames[--m_state.depth] = {};
    m_state.heredocs = {};
    m_state.heredoc_count = 0;
}

bool LineLexer::push_guest(const Language* guest, uint32_t mark)
{
    if (!guest || m_state.depth + 2u > HighlightState::max_depth)
        return false;
    push({.language = &language(), .mode = mode::guest, .mark = mark});
    push({.language = guest});
    bound_guests();
    return true;
}

bool LineLexer::push_line(const Language* guest, bool passes_comments)
{
    if (!guest || m_state.depth + 2u > HighlightState::max_depth)
        return false;
    push({.language = &language(), .mode = mode::one_line, .mark = passes_comments ? 1u : 0u});
    return push({.language = guest});
}

/// Frames above a guest may extend only to where the guest ends.
void LineLexer::bound_guests()
{
    limit = text.size();
    for (size_t i = 0; i < m_state.depth; ++i) {
        const Frame& frame = m_state.frames[i];
        if (frame.mode != mode::guest)
            continue;
        size_t end = frame.language->table.guest_end(*this, frame, at);
        if (end == std::string_view::npos || end > text.size())
            continue;
        limit = end;
        if (at < limit)
            return;
        drop_from(i);
        closed_guest = true;
        limit = text.size();
        return;
    }
}

void LineLexer::run()
{
    bound_guests();
    if (m_state.heredoc_count > 0) {
        heredoc();
        return;
    }
    size_t idle = 0;
    do {
        size_t start = at;
        switch (top().mode) {
        case mode::quoted:
            quoted();
            break;
        case mode::comment:
            comment();
            break;
        default:
            if (table().lex)
                table().lex(*this);
            else if (top().mode >= mode::own)
                (void)table().special(*this);
            else
                code();
        }
        idle = at == start ? idle + 1 : 0;
        if (idle > 30)
            take(Token::plain, at + 1);
        if (at >= limit && limit < text.size())
            bound_guests();
    } while (at < limit);
    bool is_comment = first_code() < text.size() && text[first_code()] == '#';
    for (size_t i = 1; i < m_state.depth && !text.ends_with('\\'); ++i)
        if (m_state.frames[i].mode == mode::one_line && !(is_comment && m_state.frames[i].mark == 1))
            drop_from(i);
    // Code in a string that ends with the line ends there too.
    while (m_state.depth >= 2 && top().mode == mode::interpolated) {
        const Frame& below = m_state.frames[m_state.depth - 2];
        if (below.mode != mode::quoted || below.language->table.quotes[below.quote].spans_lines)
            break;
        pop();
        pop();
    }
}

void LineLexer::code()
{
    uint8_t depth = m_state.depth;
    size_t start = limit;
    while (at < limit && m_state.depth == depth && at != start) {
        start = at;
        code_token();
    }
}

void LineLexer::code_token()
{
    const Language& language = this->language();
    const LanguageTable& table = language.table;
    char c = text[at];
    uint8_t kind = language.kinds[static_cast<unsigned char>(c)];
    if (kind == Language::blank)
        return take_blanks();
    if ((kind & Language::is_special) != 0 && table.special(*this))
        return;
    if ((kind & Language::comments_or_quotes) != 0) {
        if (sees(table.block_comment[0])) { // before line comments: in Lua and Haskell, these begin the same way
            push({.language = &language, .mode = mode::comment, .count = 1});
            return take(Token::comment, at + table.block_comment[0].size());
        }
        for (std::string_view open : table.line_comments)
            if (sees(open) && (!table.comment_needs_blank || !is_word_byte(before()) || at == 0))
                return take_rest(Token::comment);
        for (size_t i = 0; i < table.quotes.size(); ++i)
            if (sees(table.quotes[i].open))
                return open_quote(i);
    }
    if ((kind & Language::digit) != 0 || (c == '.' && !value_before && is(at + 1, Language::digit))) {
        take_number();
        return;
    }
    if ((kind & Language::begins_word) != 0)
        return take_word();
    char close = static_cast<char>(top().quote);
    if (top().mode == mode::interpolated && (c == close || c == (close == ')' ? '(' : '{'))) {
        if (c != close) {
            ++top().count;
        } else if (top().count-- == 0) {
            take(static_cast<Token>(top().mark), at + 1);
            pop();
            value_before = true;
            return;
        }
    }
    value_before = c == ')' || c == ']' || c == '}';
    if (std::string_view("*&:<>,[]~").find(c) == std::string_view::npos)
        only_types_before = false;
    if (c == ':' && before() == ':' && names_before > 0)
        --names_before; // "a::b" is one name
    if (c == ';' || c == '{' || c == '}') {
        only_types_before = true;
        names_before = 0;
    }
    if (c != '*' && c != '&' && c != '<' && c != '?' && c != '\'')
        expects = Defines::nothing;
    word_before = {};
    take(Token::plain, at + 1);
}

bool LineLexer::take_number()
{
    size_t i = at;
    bool is_hex = text[i] == '0' && (peek(1) == 'x' || peek(1) == 'X');
    for (; i < limit; ++i) {
        char c = text[i], next = i + 1 < limit ? text[i + 1] : '\0';
        bool is_exponent = is_hex ? c == 'p' || c == 'P' : c == 'e' || c == 'E';
        if (is_exponent && (next == '+' || next == '-') && i + 2 < limit && is_digit(text[i + 2]))
            ++i;
        else if (!is_word_byte(c) && !((c == '.' || c == '\'') && is_word_byte(next) && (is_digit(next) || is_hex)))
            break;
    }
    take(Token::number, i);
    value_before = true;
    word_before = {};
    return true;
}

static bool is_called(const LineLexer& line, size_t end) { return line.next_code(end) == '('; }

void LineLexer::take_word()
{
    const Language& language = this->language();
    const LanguageTable& table = language.table;
    size_t end = word_end(at);
    if (end < limit && table.word_ends.find(text[end]) != std::string_view::npos &&
        (end + 1 >= limit || text[end + 1] != '='))
        ++end;
    std::string_view word = text.substr(at, end - at);
    bool is_member = table.dot_is_member && before() == '.' && !(at >= 2 && text[at - 2] == '.');
    Language::Known known = is_member ? Language::Known{} : language.find(word);
    Token token = known.token;
    bool is_name = token != Token::keyword && token != Token::constant;
    if (is_name && (expects == Defines::function || expects == Defines::type))
        token = expects == Defines::function ? Token::function : Token::type;
    else if (token == Token::plain && !is_member && table.definitions == Definitions::prototypes && only_types_before &&
             names_before > 0 && is_called(*this, end))
        token = Token::function;
    if (token == Token::plain && table.judge)
        token = table.judge(*this, word);
    if (token == Token::plain && table.capital != Token::plain && word[0] >= 'A' && word[0] <= 'Z')
        token = table.capital;
    if (is_name || known.defines != Defines::nothing)
        expects = known.defines;
    if (known.defines == Defines::expression)
        only_types_before = false;
    names_before = static_cast<uint8_t>(std::min(names_before + 1, 200));
    value_before = token != Token::keyword;
    word_before = word;
    take(token, end);
}

void LineLexer::open_quote(size_t index)
{
    const Quote& quote = table().quotes[index];
    push({.language = top().language, .mode = mode::quoted, .quote = static_cast<uint8_t>(index)});
    take(quote.token, at + quote.open.size());
}

void LineLexer::quoted()
{
    const Quote& quote = table().quotes[top().quote];
    bool ends_escaped = false;
    for (size_t i = at; i < limit;) {
        char c = text[i];
        bool is_code = quote.inside == Interpolation::backslash ? c == '\\' : c == '$' || c == '#' || c == '{';
        if (is_code && quote.inside != Interpolation::none) {
            take(quote.token, i);
            if (take_interpolation(quote.inside, quote.token))
                return;
            if (at > i) {
                i = at;
                continue;
            }
        }
        if (quote.escape != 0 && c == quote.escape) {
            ends_escaped = i + 1 >= text.size();
            i += 2;
        } else if (c == quote.close[0] && text.substr(i, limit - i).starts_with(quote.close)) {
            i += quote.close.size();
            if (quote.doubles && text.substr(i, limit - i).starts_with(quote.close)) {
                i += quote.close.size();
                continue;
            }
            take(quote.token, i);
            pop();
            value_before = true;
            word_before = {};
            return;
        } else {
            ++i;
        }
    }
    take_rest(quote.token);
    if (!quote.spans_lines && !ends_escaped)
        pop();
}

bool LineLexer::open_interpolation(size_t width, char close, Token token)
{
    if (m_state.depth == HighlightState::max_depth)
        return false;
    take(token, at + width);
    push({.language = top().language,
          .mode = mode::interpolated,
          .quote = static_cast<uint8_t>(close),
          .mark = static_cast<uint32_t>(token)});
    value_before = false;
    word_before = {};
    return true;
}

/// At what may begin code: returns true if a frame was pushed. Takes a name alone, otherwise nothing.
bool LineLexer::take_interpolation(Interpolation inside, Token token)
{
    switch (inside) {
    case Interpolation::dollar:
    case Interpolation::dollar_brace:
        if (sees("${"))
            return open_interpolation(2);
        if (inside == Interpolation::dollar && peek() == '$' && (is_word_byte(peek(1)) && !is_digit(peek(1)))) {
            take(Token::plain, name_end(text, at + 1, limit));
        }
        return false;
    case Interpolation::hash_brace:
        return sees("#{") && open_interpolation(2);
    case Interpolation::brace:
        if (sees("{{"))
            take(token, at + 2);
        else if (peek() == '{')
            return open_interpolation(1);
        return false;
    case Interpolation::shell:
        if (peek() == '$' && peek(1) == '(' && peek(2) != '(')
            return open_interpolation(2, ')', Token::keyword);
        if (peek() == '$' && peek(1) == '{')
            take_variable(find('}', at) + 1);
        else if (peek() == '$' &&
                 (is_word_byte(peek(1)) ||
                  (peek(1) != '\0' && std::string_view("@*#?!$").find(peek(1)) != std::string_view::npos)))
            take(Token::plain, is_word_byte(peek(1)) && !is_digit(peek(1)) ? name_end(text, at + 1, limit) : at + 2);
        return false;
    case Interpolation::backslash:
        return sees("\\(") && open_interpolation(2, ')');
    case Interpolation::none:
        break;
    }
    return false;
}

void LineLexer::take_variable(size_t end)
{
    if (!sees("${"))
        return take(Token::plain, end);
    take(Token::string, at + 2);
    take(Token::plain, std::max(at, std::min(end, limit) - 1));
    take(Token::string, end);
}

void LineLexer::string_with_names(Token token, size_t end, Interpolation inside)
{
    end = std::min(end, limit);
    while (at < end) {
        size_t next = std::min(text.find('$', at), end);
        take(token, next);
        if (at >= end || inside == Interpolation::none) {
            take(token, end);
            return;
        }
        size_t stop = at + 1;
        if (stop < end && text[stop] == '{')
            stop = std::min(text.find('}', stop), end - 1) + 1;
        else
            while (stop < end && is_word_byte(text[stop]))
                ++stop;
        if (stop == at + 1)
            take(token, stop);
        else
            take_variable(stop);
        if (before() == '$' && at > 1 && text[at - 2] == '\\')
            continue;
    }
}

void LineLexer::comment()
{
    const LanguageTable& table = this->table();
    std::string_view open = table.block_comment[0], close = table.block_comment[1];
    for (size_t i = at; i < limit; ++i) {
        if (text[i] == close[0] && text.substr(i, limit - i).starts_with(close)) {
            i += close.size() - 1;
            if (--top().count == 0) {
                take(Token::comment, i + 1);
                return pop();
            }
        } else if (table.nests_comments && text[i] == open[0] && text.substr(i, limit - i).starts_with(open)) {
            i += open.size() - 1;
            if (top().count < UINT16_MAX)
                ++top().count;
        }
    }
    take_rest(Token::comment);
}

void LineLexer::announce_heredoc(std::string_view word, bool is_raw, bool may_indent)
{
    if (m_state.heredoc_count < HighlightState::max_heredocs)
        m_state.heredocs[m_state.heredoc_count++] = {mark_of(word), is_raw, may_indent};
}

void LineLexer::heredoc()
{
    HighlightState::Heredoc& first = m_state.heredocs[0];
    size_t begin = first.may_indent ? first_code() : 0;
    size_t end = text.find_last_not_of('\r');
    bool ends = begin < text.size() && mark_of(text.substr(begin, end + 1 - begin)) == first.mark;
    if (!ends)
        return string_with_names(Token::string, limit, first.is_raw ? Interpolation::none : Interpolation::dollar);
    take_rest(Token::string);
    std::copy(m_state.heredocs.begin() + 1, m_state.heredocs.end(), m_state.heredocs.begin());
    m_state.heredocs.back() = {};
    --m_state.heredoc_count;
}

Highlighter::Highlighter(const Language* language) : m_language(language)
{
    m_state.frames[0].language = language;
    m_state.depth = 1;
}

const std::vector<Piece>& Highlighter::line(std::string_view line)
{
    m_pieces.clear();
    if (m_language)
        LineLexer(line, m_state, m_pieces).run();
    else if (!line.empty())
        m_pieces.push_back({Token::plain, line});
    return m_pieces;
}

/// Whether a line of code surely leaves the state as it was. No comment or string begins on it, and nothing that its
/// language treats in a special way, where a token may begin.
static bool is_without_effect(const Language& language, std::string_view line)
{
    bool is_in_run = false, is_in_word = false; // of bytes of words; one that begins with a digit is a number
    for (char c : line) {
        uint8_t kind = language.kinds[static_cast<unsigned char>(c)];
        bool continues_word = is_in_word && (kind & Language::in_word) != 0;
        if ((kind & Language::comments_or_quotes) != 0 || ((kind & Language::is_special) != 0 && !continues_word))
            return false;
        is_in_word = continues_word || (!is_in_run && (kind & Language::begins_word) != 0);
        is_in_run = (kind & Language::in_word) != 0;
    }
    return true;
}

static bool is_plain_code(const HighlightState& state)
{
    return state.depth == 1 && state.frames[0].mode == mode::code && state.heredoc_count == 0 && !state.in_heredoc &&
           !state.frames[0].language->table.lex;
}

void Highlighter::skip(std::string_view lines)
{
    while (!lines.empty() && m_language) {
        size_t end = std::min(lines.find('\n'), lines.size());
        std::string_view one = lines.substr(0, end);
        if (!is_plain_code(m_state) || !is_without_effect(*m_state.frames[0].language, one))
            line(one);
        lines.remove_prefix(std::min(end + 1, lines.size()));
    }
}

} // namespace quire::text
