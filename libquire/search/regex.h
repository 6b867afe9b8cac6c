// Regex: a regular expression that takes time linear in the text, whatever the expression and the text are.
//
// The expression becomes a nondeterministic automaton (RegexProgram, which threads may share). A LineMatcher walks it
// over the bytes of one line after the other and makes states of a deterministic one as they are met, at most so many:
// then it starts anew. Only one thread may use a LineMatcher at a time.
#pragma once

#include <array>
#include <map>
#include <optional>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "search/trigrams.h"

namespace quire::search {

struct RegexNode;

/// Instructions of the automaton.
struct RegexProgram {
    enum class Op : uint8_t { bytes, split, line_begin, line_end, word_edge, no_word_edge, match };
    struct Instruction {
        Op op = Op::match;
        uint32_t set = 0; ///< bytes: an index of `sets`
        uint32_t next = 0, other = 0;
    };
    std::vector<Instruction> code;
    std::vector<std::array<uint64_t, 4>> sets;
    uint32_t start = 0;
    std::array<uint16_t, 256> classes{}; ///< bytes of one class are in the same sets
    uint16_t class_count = 0;
    bool looks_at_words = false;
    Need need;           ///< what a text must contain
    std::string literal; ///< folded: every line that matches has it; may be empty

    /// ErrorKind::invalid: it is no expression, or one that is too large.
    static Result<RegexProgram> compile(std::string_view pattern, bool ignores_case);
};

class LineMatcher {
public:
    explicit LineMatcher(const RegexProgram& program) : m_program(program) {}

    struct Span {
        size_t begin = 0, end = 0;
    };
    /// Whether something in the line matches. A line has no newline.
    bool matches(std::string_view line);
    /// The leftmost match that begins at `from` or later, and there the longest one.
    std::optional<Span> find(std::string_view line, size_t from = 0);

private:
    enum class Before : uint8_t { nothing, word, other };
    using States = std::vector<uint32_t>; ///< instructions, and then what stood before

    static constexpr uint32_t unknown = ~0u, dead = 0; ///< nothing follows from the state `dead`

    /// Bytes that are known to leave a state as it is: most of a text is passed over in one that waits for a beginning.
    using Rest = std::array<bool, 256>;

    struct Automaton {
        bool restarts = false; ///< a match may begin anywhere
        std::map<States, uint32_t> numbers = {};
        std::vector<const States*> states = {};
        std::vector<uint32_t> steps = {}; ///< of a state and a class: 2 * state + whether it matched; or unknown
        size_t size = 0;                  ///< numbers in all of these
        std::array<uint32_t, 3> first = {unknown, unknown, unknown}; ///< by what stands before
        std::vector<uint32_t> rest_of = {};                          ///< by state: an index of `rests`; or unknown
        std::vector<Rest> rests = {};
    };

    uint32_t state_of(Automaton& automaton, States states);
    uint32_t first_state(Automaton& automaton, Before before);
    uint32_t make_room(Automaton& automaton, uint32_t state);
    Rest* rest_in(Automaton& automaton, uint32_t state);
    uint32_t step(Automaton& automaton, uint32_t state, std::optional<unsigned char> byte);
    uint32_t compute(Automaton& automaton, uint32_t state, std::optional<unsigned char> byte);
    bool close(uint32_t instruction, Before before, Before after);
    static Before kind_of(unsigned char byte);

    const RegexProgram& m_program;
    Automaton m_anywhere{.restarts = true}, m_here;
    std::vector<uint32_t> m_reached, m_work;
    std::vector<uint32_t> m_seen;
    uint32_t m_round = 0;
};

} // namespace quire::search
