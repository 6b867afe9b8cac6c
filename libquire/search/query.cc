#include "search/query.h"

#include <algorithm>

#include "base/strings.h"

namespace quire::search {

constexpr size_t most_terms = 12;
constexpr size_t most_marks = 40;
/// Marks are looked for no further in a line than this, since nobody is shown more.
constexpr size_t marked_part = 1000;

static bool is_word_byte(char c)
{
    auto byte = static_cast<unsigned char>(c);
    return byte == '_' || byte >= 0x80 || (byte >= '0' && byte <= '9') || ((byte | 32) >= 'a' && (byte | 32) <= 'z');
}

static bool is_whole_word(std::string_view text, size_t begin, size_t size)
{
    bool goes_on_before = begin > 0 && is_word_byte(text[begin - 1]) && is_word_byte(text[begin]);
    size_t end = begin + size;
    bool goes_on_after = end < text.size() && is_word_byte(text[end - 1]) && is_word_byte(text[end]);
    return !goes_on_before && !goes_on_after;
}

static size_t find(std::string_view text, const Query::Term& term, const TextFinder& finder, size_t from)
{
    size_t at = finder.find(text, from);
    while (at != std::string_view::npos && term.is_whole && !is_whole_word(text, at, term.text.size()))
        at = finder.find(text, at + 1);
    return at;
}

/// Splits at blanks; what stands in double quotes stays together. A lone quote is a plain character.
static std::vector<std::string> split_words(std::string_view text)
{
    std::vector<std::string> words;
    while (!(text = trim(text)).empty()) {
        size_t close = text[0] == '"' ? text.find('"', 1) : std::string_view::npos;
        bool is_quoted = close != std::string_view::npos && close > 1 &&
                         (close + 1 == text.size() || text[close + 1] == ' ' || text[close + 1] == '\t');
        size_t end = is_quoted ? close + 1 : std::min(text.find_first_of(" \t"), text.size());
        words.emplace_back(is_quoted ? text.substr(1, close - 1) : text.substr(0, end));
        text.remove_prefix(end);
    }
    return words;
}

Result<Query> Query::parse(std::string_view text, Syntax syntax, Case letter_case)
{
    Query query{.letter_case = letter_case, .terms = {}, .regex = {}, .phrase = {}, .need = {}};
    text = trim(text);
    if (text.empty())
        return fail(ErrorKind::invalid, "there is nothing to look for");
    if (syntax == Syntax::regex) {
        query.regex = TRY(RegexProgram::compile(text, letter_case == Case::ignored));
        if (LineMatcher(*query.regex).matches(""))
            return fail(ErrorKind::invalid, "the expression matches an empty line, and so every line");
        query.need = query.regex->need;
        return query;
    }
    std::vector<std::string> words = split_words(text);
    if (words.size() > most_terms)
        return fail(ErrorKind::invalid, "more than {} words; put a sentence in \"quotes\"", most_terms);
    std::vector<Need> needs;
    for (const std::string& word : words) {
        needs.push_back(Need::of_text(word));
        query.terms.push_back({letter_case == Case::ignored ? to_lower(word) : word, word});
    }
    query.need = Need::all_of(std::move(needs));
    query.phrase = query.terms.size() == 1        ? query.terms[0].text
                   : letter_case == Case::ignored ? to_lower(text)
                                                  : std::string(text);
    return query;
}

Query Query::of_name(std::string_view name)
{
    return {.letter_case = Case::respected,
            .terms = {{std::string(name), std::string(name), true}},
            .regex = {},
            .phrase = std::string(name),
            .need = Need::of_text(name)};
}

bool Query::fits(std::string_view path) const
{
    if (regex)
        return LineMatcher(*regex).matches(path);
    return std::all_of(terms.begin(), terms.end(), [&](const Term& term) {
        return find(path, term, TextFinder(term.text, letter_case), 0) != std::string_view::npos;
    });
}

Matcher::Matcher(const Query& query) : m_query(query), m_phrase(query.phrase, query.letter_case)
{
    for (const Query::Term& term : query.terms)
        m_terms.emplace_back(term.text, query.letter_case);
    if (!query.regex)
        return;
    m_lines.emplace(*query.regex);
    if (!query.regex->literal.empty())
        m_terms.emplace_back(query.regex->literal, Case::ignored);
}

Hits Matcher::scan(std::string_view text, size_t most, size_t most_counted, const Patience& patience)
{
    Hits hits =
        m_lines ? scan_regex(text, most, most_counted, patience) : scan_words(text, most, most_counted, patience);
    std::sort(hits.lines.begin(), hits.lines.end(), [](const Line& a, const Line& b) { return a.begin < b.begin; });
    // Numbered only now: most lines that match are not kept.
    size_t counted_to = 0;
    uint32_t number = 1;
    for (Line& line : hits.lines) {
        number += static_cast<uint32_t>(count_newlines(text.substr(counted_to, line.begin - counted_to)));
        counted_to = line.begin;
        line.number = number;
    }
    return hits;
}

static void add_line(Hits& hits, Line line, size_t most)
{
    hits.score = std::max(hits.score, line.score);
    if (hits.lines.size() < most) {
        hits.lines.push_back(std::move(line));
        return;
    }
    // A better line takes the place of the worst of the later ones.
    auto worst = std::min_element(hits.lines.begin(), hits.lines.end(),
                                  [](const Line& a, const Line& b) { return a.score < b.score; });
    if (worst != hits.lines.end() && worst->score < line.score) {
        hits.lines.erase(worst);
        hits.lines.push_back(std::move(line));
    }
}

/// Whether no further line can take the place of one that is kept.
static bool is_settled(const Hits& hits, size_t most, int best)
{
    return hits.lines.size() >= most &&
           std::all_of(hits.lines.begin(), hits.lines.end(), [&](const Line& line) { return line.score >= best; });
}

constexpr int all_words = 20, as_phrase = 20, as_whole_word = 10;

/// A line counts more if all words are in it, if they are whole words, and if they stand as they were written.
void Matcher::judge(std::string_view line, Line& found) const
{
    size_t there = 0, whole = 0;
    for (size_t i = 0; i < m_terms.size(); ++i) {
        const Query::Term& term = m_query.terms[i];
        size_t at = find(line, term, m_terms[i], 0);
        there += at != std::string_view::npos;
        for (; at != std::string_view::npos && found.marks.size() < most_marks && at < marked_part;
             at = find(line, term, m_terms[i], at + term.text.size())) {
            found.marks.emplace_back(at, at + term.text.size());
            whole += is_whole_word(line, at, term.text.size());
        }
    }
    std::sort(found.marks.begin(), found.marks.end());
    bool has_phrase = m_query.terms.size() > 1 && m_phrase.find(line) != std::string_view::npos;
    found.score = (there == m_query.terms.size() ? all_words : 0) + (has_phrase ? as_phrase : 0) +
                  (whole > 0 ? as_whole_word : 0);
}

Hits Matcher::scan_words(std::string_view text, size_t most, size_t most_counted, const Patience& patience)
{
    Hits hits;
    std::vector<size_t> next; // where each word comes next
    for (size_t i = 0; i < m_terms.size(); ++i) {
        next.push_back(find(text, m_query.terms[i], m_terms[i], 0));
        if (next.back() == std::string_view::npos)
            return hits;
    }
    bool only_counts = false;
    const int best = all_words + as_whole_word + (m_query.terms.size() > 1 ? as_phrase : 0);
    while (hits.count < most_counted && !patience.is_over()) {
        size_t at = *std::min_element(next.begin(), next.end());
        if (at == std::string_view::npos)
            break;
        size_t end = std::min(text.find('\n', at), text.size());
        for (size_t i = 0; i < next.size(); ++i)
            if (next[i] < end)
                next[i] = find(text, m_query.terms[i], m_terms[i], end);
        ++hits.count;
        if (only_counts)
            continue;
        size_t before = at == 0 ? std::string_view::npos : text.rfind('\n', at - 1);
        Line line{.begin = before == std::string_view::npos ? 0 : before + 1, .end = end, .marks = {}};
        judge(text.substr(line.begin, line.end - line.begin), line);
        add_line(hits, std::move(line), most);
        only_counts = is_settled(hits, most, best);
    }
    return hits;
}

void Matcher::mark(std::string_view line, Line& found)
{
    for (auto span = m_lines->find(line); span && found.marks.size() < most_marks;
         span = m_lines->find(line, std::max(span->end, span->begin + 1))) {
        if (span->end > span->begin)
            found.marks.emplace_back(span->begin, span->end);
        if (is_whole_word(line, span->begin, span->end - span->begin))
            found.score = 30;
    }
}

Hits Matcher::scan_regex(std::string_view text, size_t most, size_t most_counted, const Patience& patience)
{
    Hits hits;
    size_t looked_at = 0;
    for (size_t begin = 0; begin < text.size() && hits.count < most_counted;) {
        if (!m_terms.empty()) { // on to the line that has it
            size_t at = m_terms[0].find(text, begin);
            if (at == std::string_view::npos)
                break;
            size_t before = at == 0 ? std::string_view::npos : text.rfind('\n', at - 1);
            size_t next = before == std::string_view::npos || before < begin ? begin : before + 1;
            begin = next;
        }
        size_t end = std::min(text.find('\n', begin), text.size());
        size_t stop = end > begin && text[end - 1] == '\r' ? end - 1 : end;
        std::string_view line = text.substr(begin, stop - begin);
        if (m_lines->matches(line)) {
            Line found{.begin = begin, .end = stop, .marks = {}, .score = 20};
            // The first line decides about a file's place, and those past `most` are not shown.
            if (hits.lines.size() < most)
                mark(line.substr(0, marked_part), found);
            ++hits.count;
            add_line(hits, std::move(found), most);
            if (patience.is_over())
                break;
        }
        begin = end + 1;
        if (++looked_at % 64 == 0 && patience.is_over())
            break;
    }
    return hits;
}

} // namespace quire::search
