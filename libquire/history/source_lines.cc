#include "history/source_lines.h"

#include <algorithm>
#include <array>

#include "history/line_match.h"
#include "text/highlight.h"

namespace quire::history {

/// The most tokens compared in a line. Lines are short, but a stranger's may be long.
constexpr size_t most_compared = 200;
constexpr uint32_t no_hash = 2166136261u;

static uint32_t mix(uint32_t hash, uint32_t value) { return (hash ^ value) * 16777619u; }

static uint32_t hash_of(std::string_view bytes)
{
    uint32_t hash = no_hash;
    for (char byte : bytes)
        hash = mix(hash, static_cast<unsigned char>(byte));
    return hash;
}

static bool is_word_byte(char byte)
{
    auto value = static_cast<unsigned char>(byte);
    return (value >= '0' && value <= '9') || ((value | 32) >= 'a' && (value | 32) <= 'z') || value == '_' ||
           value >= 0x80;
}

static bool is_blank_byte(char byte) { return byte == ' ' || (byte >= '\t' && byte <= '\r'); }

/// The length of the quoted text at the front if it ends in the same piece; otherwise 1.
static size_t quoted_length(std::string_view text)
{
    for (size_t i = 1; i < text.size(); ++i) {
        if (text[i] == '\\')
            ++i;
        else if (text[i] == text[0])
            return i + 1;
    }
    return 1;
}

void SourceLines::add_token(SourceToken token) { m_tokens.push_back(token); }

void SourceLines::add_piece(std::string_view piece, bool is_comment, bool is_string)
{
    if (is_string) {
        while (!piece.empty() && is_blank_byte(piece.back()))
            piece.remove_suffix(1);
        if (!piece.empty())
            add_token({hash_of(piece), 0, true, false});
        return;
    }
    for (size_t i = 0; i < piece.size();) {
        char byte = piece[i];
        size_t length = 1;
        if (is_blank_byte(byte)) {
            ++i;
            continue;
        }
        bool is_word = is_word_byte(byte);
        if (is_word) {
            while (i + length < piece.size() && is_word_byte(piece[i + length]))
                ++length;
        } else if (byte == '"' && !is_comment) {
            length = quoted_length(piece.substr(i));
            is_word = length > 1;
        }
        constexpr std::string_view brackets = "([{}])";
        bool is_bracket = !is_comment && length == 1 && brackets.find(byte) != std::string_view::npos;
        add_token({hash_of(piece.substr(i, length)), is_bracket ? byte : '\0', is_word, is_comment});
        i += length;
    }
}

static uint32_t weight_of(const SourceToken& token) { return token.is_word && !token.is_comment ? 4 : 1; }

void SourceLines::end_line(std::string_view text)
{
    Line line;
    line.text = text;
    line.first_token = m_lines.empty() ? 0 : m_lines.back().end_token;
    line.end_token = static_cast<uint32_t>(m_tokens.size());
    line.number = no_hash;
    uint32_t weight = 0, code = 0;
    for (uint32_t i = line.first_token; i < line.end_token; ++i) {
        const SourceToken& token = m_tokens[i];
        line.number = mix(line.number, token.hash);
        weight += weight_of(token);
        code += token.is_comment ? 0 : weight_of(token);
    }
    line.code = static_cast<uint16_t>(std::min<uint32_t>(code, UINT16_MAX));
    line.weight = static_cast<uint16_t>(std::min<uint32_t>(weight, UINT16_MAX));
    line.is_blank = line.first_token == line.end_token;
    uint32_t indent = 0;
    for (char byte : text) {
        if (byte != ' ' && byte != '\t')
            break;
        indent += byte == '\t' ? 8 - indent % 8 : 1;
    }
    line.indent = static_cast<uint16_t>(std::min<uint32_t>(indent, UINT16_MAX));
    m_lines.push_back(line);
}

SourceLines::SourceLines(std::string_view text, std::string_view path)
{
    const text::Language* language = text::find_language(path.substr(path.rfind('/') + 1), text);
    std::vector<std::string_view> lines = lines_of(text);
    m_lines.reserve(lines.size());
    // A carriage return counts as a blank, so changed line ends count as a change of blanks.
    for (std::string_view& line : lines)
        if (line.data() + line.size() < text.data() + text.size() && line.data()[line.size()] == '\r')
            line = {line.data(), line.size() + 1};
    text::Highlighter highlighter(language);
    for (std::string_view line : lines) {
        for (const text::Piece& piece : highlighter.line(line))
            add_piece(piece.text, piece.token == text::Token::comment, piece.token == text::Token::string);
        end_line(line);
    }
}

std::span<const SourceToken> SourceLines::tokens(uint32_t line) const
{
    return std::span(m_tokens).subspan(m_lines[line].first_token, m_lines[line].end_token - m_lines[line].first_token);
}

std::span<const SourceToken> SourceLines::tokens(LineRange lines) const
{
    if (lines.empty())
        return {};
    uint32_t first = m_lines[lines.begin].first_token;
    return std::span(m_tokens).subspan(first, m_lines[lines.end - 1].end_token - first);
}

Sameness compare(const SourceLines& before, LineRange old_lines, const SourceLines& after, LineRange new_lines)
{
    bool is_same = old_lines.size() == new_lines.size();
    for (uint32_t i = 0; is_same && i < old_lines.size(); ++i)
        is_same = before[old_lines.begin + i].text == after[new_lines.begin + i].text;
    if (is_same)
        return Sameness::same;
    auto same_hash = [](const SourceToken& a, const SourceToken& b) { return a.hash == b.hash; };
    auto a = before.tokens(old_lines), b = after.tokens(new_lines);
    if (std::ranges::equal(a, b, same_hash))
        return Sameness::blanks;
    auto code = [](std::span<const SourceToken> tokens) {
        std::vector<uint32_t> hashes;
        for (const SourceToken& token : tokens)
            if (!token.is_comment)
                hashes.push_back(token.hash);
        return hashes;
    };
    return code(a) == code(b) ? Sameness::comments : Sameness::differs;
}

double similarity(const SourceLines& before, uint32_t old_line, const SourceLines& after, uint32_t new_line)
{
    const SourceLines::Line &a = before[old_line], &b = after[new_line];
    if (a.number == b.number)
        return 1;
    if (a.weight == 0 || b.weight == 0)
        return 0;
    auto take = [](std::span<const SourceToken> tokens, std::array<std::pair<uint32_t, uint32_t>, most_compared>& out) {
        size_t count = std::min(tokens.size(), most_compared);
        for (size_t i = 0; i < count; ++i)
            out[i] = {tokens[i].hash, weight_of(tokens[i])};
        std::sort(out.begin(), out.begin() + static_cast<ptrdiff_t>(count));
        return count;
    };
    std::array<std::pair<uint32_t, uint32_t>, most_compared> left, right;
    size_t left_count = take(before.tokens(old_line), left), right_count = take(after.tokens(new_line), right);
    uint32_t common = 0, all = 0;
    for (size_t i = 0; i < left_count; ++i)
        all += left[i].second;
    for (size_t i = 0; i < right_count; ++i)
        all += right[i].second;
    for (size_t i = 0, j = 0; i < left_count && j < right_count;) {
        if (left[i].first == right[j].first) {
            common += left[i].second;
            ++i;
            ++j;
        } else {
            ++(left[i].first < right[j].first ? i : j);
        }
    }
    return 2.0 * common / all;
}

} // namespace quire::history
