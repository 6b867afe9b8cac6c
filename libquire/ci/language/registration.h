// Registration: what the top level of a ci.fnl says, turned into a Pipeline.
//
// A registration that is wrong is recorded and the file goes on: the author sees everything at once. Nothing here
// raises but for misuse inside a job.
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
    bool too_many = false; ///< jobs: what the inputs say is not worth looking at

    // Each takes a call's arguments from the stack, from 1 on.
    void job(lua_State* lua);
    void image(lua_State* lua);
    void flag(lua_State* lua, const char* what, bool& value, bool& seen);
    void sandbox(lua_State* lua) { flag(lua, "sandbox", pipeline.sandbox, m_sandbox_seen); }
    void network(lua_State* lua) { flag(lua, "network", pipeline.network, m_network_seen); }

    /// All but the run-fns' references is final; `message` has no place of its own.
    void report(SourcePlace place, std::string message);

private:
    struct Call {
        SourcePlace place;
        const Form* form = nullptr; ///< the call as it is written, if it can be found
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
    bool m_sandbox_seen = false, m_network_seen = false;
};

/// One input as Data, a name or what a constructor made: as an Input, or why not (the message goes on after the job's
/// name).
Result<Input> parse_input(const text::Data& data);

/// The way back from a constructor's mark to a kind: see fennel/quire/ci.fnl.
constexpr const char* input_mark = "quire/input";

} // namespace quire::ci
