// Options of one command, read by cxxopts and described by a table.
//
//   constexpr Flag flags[] = {{"json", nullptr, "print JSON"}};
//   Options options = TRY(Options::parse("list", flags, {0, 0}, arguments));
//   if (options.has("json")) ...
//
// Long options only; "--" ends them, so that operands may begin with "-". Everything that is wrong is
// ErrorKind::usage and names the argument, an unknown option also the nearest one that exists.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "cli/tool.h"

namespace quire::cli {

struct Flag {
    const char* name;     ///< without dashes
    const char* argument; ///< how usage calls its value; nullptr: takes none
    const char* help;
};

struct Arity {
    size_t least = 0;
    size_t most = 0;
};

class Options {
public:
    static Result<Options> parse(std::string_view command, std::span<const Flag> flags, Arity operands,
                                 const Arguments& arguments);

    bool has(const std::string& name) const { return m_values.contains(name); }
    std::optional<std::string> value(const std::string& name) const;
    const Arguments& operands() const { return m_operands; }

private:
    std::map<std::string, std::string> m_values;
    Arguments m_operands;
};

/// "  --name TEXT   help" lines.
std::string describe_flags(std::span<const Flag> flags);

} // namespace quire::cli
