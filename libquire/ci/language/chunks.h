// Chunks: the compiled files of a pipeline, and the way back from a place in their Lua to one in the Fennel.
//
// Each chunk is loaded under a name that is a sentinel byte and its number; what Lua says about "\x01" "2:17:" is
// rewritten here to ".quire/lib/x.fnl:12:3:". A column is the first word's that the message quotes, if its line has it,
// else that of the line's first non-blank.
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

    /// Pushes the chunk as a function. REQUIRES: a protected context; raises if its Lua does not load.
    void push(lua_State* lua, const lua::Chunk& chunk) const;

    /// Every sentinel in the text replaced by the place it stands for.
    std::string rewrite(std::string_view text) const;
    /// The place at the front of a rewritten or raw text, which is removed from it. Line 0: there is none.
    SourcePlace take_place(std::string_view& text) const;
    /// Where the pipeline's own code is running right now; line 0 when nothing of it is on the stack.
    SourcePlace current_place(lua_State* lua) const;
    /// Where the Lua function on top of the stack begins; it is popped.
    SourcePlace function_place(lua_State* lua) const;

    /// Fills in the column of the first non-blank.
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
