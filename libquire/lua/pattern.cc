#include "lua/pattern.h"

#include <cctype>

#include "lua/state.h"

namespace quire::lua {

constexpr unsigned ticks_between_checks = 1u << 16;

void Pattern::tick() const
{
    if (++m_ticks % ticks_between_checks == 0)
        check_time(m_lua);
}

unsigned char Pattern::subject_at(size_t at) const
{
    return at < m_subject.size() ? static_cast<unsigned char>(m_subject[at]) : 0;
}

bool Pattern::in_class(unsigned char byte, unsigned char name)
{
    bool is = false;
    switch (std::tolower(name)) {
    case 'a':
        is = std::isalpha(byte);
        break;
    case 'c':
        is = std::iscntrl(byte);
        break;
    case 'd':
        is = std::isdigit(byte);
        break;
    case 'g':
        is = std::isgraph(byte);
        break;
    case 'l':
        is = std::islower(byte);
        break;
    case 'p':
        is = std::ispunct(byte);
        break;
    case 's':
        is = std::isspace(byte);
        break;
    case 'u':
        is = std::isupper(byte);
        break;
    case 'w':
        is = std::isalnum(byte);
        break;
    case 'x':
        is = std::isxdigit(byte);
        break;
    case 'z': // of old Lua, which still knows it
        is = byte == 0;
        break;
    default:
        return byte == name; // %. stands for the dot itself
    }
    return std::isupper(name) ? !is : is;
}

/// The end of the single item (a byte, a class or a set) that starts at `item`.
size_t Pattern::item_end(size_t item) const
{
    size_t size = m_pattern.size();
    char first = m_pattern[item++];
    if (first == '%') {
        if (item == size)
            luaL_error(m_lua, "malformed pattern (ends with '%%')");
        return item + 1;
    }
    if (first != '[')
        return item;
    if (item < size && m_pattern[item] == '^')
        ++item;
    // A "]" that comes first is an ordinary member of the set.
    for (bool is_first = true;; is_first = false) {
        if (item >= size)
            luaL_error(m_lua, "malformed pattern (missing ']')");
        char member = m_pattern[item++];
        if (member == ']' && !is_first)
            return item;
        if (member == '%')
            ++item;
    }
}

/// `set` is the position of the "[", `end` that of the closing "]".
bool Pattern::in_set(unsigned char byte, size_t set, size_t end) const
{
    size_t at = set + 1;
    bool wanted = true;
    if (m_pattern[at] == '^') {
        wanted = false;
        ++at;
    }
    while (at < end) {
        auto member = static_cast<unsigned char>(m_pattern[at]);
        if (member == '%') {
            if (in_class(byte, static_cast<unsigned char>(m_pattern[at + 1])))
                return wanted;
            at += 2;
        } else if (at + 2 < end && m_pattern[at + 1] == '-') {
            if (member <= byte && byte <= static_cast<unsigned char>(m_pattern[at + 2]))
                return wanted;
            at += 3;
        } else {
            if (member == byte)
                return wanted;
            ++at;
        }
    }
    return !wanted;
}

/// Whether the item [item, next) matches the byte at `at`. Never true at the end of the subject.
bool Pattern::single(size_t at, size_t item, size_t next) const
{
    tick();
    if (at >= m_subject.size())
        return false;
    unsigned char byte = subject_at(at);
    switch (m_pattern[item]) {
    case '.':
        return true;
    case '%':
        return in_class(byte, static_cast<unsigned char>(m_pattern[item + 1]));
    case '[':
        return in_set(byte, item, next - 1);
    default:
        return static_cast<unsigned char>(m_pattern[item]) == byte;
    }
}

std::optional<size_t> Pattern::match_balanced(size_t at, size_t item) const
{
    if (item + 3 >= m_pattern.size())
        luaL_error(m_lua, "malformed pattern (missing arguments to '%%b')");
    char opening = m_pattern[item + 2], closing = m_pattern[item + 3];
    if (at >= m_subject.size() || m_subject[at] != opening)
        return std::nullopt;
    size_t level = 1;
    for (size_t i = at + 1; i < m_subject.size(); ++i) {
        tick();
        if (m_subject[i] == closing) {
            if (--level == 0)
                return i + 1;
        } else if (m_subject[i] == opening) {
            ++level;
        }
    }
    return std::nullopt;
}

std::optional<size_t> Pattern::match_back_reference(size_t at, size_t item) const
{
    size_t index = static_cast<size_t>(m_pattern[item + 1] - '1');
    if (m_pattern[item + 1] == '0' || index >= m_captures || m_capture[index].length == open_capture)
        luaL_error(m_lua, "invalid capture index %%%d", static_cast<int>(index) + 1);
    const Capture& capture = m_capture[index];
    if (capture.length == position_capture) // the library compares with a length that never fits
        return std::nullopt;
    std::string_view text = m_subject.substr(capture.start, static_cast<size_t>(capture.length));
    m_ticks += static_cast<unsigned>(text.size() / 8);
    tick();
    if (m_subject.substr(at).starts_with(text))
        return at + text.size();
    return std::nullopt;
}

std::optional<size_t> Pattern::match_capture_start(size_t at, size_t item, ptrdiff_t kind)
{
    if (m_captures >= max_captures)
        luaL_error(m_lua, "too many captures");
    m_capture[m_captures++] = {at, kind};
    auto end = match(at, item);
    if (!end)
        --m_captures;
    return end;
}

std::optional<size_t> Pattern::match_capture_end(size_t at, size_t item)
{
    size_t index = m_captures;
    while (index > 0 && m_capture[index - 1].length != open_capture)
        --index;
    if (index == 0)
        luaL_error(m_lua, "invalid pattern capture");
    Capture& capture = m_capture[index - 1];
    capture.length = static_cast<ptrdiff_t>(at - capture.start);
    auto end = match(at, item);
    if (!end)
        capture.length = open_capture;
    return end;
}

/// "*" and "+": tries as many as possible first, then fewer.
std::optional<size_t> Pattern::match_greedy(size_t at, size_t item, size_t next)
{
    size_t count = 0;
    while (single(at + count, item, next))
        ++count;
    for (;; --count) {
        tick();
        if (auto end = match(at + count, next + 1))
            return end;
        if (count == 0)
            return std::nullopt;
    }
}

/// "-": tries as few as possible first.
std::optional<size_t> Pattern::match_lazy(size_t at, size_t item, size_t next)
{
    for (;; ++at) {
        if (auto end = match(at, next + 1))
            return end;
        if (!single(at, item, next))
            return std::nullopt;
    }
}

/// %f[set]: between a byte outside the set and one inside it. Both ends of the subject count as a zero byte.
bool Pattern::frontier(size_t at, size_t set) const
{
    size_t end = item_end(set) - 1;
    unsigned char before = at == 0 ? 0 : subject_at(at - 1);
    return !in_set(before, set, end) && in_set(subject_at(at), set, end);
}

std::optional<size_t> Pattern::match(size_t at, size_t item)
{
    if (m_depth >= max_depth)
        luaL_error(m_lua, "pattern too complex");
    struct Depth {
        explicit Depth(int& depth) : value(depth) { ++value; }
        ~Depth() { --value; }
        int& value;
    } depth(m_depth);

    while (item < m_pattern.size()) {
        tick();
        char first = m_pattern[item];
        char second = item + 1 < m_pattern.size() ? m_pattern[item + 1] : '\0';
        if (first == '(')
            return second == ')' ? match_capture_start(at, item + 2, position_capture)
                                 : match_capture_start(at, item + 1, open_capture);
        if (first == ')')
            return match_capture_end(at, item + 1);
        if (first == '$' && item + 1 == m_pattern.size())
            return at == m_subject.size() ? std::optional(at) : std::nullopt;
        if (first == '%' && second == 'b') {
            auto end = match_balanced(at, item);
            if (!end)
                return std::nullopt;
            at = *end;
            item += 4;
            continue;
        }
        if (first == '%' && second == 'f') {
            if (item + 2 >= m_pattern.size() || m_pattern[item + 2] != '[')
                luaL_error(m_lua, "missing '[' after '%%f' in pattern");
            if (!frontier(at, item + 2))
                return std::nullopt;
            item = item_end(item + 2);
            continue;
        }
        if (first == '%' && second >= '0' && second <= '9') {
            auto end = match_back_reference(at, item);
            if (!end)
                return std::nullopt;
            at = *end;
            item += 2;
            continue;
        }
        size_t next = item_end(item);
        switch (next < m_pattern.size() ? m_pattern[next] : '\0') {
        case '*':
            return match_greedy(at, item, next);
        case '+':
            return single(at, item, next) ? match_greedy(at + 1, item, next) : std::nullopt;
        case '-':
            return match_lazy(at, item, next);
        case '?':
            if (single(at, item, next))
                if (auto end = match(at + 1, next + 1))
                    return end;
            item = next + 1;
            break;
        default:
            if (!single(at, item, next))
                return std::nullopt;
            ++at;
            item = next;
        }
    }
    return at;
}

std::optional<size_t> Pattern::match_at(size_t start)
{
    m_captures = 0;
    m_depth = 0;
    return match(start, 0);
}

void Pattern::push_capture(size_t index, size_t start, size_t end) const
{
    if (index >= m_captures) {
        if (index != 0)
            luaL_error(m_lua, "invalid capture index %%%d", static_cast<int>(index) + 1);
        lua_pushlstring(m_lua, m_subject.data() + start, end - start);
        return;
    }
    const Capture& capture = m_capture[index];
    if (capture.length == open_capture)
        luaL_error(m_lua, "unfinished capture");
    if (capture.length == position_capture)
        lua_pushinteger(m_lua, static_cast<lua_Integer>(capture.start) + 1);
    else
        lua_pushlstring(m_lua, m_subject.data() + capture.start, static_cast<size_t>(capture.length));
}

int Pattern::push_captures(size_t start, size_t end, bool whole) const
{
    size_t count = m_captures == 0 && whole ? 1 : m_captures;
    luaL_checkstack(m_lua, static_cast<int>(count), "too many captures");
    for (size_t i = 0; i < count; ++i)
        push_capture(i, start, end);
    return static_cast<int>(count);
}

} // namespace quire::lua
