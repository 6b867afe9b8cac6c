// Options of one command, read by cxxopts and described by a table.
//
//   constexpr Flag flags[] = {{"json", nullptr, "print JSON"}};
//   Options options = TRY(Options::parse("list", flags, {0, 0}, arguments));
//   if (options.has("json")) ...
//
// Long options, and a letter for the few that have one; "--" ends them, so that operands may begin with "-". Everything
// that is wrong is ErrorKind::usage and names the argument, an unknown option also the nearest one that exists.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "cli/tool.h"

namespace quire::cli {

/// What a word that came over ssh is held against; see dispatch/check.cc.
enum class Kind {
    none,       ///< of a flag: it takes no value
    repository, ///< RepoName::from_request; handed on as the plain name
    word,       ///< [A-Za-z0-9] and then letters, digits and ._%@:+/- without "..": an id, a branch, a key
    number,     ///< decimal, of at most 12 digits, perhaps behind a "#"
    text,       ///< any printable UTF-8, at most 1000 bytes
    prose,      ///< text for people; words that follow it and are nothing else belong to it
    path,       ///< of a file on the box, with a slash in it, or "-": so that it is no word of a verb; never over ssh
};

/// Where a verb or a flag can be used. Each includes the ones before it.
enum class Reach {
    internal, ///< by quire's own programs; no help shows it
    box,      ///< on the box
    over_ssh, ///< also through quire-exec
};

struct Flag {
    const char* name;     ///< without dashes
    const char* argument; ///< how usage calls its value; nullptr: takes none
    const char* help;
    Kind kind = Kind::none; ///< of its value
    Reach reach = Reach::box;
    char letter = '\0';       ///< "-f" for it
    const char* choices = ""; ///< what its value can be, with blanks between; "": anything
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

/// "  --name TEXT   help" lines of those within reach.
std::string describe_flags(std::span<const Flag> flags, Reach narrowest = Reach::internal);

} // namespace quire::cli
