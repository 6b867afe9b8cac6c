// Chunks: the compiled files of a pipeline. They translate places in the Lua code back to places in the Fennel files.
//
// Each chunk is loaded under a name made of a sentinel byte and its number. rewrite() turns Lua's "\x01" "2:17:" into
// ".quire/lib/x.fnl:12:3:". The column is that of the first word quoted in the message, if the line has that word,
// otherwise that of the line's first non-blank character.
#pragma once

#include <deque>
#include <string>

#include "lua/api.h"

#include "ci/language/outline.h"
#include "ci/language/pipeline.h"
#include "ci/language/source_tree.h"
#include "lua/fennel.h"

namespace quire::ci {

class Chunks {
public:
    explicit Chunks(const SourceTree& tree) : m_tree(tree) {}

    const lua::Chunk& add(lua::Chunk chunk);
    const lua::Chunk* find(std::string_view file) const;
    const std::deque<lua::Chunk>& all() const { return m_chunks; }

    /// Pushes the chunk as a function. REQUIRES: a protected context, because it raises if the Lua code does not load.
    void push(lua_State* lua, const lua::Chunk& chunk) const;

    /// Replaces every sentinel in the text by the place it stands for.
    std::string rewrite(std::string_view text) const;
    /// Takes the place off the front of a text, rewritten or not. Line 0: there is none.
    SourcePlace take_place(std::string_view& text) const;
    /// The pipeline's code that is running now; line 0 if there is none on the stack.
    SourcePlace current_place(lua_State* lua) const;
    /// Where the Lua function on top of the stack begins. Pops the function.
    SourcePlace function_place(lua_State* lua) const;

    /// Fills in the column.
    void complete(SourcePlace& place, std::string_view message = {}) const;
    const std::vector<Form>& outline(const std::string& file);

private:
    SourcePlace place_at(size_t chunk, uint32_t lua_line) const;
    bool parse_sentinel(std::string_view text, size_t& length, SourcePlace& place) const;

    const SourceTree& m_tree;
    std::deque<lua::Chunk> m_chunks;
    std::map<std::string, std::vector<Form>> m_outlines;
};

} // namespace quire::ci
