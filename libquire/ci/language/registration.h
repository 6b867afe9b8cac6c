// Registration turns what the top level of a ci.fnl says into a Pipeline.
//
// A wrong registration is recorded and the file goes on, so the author sees all errors at once. Only misuse inside a
// job raises an error.
#pragma once

#include "lua/api.h"

#include "ci/language/chunks.h"
#include "ci/language/pipeline.h"

namespace quire::ci {

class Registration {
public:
    explicit Registration(Chunks& chunks) : m_chunks(chunks) {}

    Pipeline pipeline;
    std::vector<Diagnostic> diagnostics;
    bool too_many = false; ///< there are too many jobs, so their inputs are not checked

    // Each of these takes a call's arguments from the stack, starting at 1.
    void job(lua_State* lua);
    void image(lua_State* lua);
    void flag(lua_State* lua, const char* what, bool& value, bool& seen);
    void sandbox(lua_State* lua) { flag(lua, "sandbox", pipeline.sandbox, m_sandbox_seen); }
    void read_only(lua_State* lua) { flag(lua, "read-only", pipeline.read_only, m_read_only_seen); }
    void network(lua_State* lua) { flag(lua, "network", pipeline.network, m_network_seen); }

    /// Records an error. `message` must not begin with a place.
    void report(SourcePlace place, std::string message);

private:
    struct Call {
        SourcePlace place;
        const Form* form = nullptr; ///< the call's source, if it can be found
    };

    Call locate(lua_State* lua, const std::vector<std::string_view>& words, std::string_view id);
    SourcePlace place_of(const Call& call, const Form* form) const;
    bool take_id(lua_State* lua, Call& call, std::string& id);
    void take_positional(lua_State* lua, const Call& call, Job& job);
    void take_map(lua_State* lua, const Call& call, Job& job);
    void take_option(lua_State* lua, const Call& call, Job& job, const std::string& key, const SourcePlace& place);
    void take_inputs(lua_State* lua, int index, const Form* form, const Call& call, Job& job);
    void take_run(lua_State* lua, int index, const SourcePlace& place, Job& job);
    void take_input(lua_State* lua, SourcePlace place, Job& job);
    void empty_inputs(const SourcePlace& place, const Job& job);
    static Result<Input> read_input(lua_State* lua);

    Chunks& m_chunks;
    bool m_sandbox_seen = false, m_network_seen = false, m_read_only_seen = false;
};

/// Turns an input (a name, or what a constructor made) into an Input. Its error message continues after the job's
/// name.
Result<Input> parse_input(const text::Data& data);

/// The key that marks tables made by an input's constructor; see fennel/quire/ci.fnl.
constexpr const char* input_mark = "quire/input";

} // namespace quire::ci
