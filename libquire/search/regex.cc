#include "search/regex.h"

#include <algorithm>

namespace quire::search {

/// How many numbers all states of an automaton may take before it starts anew.
constexpr size_t most_numbers = 1u << 18;

LineMatcher::Before LineMatcher::kind_of(unsigned char byte)
{
    bool is_word = byte == '_' || (byte >= '0' && byte <= '9') || ((byte | 32) >= 'a' && (byte | 32) <= 'z');
    return is_word ? Before::word : Before::other;
}

uint32_t LineMatcher::state_of(Automaton& automaton, States states)
{
    auto [found, is_new] = automaton.numbers.emplace(std::move(states), automaton.states.size());
    if (is_new) {
        automaton.states.push_back(&found->first);
        automaton.steps.resize(automaton.states.size() * (m_program.class_count + 1u), unknown);
        automaton.size += found->first.size() + m_program.class_count + 8u;
    }
    return found->second;
}

/// Forgets all states but this one if there are too many; returns its number from then on.
uint32_t LineMatcher::make_room(Automaton& automaton, uint32_t state)
{
    if (automaton.size <= most_numbers)
        return state;
    States kept = *automaton.states[state];
    automaton = {.restarts = automaton.restarts};
    state_of(automaton, {0});
    return state_of(automaton, std::move(kept));
}

uint32_t LineMatcher::first_state(Automaton& automaton, Before before)
{
    uint32_t& first = automaton.first[static_cast<size_t>(before)];
    if (automaton.states.empty())
        state_of(automaton, {0});
    if (first == unknown)
        first = state_of(automaton, {m_program.start, static_cast<uint32_t>(before)});
    return first;
}

/// Adds what can be reached from an instruction without a byte to m_reached; true if that is a match.
bool LineMatcher::close(uint32_t instruction, Before before, Before after)
{
    using Op = RegexProgram::Op;
    bool matches = false;
    m_work.push_back(instruction);
    while (!m_work.empty()) {
        uint32_t at = m_work.back();
        m_work.pop_back();
        if (std::exchange(m_seen[at], m_round) == m_round)
            continue;
        const auto& here = m_program.code[at];
        bool is_edge = (before == Before::word) != (after == Before::word);
        switch (here.op) {
        case Op::match:
            matches = true;
            break;
        case Op::bytes:
            m_reached.push_back(at);
            break;
        case Op::split:
            m_work.push_back(here.other);
            m_work.push_back(here.next);
            break;
        case Op::line_begin:
        case Op::line_end:
            if ((here.op == Op::line_begin ? before : after) == Before::nothing)
                m_work.push_back(here.next);
            break;
        case Op::word_edge:
        case Op::no_word_edge:
            if (is_edge == (here.op == Op::word_edge))
                m_work.push_back(here.next);
            break;
        }
    }
    return matches;
}

uint32_t LineMatcher::compute(Automaton& automaton, uint32_t state, std::optional<unsigned char> byte)
{
    m_seen.resize(m_program.code.size());
    ++m_round;
    m_reached.clear();
    const States& from = *automaton.states[state];
    auto before = static_cast<Before>(from.back());
    Before after = byte ? kind_of(*byte) : Before::nothing;
    bool matches = false;
    for (size_t i = 0; i + 1 < from.size(); ++i)
        matches = close(from[i], before, after) || matches;
    States to;
    for (uint32_t at : m_reached) {
        const auto& here = m_program.code[at];
        if (byte && (m_program.sets[here.set][*byte / 64] >> *byte % 64 & 1) != 0)
            to.push_back(here.next);
    }
    if (automaton.restarts)
        to.push_back(m_program.start);
    std::sort(to.begin(), to.end());
    to.erase(std::unique(to.begin(), to.end()), to.end());
    if (to.empty())
        return 2 * dead + (matches ? 1 : 0);
    to.push_back(static_cast<uint32_t>(m_program.looks_at_words ? after : Before::other));
    return 2 * state_of(automaton, std::move(to)) + (matches ? 1 : 0);
}

uint32_t LineMatcher::step(Automaton& automaton, uint32_t state, std::optional<unsigned char> byte)
{
    size_t column = byte ? m_program.classes[*byte] : m_program.class_count;
    size_t place = state * (m_program.class_count + size_t{1}) + column;
    if (automaton.steps[place] == unknown) {
        uint32_t found = compute(automaton, state, byte);
        automaton.steps[place] = found;
    }
    return automaton.steps[place];
}

/// Null if there are too many already.
LineMatcher::Rest* LineMatcher::rest_in(Automaton& automaton, uint32_t state)
{
    constexpr size_t most_rests = 64;
    automaton.rest_of.resize(automaton.states.size(), unknown);
    uint32_t& number = automaton.rest_of[state];
    if (number == unknown && automaton.rests.size() == most_rests)
        return nullptr;
    if (number == unknown) {
        number = static_cast<uint32_t>(automaton.rests.size());
        automaton.rests.emplace_back();
    }
    return &automaton.rests[number];
}

bool LineMatcher::matches(std::string_view line)
{
    uint32_t state = first_state(m_anywhere, Before::nothing);
    size_t columns = m_program.class_count + size_t{1};
    for (size_t at = 0; at < line.size(); ++at) {
        auto byte = static_cast<unsigned char>(line[at]);
        uint32_t next = m_anywhere.steps[state * columns + m_program.classes[byte]];
        if (next == 2 * state) {
            if (Rest* rest = rest_in(m_anywhere, state)) {
                (*rest)[byte] = true;
                while (at + 1 < line.size() && (*rest)[static_cast<unsigned char>(line[at + 1])])
                    ++at;
            }
            continue;
        }
        bool is_known = next != unknown;
        if (!is_known)
            next = step(m_anywhere, state, byte);
        if ((next & 1) != 0)
            return true;
        state = is_known ? next / 2 : make_room(m_anywhere, next / 2);
    }
    return (step(m_anywhere, state, std::nullopt) & 1) != 0;
}

std::optional<LineMatcher::Span> LineMatcher::find(std::string_view line, size_t from)
{
    for (size_t begin = from; begin <= line.size(); ++begin) {
        Before before = begin == 0 ? Before::nothing : kind_of(static_cast<unsigned char>(line[begin - 1]));
        uint32_t state = first_state(m_here, before);
        std::optional<size_t> end;
        for (size_t at = begin;; ++at) {
            bool is_at_end = at == line.size();
            uint32_t next =
                step(m_here, state, is_at_end ? std::nullopt : std::optional(static_cast<unsigned char>(line[at])));
            if ((next & 1) != 0)
                end = at;
            if (is_at_end || next / 2 == dead)
                break;
            state = make_room(m_here, next / 2);
        }
        if (end)
            return Span{begin, *end};
    }
    return std::nullopt;
}

} // namespace quire::search
