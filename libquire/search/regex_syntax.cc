#include "search/regex_syntax.h"

#include "base/strings.h"

namespace quire::search {

namespace {

using Kind = RegexNode::Kind;

constexpr unsigned most_repeats = 1000;
constexpr int deepest = 100;

ByteSet range(unsigned char first, unsigned char last)
{
    ByteSet set;
    for (unsigned c = first; c <= last; ++c)
        set.set(c);
    return set;
}

ByteSet digits() { return range('0', '9'); }
ByteSet word_bytes() { return digits() | range('a', 'z') | range('A', 'Z') | range('_', '_'); }
ByteSet blanks() { return range('\t', '\r') | range(' ', ' '); }

/// \d, \W and so on; nullopt for other letters.
std::optional<ByteSet> class_of(char letter)
{
    switch (letter) {
    case 'd':
        return digits();
    case 'D':
        return ~digits();
    case 'w':
        return word_bytes();
    case 'W':
        return ~word_bytes();
    case 's':
        return blanks();
    case 'S':
        return ~blanks();
    default:
        return std::nullopt;
    }
}

std::optional<ByteSet> named_class(std::string_view name)
{
    ByteSet upper = range('A', 'Z'), lower = range('a', 'z');
    struct Named {
        std::string_view name;
        ByteSet set;
    };
    const Named all[] = {{"alpha", upper | lower},
                         {"digit", digits()},
                         {"alnum", upper | lower | digits()},
                         {"upper", upper},
                         {"lower", lower},
                         {"space", blanks()},
                         {"blank", range(' ', ' ') | range('\t', '\t')},
                         {"punct", range('!', '/') | range(':', '@') | range('[', '`') | range('{', '~')},
                         {"xdigit", digits() | range('a', 'f') | range('A', 'F')},
                         {"word", word_bytes()}};
    for (const Named& one : all)
        if (one.name == name)
            return one.set;
    return std::nullopt;
}

class Parser {
public:
    Parser(std::string_view pattern, bool ignores_case) : m_rest(pattern), m_ignores_case(ignores_case) {}

    Result<RegexNode> parse()
    {
        if (m_rest.starts_with("(?i)")) {
            m_ignores_case = true;
            m_rest.remove_prefix(4);
        }
        RegexNode node = TRY(choice(0));
        if (!m_rest.empty())
            return fail(ErrorKind::invalid, "a ')' closes nothing");
        return node;
    }

private:
    bool take(char c)
    {
        bool is_there = !m_rest.empty() && m_rest[0] == c;
        if (is_there)
            m_rest.remove_prefix(1);
        return is_there;
    }
    char next()
    {
        char c = m_rest[0];
        m_rest.remove_prefix(1);
        return c;
    }

    Result<RegexNode> choice(int depth)
    {
        if (depth > deepest)
            return fail(ErrorKind::invalid, "too many groups lie in each other");
        RegexNode node{.kind = Kind::choice, .parts = {TRY(sequence(depth))}};
        while (take('|'))
            node.parts.push_back(TRY(sequence(depth)));
        return node.parts.size() == 1 ? std::move(node.parts[0]) : std::move(node);
    }

    Result<RegexNode> sequence(int depth)
    {
        RegexNode node{.kind = Kind::sequence};
        while (!m_rest.empty() && m_rest[0] != '|' && m_rest[0] != ')')
            node.parts.push_back(TRY(repeated(depth)));
        return node;
    }

    Result<RegexNode> repeated(int depth)
    {
        RegexNode node = TRY(atom(depth));
        for (bool was_repeated = false; !m_rest.empty(); was_repeated = true) {
            unsigned least = 0, most = RegexNode::endless;
            if (take('*')) {
            } else if (take('+')) {
                least = 1;
            } else if (take('?')) {
                most = 1;
            } else if (m_rest[0] == '{') {
                if (!TRY(counts(least, most)))
                    return node; // a plain brace, as Perl takes it
            } else {
                return node;
            }
            if (was_repeated)
                return fail(ErrorKind::invalid, "a repetition can't be repeated; put it into a group");
            (void)take('?'); // lazy: which lines match is the same
            node = RegexNode{.kind = Kind::repeat, .parts = {std::move(node)}, .least = least, .most = most};
        }
        return node;
    }

    /// "{2}", "{2,}", "{2,5}"; false if the brace begins nothing of this kind.
    Result<bool> counts(unsigned& least, unsigned& most)
    {
        size_t end = m_rest.find('}');
        if (end == std::string_view::npos)
            return false;
        std::string_view inside = m_rest.substr(1, end - 1), high = inside;
        std::string_view low = take_until(high, ',');
        bool has_comma = low.size() < inside.size();
        auto first = parse_decimal(low), last = has_comma ? parse_decimal(high) : first;
        if (!first || (!last && !(has_comma && high.empty())))
            return false;
        if (*first > most_repeats || last.value_or(0) > most_repeats)
            return fail(ErrorKind::invalid, "more than {} repetitions can't be counted", most_repeats);
        if (last && *last < *first)
            return fail(ErrorKind::invalid, "{{{}}} counts backwards", inside);
        least = static_cast<unsigned>(*first);
        most = last ? static_cast<unsigned>(*last) : RegexNode::endless;
        m_rest.remove_prefix(end + 1);
        return true;
    }

    Result<RegexNode> atom(int depth)
    {
        size_t length = utf8_length(m_rest);
        if (length > 1) {
            RegexNode node{.kind = Kind::sequence};
            for (; length > 0; --length)
                node.parts.push_back(byte(next()));
            return node;
        }
        switch (char c = next()) {
        case '(':
            return group(depth);
        case '[':
            return bracket();
        case '.':
            return bytes(~range('\n', '\n'));
        case '^':
            return RegexNode{.kind = Kind::line_begin};
        case '$':
            return RegexNode{.kind = Kind::line_end};
        case '*':
        case '+':
        case '?':
            return fail(ErrorKind::invalid, "'{}' repeats nothing; write \\{} for the character", c, c);
        case '\\':
            return escape();
        default:
            return byte(c);
        }
    }

    Result<RegexNode> group(int depth)
    {
        if (m_rest.starts_with("?:"))
            m_rest.remove_prefix(2);
        else if (m_rest.starts_with("?"))
            return fail(ErrorKind::invalid, "of the groups with '(?' only '(?:' is known");
        RegexNode node = TRY(choice(depth + 1));
        if (!take(')'))
            return fail(ErrorKind::invalid, "a '(' is not closed");
        return node;
    }

    Result<RegexNode> escape()
    {
        if (m_rest.empty())
            return fail(ErrorKind::invalid, "a '\\' stands at the end");
        char c = next();
        if (auto set = class_of(c))
            return bytes(*set);
        switch (c) {
        case 'b':
            return RegexNode{.kind = Kind::word_edge};
        case 'B':
            return RegexNode{.kind = Kind::no_word_edge};
        case 't':
            return byte('\t');
        default:
            if (word_bytes()[static_cast<unsigned char>(c)])
                return fail(ErrorKind::invalid, "'\\{}' is not known", c);
            return byte(c);
        }
    }

    /// What stands between "[" and "]".
    Result<RegexNode> bracket()
    {
        ByteSet set;
        bool is_negated = take('^');
        for (bool is_first = true;; is_first = false) {
            if (m_rest.empty())
                return fail(ErrorKind::invalid, "a '[' is not closed");
            if (!is_first && take(']'))
                break;
            set |= TRY(bracket_item());
        }
        return bytes(is_negated ? ~folded(set) : set);
    }

    Result<ByteSet> bracket_item()
    {
        if (m_rest.starts_with("[:")) {
            size_t end = m_rest.find(":]");
            auto named = end == std::string_view::npos ? std::nullopt : named_class(m_rest.substr(2, end - 2));
            if (!named)
                return fail(ErrorKind::invalid, "no class has the name after '[:'");
            m_rest.remove_prefix(end + 2);
            return *named;
        }
        if (m_rest[0] == '\\' && m_rest.size() > 1)
            if (auto set = class_of(m_rest[1])) {
                m_rest.remove_prefix(2);
                return *set;
            }
        unsigned char first = TRY(bracket_byte());
        if (m_rest.size() < 2 || m_rest[0] != '-' || m_rest[1] == ']')
            return range(first, first);
        m_rest.remove_prefix(1);
        unsigned char last = TRY(bracket_byte());
        if (last < first)
            return fail(ErrorKind::invalid, "a range in '[' goes backwards");
        return range(first, last);
    }

    Result<unsigned char> bracket_byte()
    {
        char c = next();
        if (static_cast<unsigned char>(c) >= 0x80)
            return fail(ErrorKind::invalid, "only ASCII can stand in '['; write (é|è) instead");
        if (c != '\\')
            return static_cast<unsigned char>(c);
        if (m_rest.empty())
            return fail(ErrorKind::invalid, "a '[' is not closed");
        c = next();
        if (c == 't')
            return static_cast<unsigned char>('\t');
        if (word_bytes()[static_cast<unsigned char>(c)])
            return fail(ErrorKind::invalid, "'\\{}' is not known in '['", c);
        return static_cast<unsigned char>(c);
    }

    ByteSet folded(ByteSet set) const
    {
        for (unsigned c = 'a'; m_ignores_case && c <= 'z'; ++c)
            if (set[c] || set[c - 32])
                set.set(c), set.set(c - 32);
        return set;
    }
    RegexNode bytes(ByteSet set) const { return {.kind = Kind::bytes, .set = folded(set)}; }
    RegexNode byte(char c) const
    {
        ByteSet set;
        set.set(static_cast<unsigned char>(c));
        return bytes(set);
    }

    std::string_view m_rest;
    bool m_ignores_case;
};

} // namespace

Result<RegexNode> parse_regex(std::string_view pattern, bool ignores_case)
{
    return Parser(pattern, ignores_case).parse();
}

} // namespace quire::search
