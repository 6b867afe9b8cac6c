// The automaton of an expression, and the trigrams without which no text matches it.
#include <algorithm>
#include <map>

#include "search/regex.h"
#include "search/regex_syntax.h"

namespace quire::search {

namespace {

using Kind = RegexNode::Kind;
using Op = RegexProgram::Op;

constexpr size_t most_instructions = 4000;

/// Builds from the end: each part knows what comes after it.
class Compiler {
public:
    explicit Compiler(RegexProgram& program) : m_program(program) {}

    void compile(const RegexNode& root)
    {
        uint32_t match = add({.op = Op::match});
        m_program.start = part(root, match);
    }
    bool is_too_large() const { return m_program.code.size() > most_instructions; }

private:
    uint32_t add(RegexProgram::Instruction instruction)
    {
        if (!is_too_large())
            m_program.code.push_back(instruction);
        return static_cast<uint32_t>(m_program.code.size() - 1);
    }

    uint32_t part(const RegexNode& node, uint32_t next)
    {
        switch (node.kind) {
        case Kind::empty:
            return next;
        case Kind::bytes:
            return add({.op = Op::bytes, .set = set(node.set), .next = next});
        case Kind::sequence:
            for (size_t i = node.parts.size(); i > 0; --i)
                next = part(node.parts[i - 1], next);
            return next;
        case Kind::choice: {
            uint32_t first = part(node.parts.back(), next);
            for (size_t i = node.parts.size() - 1; i > 0; --i)
                first = add({.op = Op::split, .next = part(node.parts[i - 1], next), .other = first});
            return first;
        }
        case Kind::repeat:
            return repeat(node, next);
        case Kind::line_begin:
            return add({.op = Op::line_begin, .next = next});
        case Kind::line_end:
            return add({.op = Op::line_end, .next = next});
        case Kind::word_edge:
        case Kind::no_word_edge:
            m_program.looks_at_words = true;
            return add({.op = node.kind == Kind::word_edge ? Op::word_edge : Op::no_word_edge, .next = next});
        }
        return next;
    }

    uint32_t repeat(const RegexNode& node, uint32_t next)
    {
        uint32_t first = next;
        if (node.most == RegexNode::endless) {
            first = add({.op = Op::split, .other = next});
            uint32_t body = part(node.parts[0], first);
            m_program.code[first].next = body;
        } else {
            for (unsigned i = node.least; i < node.most && !is_too_large(); ++i)
                first = add({.op = Op::split, .next = part(node.parts[0], first), .other = next});
        }
        for (unsigned i = 0; i < node.least && !is_too_large(); ++i)
            first = part(node.parts[0], first);
        return first;
    }

    uint32_t set(const ByteSet& bytes)
    {
        std::array<uint64_t, 4> words{};
        for (size_t c = 0; c < 256; ++c)
            words[c / 64] |= uint64_t{bytes[c]} << c % 64;
        auto found = std::find(m_program.sets.begin(), m_program.sets.end(), words);
        if (found == m_program.sets.end()) {
            m_program.sets.push_back(words);
            return static_cast<uint32_t>(m_program.sets.size() - 1);
        }
        return static_cast<uint32_t>(found - m_program.sets.begin());
    }

    RegexProgram& m_program;
};

void find_classes(RegexProgram& program)
{
    std::map<std::vector<bool>, uint16_t> classes;
    for (size_t c = 0; c < 256; ++c) {
        std::vector<bool> in;
        for (const auto& set : program.sets)
            in.push_back((set[c / 64] >> c % 64 & 1) != 0);
        bool is_word = c < 128 && (c == '_' || (c >= '0' && c <= '9') || (c | 32) - 'a' < 26u);
        in.push_back(program.looks_at_words && is_word);
        program.classes[c] = classes.emplace(in, static_cast<uint16_t>(classes.size())).first->second;
    }
    program.class_count = static_cast<uint16_t>(classes.size());
}

/// All texts that a part can match, folded, as long as there are few; else what any of them must contain.
struct Texts {
    bool is_exact = false;
    std::vector<std::string> texts = {};
    Need need = {};
    std::string literal = {}; ///< what any of them must contain, if that is one text
};

constexpr size_t most_texts = 24, longest_text = 60, most_choices = 8;

Need need_of(const Texts& texts)
{
    if (!texts.is_exact)
        return texts.need;
    std::vector<Need> any;
    for (const std::string& text : texts.texts)
        any.push_back(Need::of_text(text));
    return Need::any_of(std::move(any));
}

Texts texts_of(const RegexNode& node);

Texts texts_of_set(const ByteSet& set)
{
    Texts found{.is_exact = true};
    for (size_t c = 0; c < 256; ++c) {
        bool is_small_too = c - 'A' < 26u && set[c | 32];
        if (!set[c] || is_small_too)
            continue;
        if (found.texts.size() == most_choices)
            return {};
        found.texts.emplace_back(1, static_cast<char>(c - 'A' < 26u ? c | 32 : c));
    }
    return found;
}

/// The longest text that is in both, if it is long enough to look for.
std::string common_part(std::string_view a, std::string_view b)
{
    constexpr size_t shortest = 3;
    std::string_view best;
    for (size_t begin = 0; begin < a.size(); ++begin)
        while (begin + best.size() < a.size() && b.find(a.substr(begin, best.size() + 1)) != std::string_view::npos)
            best = a.substr(begin, best.size() + 1);
    return std::string(best.size() < shortest ? std::string_view() : best);
}

/// What a match must contain.
std::string literal_of(const Texts& texts)
{
    if (!texts.is_exact || texts.texts.empty())
        return texts.literal;
    std::string literal = texts.texts[0];
    for (const std::string& text : texts.texts)
        if (text != literal)
            literal = common_part(literal, text);
    return literal;
}

/// Joins neighbours as long as they are exact. A part between two exact stretches cuts them from each other.
Texts texts_of_sequence(const RegexNode& node)
{
    std::vector<Need> needs;
    Texts run{.is_exact = true, .texts = {""}};
    bool is_exact = true;
    std::string literal;
    auto end_run = [&] {
        needs.push_back(need_of(run));
        if (std::string here = literal_of(run); here.size() > literal.size())
            literal = std::move(here);
        run.texts = {""};
    };
    for (const RegexNode& part : node.parts) {
        Texts next = texts_of(part);
        if (!next.is_exact) {
            end_run();
            needs.push_back(std::move(next.need));
            if (next.literal.size() > literal.size())
                literal = std::move(next.literal);
            is_exact = false;
            continue;
        }
        if (next.texts.size() * run.texts.size() > most_texts) {
            end_run();
            is_exact = false;
        }
        std::vector<std::string> joined;
        for (const std::string& before : run.texts)
            for (const std::string& after : next.texts)
                joined.push_back(before + after);
        run.texts = std::move(joined);
        if (!run.texts.empty() && run.texts[0].size() > longest_text) {
            end_run();
            is_exact = false;
        }
    }
    if (is_exact)
        return run;
    end_run();
    return {.need = Need::all_of(std::move(needs)), .literal = std::move(literal)};
}

Texts texts_of(const RegexNode& node)
{
    switch (node.kind) {
    case Kind::bytes:
        return texts_of_set(node.set);
    case Kind::sequence:
        return texts_of_sequence(node);
    case Kind::choice: {
        Texts found{.is_exact = true};
        std::vector<Need> needs;
        std::optional<std::string> literal; // what is in that of each part
        for (const RegexNode& part : node.parts) {
            Texts next = texts_of(part);
            literal = literal ? common_part(*literal, literal_of(next)) : literal_of(next);
            found.is_exact = found.is_exact && next.is_exact && found.texts.size() + next.texts.size() <= most_texts;
            needs.push_back(need_of(next));
            if (found.is_exact)
                found.texts.insert(found.texts.end(), next.texts.begin(), next.texts.end());
        }
        if (!found.is_exact)
            return {.need = Need::any_of(std::move(needs)), .literal = literal.value_or("")};
        return found;
    }
    case Kind::repeat: {
        Texts once = texts_of(node.parts[0]);
        if (node.least == 1 && node.most == 1)
            return once;
        if (node.least == 0 && node.most == 1 && once.is_exact && once.texts.size() < most_texts) {
            once.texts.emplace_back();
            return once;
        }
        constexpr unsigned most_times = 8;
        if (once.is_exact && once.texts.size() == 1 && node.least == node.most && node.least <= most_times &&
            once.texts[0].size() * node.least <= longest_text) {
            std::string text;
            for (unsigned i = 0; i < node.least; ++i)
                text += once.texts[0];
            return {.is_exact = true, .texts = {text}};
        }
        return node.least > 0 ? Texts{.need = need_of(once), .literal = literal_of(once)} : Texts();
    }
    default: // takes no bytes
        return {.is_exact = true, .texts = {""}};
    }
}

} // namespace

Result<RegexProgram> RegexProgram::compile(std::string_view pattern, bool ignores_case)
{
    RegexNode root = TRY(parse_regex(pattern, ignores_case));
    RegexProgram program;
    Compiler compiler(program);
    compiler.compile(root);
    if (compiler.is_too_large())
        return fail(ErrorKind::invalid, "the expression is too large; count less");
    find_classes(program);
    Texts texts = texts_of(root);
    program.need = need_of(texts);
    program.literal = literal_of(texts);
    return program;
}

} // namespace quire::search
