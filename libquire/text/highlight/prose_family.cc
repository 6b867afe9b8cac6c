// Markdown source, with the code that it quotes.
#include "text/highlight/line_lexer.h"

namespace quire::text {

constexpr uint8_t html_comment = mode::own;

struct Fence {
    size_t length = 0; ///< 0: there is none
    char mark = '\0';
    std::string_view info;
};

static Fence fence_at(std::string_view line)
{
    size_t begin = line.find_first_not_of(" \t>");
    if (begin == std::string_view::npos || (line[begin] != '`' && line[begin] != '~'))
        return {};
    size_t end = begin;
    while (end < line.size() && line[end] == line[begin])
        ++end;
    if (end - begin < 3)
        return {};
    std::string_view info = line.substr(end);
    if (line[begin] == '`' && info.find('`') != std::string_view::npos)
        return {};
    info.remove_prefix(std::min(info.find_first_not_of(" \t"), info.size()));
    return {.length = std::min<size_t>(end - begin, 200), .mark = line[begin], .info = info};
}

/// Frame::mark is the fence's length, plus 256 for "~".
static size_t markdown_guest_end(const LineLexer& line, const HighlightState::Frame& guest, size_t from)
{
    if (from > 0)
        return std::string_view::npos;
    Fence fence = fence_at(line.text);
    bool closes = fence.length >= (guest.mark & 255) && fence.length > 0 &&
                  (fence.mark == '~') == (guest.mark >= 256) &&
                  fence.info.find_first_not_of(" \t\r") == std::string_view::npos;
    return closes ? 0 : std::string_view::npos;
}

static void begin_fence(LineLexer& line, const Fence& fence)
{
    std::string_view name = fence.info.substr(0, fence.info.find_first_of(" \t,{}\r"));
    if (fence.info.starts_with("{")) // "{.rust}"
        name = fence.info.substr(std::min(fence.info.find_first_not_of("{. "), fence.info.size()));
    name = name.substr(0, name.find_first_of(" \t}"));
    static const Language* const text = language_named("fenced-text");
    const Language* guest = language_named(name);
    uint32_t mark = static_cast<uint32_t>(fence.length) + (fence.mark == '~' ? 256 : 0);
    line.take_rest(Token::string);
    line.push({.language = &line.language(), .mode = mode::guest, .mark = mark});
    if (!line.push({.language = guest ? guest : text}))
        line.pop();
}

/// `code`, **strong**, *emphasis*, [text](address), <address>.
static void inline_markup(LineLexer& line)
{
    std::array<bool, 4> none_closes{}; // looks once for each mark, or a hostile line would take quadratic time
    while (line.at < line.limit) {
        size_t next = std::min(line.text.find_first_of("`*_[<\\!", line.at), line.limit);
        line.take(Token::plain, next);
        if (line.at >= line.limit)
            return;
        char c = line.peek();
        if (c == '\\') {
            line.take(Token::plain, line.at + 2);
            continue;
        }
        if (c == '`') {
            size_t open = line.at;
            while (open < line.limit && line.text[open] == '`')
                ++open;
            std::string_view mark = line.text.substr(line.at, open - line.at);
            size_t close = none_closes[0] ? line.limit : line.text.find(mark, open);
            none_closes[0] = close == std::string_view::npos;
            line.take(close < line.limit ? Token::string : Token::plain,
                      close < line.limit ? close + mark.size() : open);
            continue;
        }
        if (c == '*' || c == '_') {
            bool is_strong = line.peek(1) == c;
            size_t width = is_strong ? 2 : 1;
            char after = line.peek(width);
            bool may =
                (line.at == 0 || !is_word_byte(line.before())) && after != '\0' && !is_blank(after) && after != c;
            bool& none = none_closes[is_strong ? 1 : 2];
            std::string_view mark = line.text.substr(line.at, width);
            size_t close = may && !none ? line.text.find(mark, line.at + width) : std::string_view::npos;
            none = none || (may && close == std::string_view::npos);
            bool closes = close < line.limit && !is_blank(line.text[close - 1]);
            line.take(closes ? (is_strong ? Token::strong : Token::emphasis) : Token::plain,
                      closes ? close + width : line.at + width);
            continue;
        }
        if (c == '<') {
            size_t close = none_closes[3] ? line.limit : line.find('>', line.at);
            bool is_tag = close < line.limit && (is_word_byte(line.peek(1)) || line.peek(1) == '/');
            none_closes[3] = none_closes[3] || close >= line.limit;
            line.take(Token::plain, is_tag ? close + 1 : line.at + 1);
            continue;
        }
        // [text](address) or [text][name]: the text is coloured as a key, the address as a string.
        bool is_image = c == '!' && line.peek(1) == '[';
        size_t open = line.at + (is_image ? 1 : 0);
        if (line.text[open] != '[') {
            line.take(Token::plain, line.at + 1);
            continue;
        }
        size_t close = line.text.substr(0, std::min(line.limit, open + 1000)).find_first_of("[]", open + 1);
        bool is_link = close != std::string_view::npos && line.text[close] == ']' && close + 1 < line.limit &&
                       (line.text[close + 1] == '(' || line.text[close + 1] == '[');
        line.take(Token::plain, open + 1);
        if (!is_link)
            continue;
        char end = line.text[close + 1] == '(' ? ')' : ']';
        size_t stop = line.text.substr(0, std::min(line.limit, close + 2000)).find(end, close + 2);
        line.take(Token::key, close);
        line.take(Token::plain, close + 2);
        if (stop != std::string_view::npos)
            line.take(Token::string, stop);
    }
}

static void markdown_lex(LineLexer& line)
{
    if (line.top().mode == html_comment) {
        size_t end = line.find("-->", line.at);
        line.take(Token::comment, end + 3);
        if (end < line.limit)
            line.pop();
        return;
    }
    if (line.at == 0) {
        if (Fence fence = fence_at(line.text); fence.length > 0)
            return line.closed_guest ? line.take_rest(Token::string) : begin_fence(line, fence);
        size_t begin = line.first_code();
        std::string_view rest = line.text.substr(begin);
        size_t hashes = std::min(rest.find_first_not_of('#'), rest.size());
        if (begin < 4 && hashes > 0 && hashes < 7 && (hashes == rest.size() || is_blank(rest[hashes])))
            return line.take_rest(Token::heading);
        line.take_blanks();
        if (line.peek() == '>') {
            line.take(Token::keyword, line.at + 1);
            return line.take_rest(Token::emphasis);
        }
        size_t digits = line.at;
        while (digits < line.limit && digits - line.at < 9 && is_digit(line.text[digits]))
            ++digits;
        bool is_bullet = std::string_view("*-+").find(line.peek()) != std::string_view::npos && line.peek() != '\0' &&
                         is_blank(line.peek(1));
        bool is_number = digits > line.at && digits + 1 < line.limit &&
                         (line.text[digits] == '.' || line.text[digits] == ')') && is_blank(line.text[digits + 1]);
        if (is_bullet || is_number) {
            line.take(Token::keyword, is_bullet ? line.at + 1 : digits + 1);
            line.take_blanks();
            if (line.sees("[ ]") || line.sees("[x]") || line.sees("[X]"))
                line.take(Token::keyword, line.at + 3);
        }
        size_t name =
            line.peek() == '[' ? line.text.substr(0, line.at + 200).find("]: ", line.at) : std::string_view::npos;
        if (name != std::string_view::npos) { // the target of a link
            line.take(Token::plain, name + 3);
            line.take_blanks();
            line.take(Token::string, std::min(line.text.find(' ', line.at), line.limit));
        }
        if (line.sees("<!--")) {
            line.push(html_comment);
            return line.take(Token::comment, line.at + 4);
        }
    }
    inline_markup(line);
}

static void fenced_text_lex(LineLexer& line) { line.take_rest(Token::string); }

constexpr LanguageTable tables[] = {
    {.name = "Markdown",
     .files = ".md .markdown .mkd .mdx .mdown",
     .aliases = "markdown md mdx",
     .lex = markdown_lex,
     .guest_end = markdown_guest_end},
    {.name = "fenced text", .files = "", .interpreters = "", .aliases = "fenced-text", .lex = fenced_text_lex},
};

std::span<const LanguageTable> prose_family() { return tables; }

} // namespace quire::text
