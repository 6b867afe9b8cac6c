#include "text/highlight/language.h"

#include <cctype>

#include "text/highlight/line_lexer.h"

namespace quire::text {

static char small(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; }

static uint32_t hash(std::string_view word)
{
    uint32_t value = 2166136261u;
    for (char c : word)
        value = (value ^ static_cast<unsigned char>(small(c))) * 16777619u;
    return value;
}

uint32_t mark_of(std::string_view word)
{
    uint32_t value = 2166136261u;
    for (char c : word)
        value = (value ^ static_cast<unsigned char>(c)) * 16777619u;
    return value | 1; // 0 means that there is no mark
}

static bool is_same_word(std::string_view known, std::string_view word, bool ignores_case)
{
    if (!ignores_case || known.size() != word.size())
        return known == word;
    return std::equal(known.begin(), known.end(), word.begin(), [](char a, char b) { return small(a) == small(b); });
}

Language::Language(const LanguageTable& made_of) : table(made_of)
{
    for (int c = 0; c < 256; ++c) {
        bool is_letter = std::isalpha(c) != 0 || c == '_' || c >= 0x80;
        kinds[c] = is_letter               ? in_word | begins_word
                   : c >= '0' && c <= '9'  ? in_word | digit
                   : c == ' ' || c == '\t' ? blank
                                           : 0;
    }
    auto mark = [&](std::string_view bytes, uint8_t kind) {
        for (char c : bytes)
            kinds[static_cast<unsigned char>(c)] |= kind;
    };
    mark(table.word_extra, in_word);
    mark(table.word_starts, in_word | begins_word);
    mark(table.special_bytes, is_special);
    for (std::string_view open : table.line_comments)
        mark(open.substr(0, 1), comments_or_quotes);
    mark(table.block_comment[0].substr(0, 1), comments_or_quotes);
    for (const Quote& quote : table.quotes)
        mark(quote.open.substr(0, 1), comments_or_quotes);
    size_t count = 0;
    auto counted = [&](std::string_view words) { each_word(words, [&](std::string_view) { ++count; }); };
    for (const Words& words : table.words)
        counted(words.words);
    counted(table.defines_function);
    counted(table.defines_type);
    counted(table.begins_expression);
    size_t size = 16;
    while (size < count * 2 + 2)
        size *= 2;
    m_slots.resize(size);
    for (const Words& words : table.words)
        add(words.words, words.token);
    define(table.defines_function, Defines::function);
    define(table.defines_type, Defines::type);
    define(table.begins_expression, Defines::expression);
}

Language::Slot& Language::place(std::string_view word)
{
    size_t at = hash(word) & (m_slots.size() - 1);
    while (!m_slots[at].word.empty() && !is_same_word(m_slots[at].word, word, table.ignores_case))
        at = (at + 1) & (m_slots.size() - 1);
    m_slots[at].word = word;
    return m_slots[at];
}

void Language::add(std::string_view words, Token token)
{
    each_word(words, [&](std::string_view word) { place(word).known.token = token; });
}

void Language::define(std::string_view words, Defines what)
{
    each_word(words, [&](std::string_view word) { place(word).known.defines = what; });
}

Language::Known Language::find(std::string_view word) const
{
    size_t at = hash(word) & (m_slots.size() - 1);
    while (!m_slots[at].word.empty()) {
        if (is_same_word(m_slots[at].word, word, table.ignores_case))
            return m_slots[at].known;
        at = (at + 1) & (m_slots.size() - 1);
    }
    return {};
}

} // namespace quire::text
