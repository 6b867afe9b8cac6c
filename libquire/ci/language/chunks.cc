#include "ci/language/chunks.h"

#include <algorithm>

#include "base/strings.h"
#include "lua/call.h"

namespace quire::ci {

const lua::Chunk& Chunks::add(lua::Chunk chunk)
{
    m_chunks.push_back(std::move(chunk));
    return m_chunks.back();
}

const lua::Chunk* Chunks::find(std::string_view file) const
{
    for (const lua::Chunk& chunk : m_chunks)
        if (chunk.file == file)
            return &chunk;
    return nullptr;
}

void Chunks::push(lua_State* lua, const lua::Chunk& chunk) const
{
    size_t number = 0;
    while (&m_chunks[number] != &chunk)
        ++number;
    std::string name = fmt::format("={}{}", lua::sentinel, number);
    if (luaL_loadbufferx(lua, chunk.lua.data(), chunk.lua.size(), name.c_str(), "t") != LUA_OK)
        lua_error(lua);
}

SourcePlace Chunks::place_at(size_t number, uint32_t lua_line) const
{
    const lua::Chunk& chunk = m_chunks[number];
    // A line that the compiler made up belongs to the last real line before it.
    for (size_t line = std::min<size_t>(lua_line, chunk.lines.size()); line > 0; --line)
        if (chunk.lines[line - 1] != 0)
            return {chunk.file, {chunk.lines[line - 1], 0}};
    return {chunk.file, {lua_line > 0 ? 1u : 0u, 0}};
}

static bool take_number(std::string_view& text, uint64_t& number)
{
    size_t digits = 0;
    number = 0;
    while (digits < text.size() && digits < 9 && text[digits] >= '0' && text[digits] <= '9')
        number = number * 10 + static_cast<uint64_t>(text[digits++] - '0');
    text.remove_prefix(digits);
    return digits > 0;
}

/// Parses "\x01<chunk>", perhaps with ":<line>", at the front of the text.
bool Chunks::parse_sentinel(std::string_view text, size_t& length, SourcePlace& place) const
{
    std::string_view rest = text.substr(1);
    uint64_t number = 0, line = 0;
    if (!take_number(rest, number) || number >= m_chunks.size())
        return false;
    length = text.size() - rest.size();
    place = {m_chunks[number].file, {}};
    if (strip_prefix(rest, ":") && take_number(rest, line)) {
        length = text.size() - rest.size();
        place = place_at(number, static_cast<uint32_t>(line));
    }
    return true;
}

std::string Chunks::rewrite(std::string_view text) const
{
    std::string result;
    while (!text.empty()) {
        size_t at = std::min(text.find(lua::sentinel), text.size());
        result += text.substr(0, at);
        text.remove_prefix(at);
        size_t length = 0;
        SourcePlace place;
        if (text.empty() || !parse_sentinel(text, length, place)) {
            result += text.substr(0, 1);
            text.remove_prefix(text.empty() ? 0 : 1);
            continue;
        }
        text.remove_prefix(length);
        complete(place, text.substr(0, text.find('\n')));
        result += to_string(place);
    }
    return result;
}

SourcePlace Chunks::take_place(std::string_view& text) const
{
    size_t length = 0;
    SourcePlace place;
    if (text.empty() || text[0] != lua::sentinel || !parse_sentinel(text, length, place))
        return {};
    text.remove_prefix(length);
    strip_prefix(text, ":");
    text = trim(text);
    complete(place, text);
    return place;
}

SourcePlace Chunks::current_place(lua_State* lua) const
{
    std::string text = lua::calling_place(lua);
    size_t length = 0;
    SourcePlace place;
    if (text.empty() || !parse_sentinel(text, length, place))
        return {};
    return place;
}

SourcePlace Chunks::function_place(lua_State* lua) const
{
    lua_Debug function;
    lua_getinfo(lua, ">S", &function);
    if (function.short_src[0] != lua::sentinel || function.linedefined <= 0)
        return {};
    std::string text = fmt::format("{}:{}", function.short_src, function.linedefined);
    size_t length = 0;
    SourcePlace place;
    if (!parse_sentinel(text, length, place))
        return {};
    complete(place);
    return place;
}

/// Finds the word where it is not part of a longer one.
static size_t find_word(std::string_view line, std::string_view word)
{
    constexpr std::string_view between = " \t()[]{}\"'`,.:;";
    for (size_t at = line.find(word); !word.empty() && at != line.npos; at = line.find(word, at + 1)) {
        size_t end = at + word.size();
        bool begins = at == 0 || between.find(line[at - 1]) != between.npos;
        bool ends = end == line.size() || between.find(line[end]) != between.npos;
        if (begins && ends)
            return at;
    }
    return line.npos;
}

void Chunks::complete(SourcePlace& place, std::string_view message) const
{
    if (place.position.line == 0 || place.position.column != 0)
        return;
    std::string_view line = m_tree.line(place.file, place.position.line);
    size_t column = line.find_first_not_of(" \t");
    if (size_t open = message.find('\''); open != message.npos) {
        std::string_view quoted = message.substr(open + 1);
        quoted = quoted.substr(0, quoted.find('\''));
        if (size_t at = find_word(line, quoted); at != line.npos)
            column = at;
    }
    size_t before = column == line.npos ? 0 : count_characters(line.substr(0, column));
    place.position.column = static_cast<uint32_t>(before) + 1;
}

const std::vector<Form>& Chunks::outline(const std::string& file)
{
    auto found = m_outlines.find(file);
    if (found == m_outlines.end()) {
        auto source = m_tree.files.find(file);
        found =
            m_outlines.emplace(file, source == m_tree.files.end() ? std::vector<Form>() : read_outline(source->second))
                .first;
    }
    return found->second;
}

} // namespace quire::ci
