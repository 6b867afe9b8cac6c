// quire-embed runs during the build. It turns the installed Fennel compiler and the modules under fennel/ into
// bytecode, with the Lua library that will load it, and writes that as C++.
//
//   quire-embed OUTPUT.cc FENNEL.lua NAME=FILE.fnl …
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <optional>
#include <sstream>
#include <string>

#include "base/sha256.h"
#include "lua/api.h"

namespace {

[[noreturn]] void die(const std::string& message)
{
    std::fprintf(stderr, "quire-embed: %s\n", message.c_str());
    std::exit(111);
}

std::string read(const std::string& path)
{
    std::ifstream in(path, std::ios::binary);
    if (!in)
        die("cannot read " + path);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

int append(lua_State*, const void* bytes, size_t size, void* out)
{
    static_cast<std::string*>(out)->append(static_cast<const char*>(bytes), size);
    return 0;
}

enum class Names { strip, keep };

std::string to_bytecode(lua_State* lua, const std::string& source, const std::string& name, Names names)
{
    if (luaL_loadbufferx(lua, source.data(), source.size(), ("=" + name).c_str(), "t") != LUA_OK)
        die(lua_tostring(lua, -1));
    std::string bytes;
    lua_dump(lua, append, &bytes, names == Names::strip);
    lua_pop(lua, 1);
    return bytes;
}

std::string compile_fennel(lua_State* lua, const std::string& path)
{
    std::string source = read(path);
    lua_getfield(lua, -1, "compileString");
    lua_pushlstring(lua, source.data(), source.size());
    lua_newtable(lua);
    lua_pushstring(lua, path.c_str());
    lua_setfield(lua, -2, "filename");
    lua_pushboolean(lua, 1);
    lua_setfield(lua, -2, "correlate");
    if (lua_pcall(lua, 2, 1, 0) != LUA_OK)
        die(lua_tostring(lua, -1));
    std::string text = lua_tostring(lua, -1);
    lua_pop(lua, 1);
    return text;
}

/// Writes an array of numbers, because string literals have length limits.
void write_array(std::ostream& out, size_t index, const std::string& bytes)
{
    out << "const unsigned char data_" << index << "[] = {";
    for (size_t i = 0; i < bytes.size(); ++i)
        out << (i % 32 == 0 ? "\n" : "") << static_cast<unsigned>(static_cast<unsigned char>(bytes[i])) << ',';
    out << "\n};\n\n";
}

} // namespace

int main(int argc, char** argv)
{
    if (argc < 3)
        die("needs an output file and the path of fennel.lua");
    lua_State* lua = luaL_newstate();
    luaL_openlibs(lua);
    std::ofstream out(argv[1], std::ios::binary | std::ios::trunc);
    std::ostringstream table;
    auto add = [&](size_t index, const std::string& name, const std::string& bytes) {
        write_array(out, index, bytes);
        table << "    {\"" << name << "\", view(data_" << index << ", sizeof data_" << index << "), \""
              << quire::sha256_hex(bytes) << "\"},\n";
    };
    out << "// Made by quire-embed while building.\n#include \"lua/embedded.h\"\n\nnamespace quire::lua {\nnamespace "
           "{\n\n";

    std::string fennel = read(argv[2]);
    add(0, "fennel", to_bytecode(lua, fennel, "fennel", Names::strip));
    if (luaL_loadbufferx(lua, fennel.data(), fennel.size(), "=fennel", "t") != LUA_OK ||
        lua_pcall(lua, 0, 1, 0) != LUA_OK)
        die(lua_tostring(lua, -1));
    lua_getfield(lua, -1, "version");
    std::string version = lua_tostring(lua, -1);
    lua_pop(lua, 1);
    for (int i = 3; i < argc; ++i) {
        std::string argument = argv[i];
        size_t equals = argument.find('=');
        std::string name = argument.substr(0, equals);
        std::string text = compile_fennel(lua, argument.substr(equals + 1));
        add(static_cast<size_t>(i), name, to_bytecode(lua, text, name, Names::keep));
    }

    out << "std::string_view view(const unsigned char* bytes, size_t size)\n{\n"
        << "    return {reinterpret_cast<const char*>(bytes), size};\n}\n\n"
        << "const EmbeddedModule modules[] = {\n"
        << table.str() << "};\n\n} // namespace\n\n"
        << "std::optional<EmbeddedModule> embedded_module(std::string_view name)\n{\n"
        << "    for (const EmbeddedModule& module : modules)\n        if (module.name == name)\n"
        << "            return module;\n    return std::nullopt;\n}\n\n"
        << "std::string_view embedded_fennel_version() { return \"fennel " << version << ", " << LUA_RELEASE
        << "\"; }\n\n"
        << "} // namespace quire::lua\n";
    out.close();
    if (!out)
        die(std::string("cannot write ") + argv[1]);
    lua_close(lua);
    return 0;
}
