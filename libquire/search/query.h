// Query: what a reader looks for. Either words, all of which a file must contain ("several in quotes" are one), or a
// regular expression that a line must match.
//
// A Matcher finds the lines of one text after the other; one thread may use it at a time.
#pragma once

#include "base/patience.h"
#include "search/regex.h"
#include "search/text_finder.h"

namespace quire::search {

enum class Syntax { words, regex };

struct Query {
    struct Term {
        std::string text; ///< folded if case is ignored
        std::string written;
        bool is_whole = false; ///< not a part of a longer word
    };
    Case letter_case = Case::ignored;
    std::vector<Term> terms;
    std::optional<RegexProgram> regex;
    std::string phrase; ///< all of the words as they were written, folded like the terms
    Need need;          ///< what a text must contain

    /// ErrorKind::invalid says in one line what is wrong with it.
    static Result<Query> parse(std::string_view text, Syntax syntax, Case letter_case);
    /// A name, as a word of its own.
    static Query of_name(std::string_view name);
    /// Whether all words, or the expression, are in a path.
    bool fits(std::string_view path) const;
};

/// A line that matches.
struct Line {
    uint32_t number = 0;                              ///< from 1
    size_t begin = 0, end = 0;                        ///< in the text, without the newline
    std::vector<std::pair<uint32_t, uint32_t>> marks; ///< what matches, as offsets in the line
    int score = 0;
};

/// What matches in one text.
struct Hits {
    std::vector<Line> lines; ///< by number; only the first ones, if there are many
    size_t count = 0;        ///< all lines that match
    int score = 0;           ///< of the best line
};

class Matcher {
public:
    explicit Matcher(const Query& query);

    /// The matching lines of a text; no more than `most` are kept and `most_counted` looked for.
    Hits scan(std::string_view text, size_t most, size_t most_counted, const Patience& patience);

private:
    Hits scan_words(std::string_view text, size_t most, size_t most_counted, const Patience& patience);
    Hits scan_regex(std::string_view text, size_t most, size_t most_counted, const Patience& patience);
    void judge(std::string_view line, Line& found) const;
    void mark(std::string_view line, Line& found);

    const Query& m_query;
    std::optional<LineMatcher> m_lines;
    std::vector<TextFinder> m_terms; ///< of the query; of an expression, what each line has that matches
    TextFinder m_phrase;
};

} // namespace quire::search
