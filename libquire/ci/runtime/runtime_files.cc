// read-file, read-json and write-file: access to files of the workspace and nothing else.
//
// A path can't leave the workspace by "..", by being absolute, or through a symlink that a command made.
#include <fcntl.h>

#include "ci/runtime/runtime_table.h"
#include "lua/call.h"
#include "lua/convert.h"
#include "sys/file.h"
#include "sys/file_status.h"
#include "text/json.h"

namespace quire::ci {

constexpr size_t largest_file = 16u << 20;

/// Opens a file of the workspace. The error says so if the path leads out of it.
static Result<UniqueFd> open_workspace_file(int workspace, const std::string& path, int flags)
{
    auto fd = sys::open_beneath(workspace, path, flags | O_NONBLOCK, 0644);
    if (!fd && fd.error().code == EXDEV)
        return fail(ErrorKind::refused, "{} leads outside the workspace", path);
    return fd;
}

static Result<std::string> read_workspace_file(int workspace, const std::string& path)
{
    UniqueFd fd = TRY(open_workspace_file(workspace, path, O_RDONLY));
    if (!S_ISREG(TRY(sys::stat_of(fd.get(), path)).st_mode))
        return fail(ErrorKind::invalid, "{} is not a plain file", path);
    return sys::read_all(fd.get(), largest_file, path);
}

static std::string read_argument(lua_State* lua, const char* what)
{
    Runtime& runtime = Runtime::of(lua);
    runtime.current(lua);
    auto content = read_workspace_file(runtime.host().workspace(), check_text(lua, 1, "the path"));
    if (!content)
        lua::raise(lua, fmt::format("{}: {}", what, content.error().message));
    return *std::move(content);
}

static int read_file(lua_State* lua)
{
    std::string content = read_argument(lua, "read-file");
    lua_pushlstring(lua, content.data(), content.size());
    return 1;
}

static int read_json(lua_State* lua)
{
    std::string content = read_argument(lua, "read-json");
    auto data = text::read_json(content, lua::to_string(lua, 1));
    if (!data)
        lua::raise(lua, fmt::format("read-json: {}", data.error().message));
    lua::push_data(lua, *data);
    return 1;
}

/// Writes a file and makes its directory if that is missing.
static Result<void> write_workspace_file(int workspace, const std::string& path, std::string_view content)
{
    if (size_t slash = path.rfind('/'); slash != std::string::npos)
        TRY(sys::make_directories_beneath(workspace, path.substr(0, slash)));
    UniqueFd fd = TRY(open_workspace_file(workspace, path, O_WRONLY | O_CREAT | O_TRUNC));
    TRY(sys::write_all(fd.get(), content));
    return sys::close_checked(std::move(fd), path);
}

static int write_file(lua_State* lua)
{
    Runtime& runtime = Runtime::of(lua);
    runtime.current(lua);
    std::string path = check_text(lua, 1, "write-file: the path");
    if (lua_type(lua, 2) != LUA_TSTRING && lua_type(lua, 2) != LUA_TNUMBER)
        lua::raise(lua, fmt::format("write-file: the content must be a string, not a {}", luaL_typename(lua, 2)));
    auto written = write_workspace_file(runtime.host().workspace(), path, lua::to_string(lua, 2));
    if (!written)
        lua::raise(lua, fmt::format("write-file: {}", written.error().message));
    return 0;
}

const luaL_Reg file_functions[] = {
    {"read-file", read_file}, {"read-json", read_json}, {"write-file", write_file}, {nullptr, nullptr}};

} // namespace quire::ci
