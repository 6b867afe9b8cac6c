#include "text/fnl_reader.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/log.h"
#include "base/strings.h"

namespace quire::text {

static bool is_blank(char c) { return c == ' ' || (c >= 9 && c <= 13); }
static bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Whether Fennel accepts the character in a symbol, keyword or number.
static bool is_token_char(char c)
{
    auto byte = static_cast<unsigned char>(c);
    return byte > 0x20 && byte != 0x7f && std::string_view("{}()[]\"'~;,@`").find(c) == std::string_view::npos;
}

static char closer_of(char open) { return open == '{' ? '}' : ']'; }

Position FnlReader::position() const { return {m_line, static_cast<uint32_t>(m_offset - m_line_start + 1)}; }

void FnlReader::advance(size_t count)
{
    for (; count > 0; --count) {
        if (m_source[m_offset++] == '\n') {
            ++m_line;
            m_line_start = m_offset;
        }
    }
}

void FnlReader::skip_to(size_t offset)
{
    advance(offset - m_offset);
    m_separated = true;
}

FnlReader::Met FnlReader::skip_blanks()
{
    Met met = Met::blanks;
    while (!at_end()) {
        if (at(';')) {
            met = Met::comment;
            // As in Fennel, the newline is part of the comment, so it does not separate values.
            advance(std::min(m_source.find('\n', m_offset), m_source.size() - 1) + 1 - m_offset);
        } else if (is_blank(m_source[m_offset])) {
            m_separated = true;
            advance();
        } else {
            break;
        }
    }
    return met;
}

void FnlReader::take_bracket()
{
    m_separated = at('{') || at('[');
    advance();
}

Result<bool> FnlReader::at_closer(char open, Position opened)
{
    if (at_end())
        return fail_at(opened, ErrorKind::invalid, "this {} is never closed; add {}", open, closer_of(open));
    if (at(closer_of(open)))
        return true;
    if (at(')') || at(']') || at('}'))
        return invalid("found {} where the {} of line {}, column {} wants {}", m_source[m_offset], open, opened.line,
                       opened.column, closer_of(open));
    return false;
}

/// Reports everything that may stand in the place of a value but is not one.
Result<void> FnlReader::check_start()
{
    char c = m_source[m_offset];
    if (c == '(' || c == '#')
        return fail_at(position(), ErrorKind::refused, "this is Fennel code; only plain data can be read here");
    if (c == ',')
        return invalid("a comma is no white space in Fennel; remove it");
    if (c == '\'' || c == '`')
        return invalid("strings stand between double quotes in Fennel");
    if (c == ')' || c == ']' || c == '}')
        return invalid("this {} closes nothing; remove it", c);
    if (c != '{' && c != '[' && c != '"' && c != '~' && !is_token_char(c))
        return invalid("a byte that can't stand here: {}", visible(std::string_view(&c, 1)));
    if (!m_separated)
        return invalid("put a space between this and the value before it");
    return {};
}

Result<Data> FnlReader::read_value(size_t depth)
{
    if (at_end())
        return invalid("a value is missing at the end");
    TRY(check_start());
    Position start = position();
    Data value;
    if (at('{'))
        value = TRY(read_table(depth + 1));
    else if (at('['))
        value = TRY(read_sequence(depth + 1));
    else if (at('"'))
        value = TRY(read_string());
    else
        value = TRY(read_token());
    value.position = start;
    m_separated = false;
    return value;
}

Result<Data> FnlReader::read_key(size_t depth)
{
    Data key = TRY(read_value(depth));
    if (!key.string())
        return fail_at(key.position, ErrorKind::invalid, "a table's keys are :keywords or strings, not {}",
                       key.kind_name());
    return key;
}

Result<Data> FnlReader::read_sequence(size_t depth)
{
    Position opened = position();
    if (depth > max_fnl_depth)
        return invalid("nested deeper than {} levels", max_fnl_depth);
    take_bracket();
    Data::Sequence values;
    for (;;) {
        skip_blanks();
        if (TRY(at_closer('[', opened)))
            break;
        values.push_back(TRY(read_value(depth)));
    }
    take_bracket();
    return Data(std::move(values));
}

Result<Data> FnlReader::read_table(size_t depth)
{
    Position opened = position();
    if (depth > max_fnl_depth)
        return invalid("nested deeper than {} levels", max_fnl_depth);
    take_bracket();
    Data::Table entries;
    for (;;) {
        skip_blanks();
        if (TRY(at_closer('{', opened)))
            break;
        Data key = TRY(read_key(depth));
        skip_blanks();
        if (TRY(at_closer('{', opened)))
            return fail_at(key.position, ErrorKind::invalid, "the key {} has no value", format_fnl(key, 0));
        Data value = TRY(read_value(depth));
        value.key_position = key.position;
        entries.emplace_back(*key.string(), std::move(value));
    }
    take_bracket();
    if (std::optional<size_t> again = find_duplicate_key(entries))
        return fail_at(entries[*again].second.key_position, ErrorKind::invalid,
                       "the key {} stands here a second time; remove one",
                       format_fnl(Data(Keyword{entries[*again].first}), 0));
    std::erase_if(entries, [](const auto& entry) { return entry.second.is_nil(); });
    return Data(std::move(entries));
}

Result<Data> FnlReader::read_token()
{
    size_t end = m_offset;
    while (end < m_source.size() && is_token_char(m_source[end]))
        ++end;
    std::string_view token = m_source.substr(m_offset, end - m_offset);
    Data value;
    if (token.starts_with(':') && token.size() > 1)
        value = Data(Keyword{token.substr(1)});
    else if (token == "true" || token == "false")
        value = Data(token == "true");
    else if (token == ".inf" || token == "-.inf")
        value = Data((token[0] == '-' ? -1 : 1) * std::numeric_limits<double>::infinity());
    else if (token == ".nan")
        value = Data(std::nan(""));
    else if (token != "nil")
        value = TRY(read_number(token));
    advance(token.size());
    return value;
}

/// Skips digits, which single "_" may separate, and says whether there were any.
static bool skip_digits(std::string_view& text)
{
    size_t end = 0;
    while (end < text.size() && (is_digit(text[end]) || (text[end] == '_' && end > 0 && is_digit(text[end - 1]) &&
                                                         end + 1 < text.size() && is_digit(text[end + 1]))))
        ++end;
    text.remove_prefix(end);
    return end > 0;
}

Result<Data> FnlReader::read_number(std::string_view token)
{
    std::string_view rest = token;
    strip_prefix(rest, "-");
    if (rest.empty() || !(is_digit(rest[0]) || (rest.size() > 1 && rest[0] == '.' && is_digit(rest[1]))))
        return fail_at(position(), ErrorKind::refused,
                       "{} is a symbol, which only code can have; for a string write {}",
                       token.empty() ? "~" : visible(token), token == ":" ? "\":\"" : "\"" + visible(token) + "\"");
    bool leading_zero = rest.size() > 1 && rest[0] == '0' && (is_digit(rest[1]) || rest[1] == '_');
    bool well_formed = skip_digits(rest) && !leading_zero;
    bool whole = rest.empty();
    if (strip_prefix(rest, "."))
        well_formed = skip_digits(rest) && well_formed;
    if (strip_prefix(rest, "e") || strip_prefix(rest, "E")) {
        if (!strip_prefix(rest, "-"))
            strip_prefix(rest, "+");
        well_formed = skip_digits(rest) && well_formed;
    }
    if (!well_formed || !rest.empty())
        return invalid("{} is no number; write one as 42, 0.5 or 1e-3, or a string in double quotes", visible(token));
    std::string digits(token);
    std::erase(digits, '_');
    if (whole) {
        std::optional<int64_t> value = parse_integer(digits);
        if (!value)
            return invalid("{} does not fit into 64 bits", token);
        return Data(*value);
    }
    std::optional<double> value = parse_number(digits);
    if (!value)
        return invalid("{} is too large for a number", token);
    return Data(*value);
}

} // namespace quire::text
