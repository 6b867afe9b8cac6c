// Options: the options of one command. A table describes them, cxxopts reads them.
//
//   constexpr Flag flags[] = {{"json", nullptr, "print JSON"}};
//   Options options = TRY(Options::parse("list", flags, {0, 0}, arguments));
//   if (options.has("json")) ...
//
// Options are long; a few also have a letter. "--" ends them, so that operands may begin with "-". Every error is
// ErrorKind::usage and names the argument; for an unknown option it also names the nearest one that exists.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "cli/tool.h"

namespace quire::cli {

/// What a word that came over ssh must look like; dispatch/check.cc checks it.
enum class Kind {
    none,       ///< a flag without a value
    repository, ///< what RepoName::from_request takes; the verb gets the plain name
    word,       ///< [A-Za-z0-9] and then letters, digits and ._%@:+/- without "..": an id, a branch, a key
    number,     ///< decimal, of at most 12 digits, perhaps behind a "#"
    text,       ///< any printable UTF-8, at most 1000 bytes
    prose,      ///< text for people; the words behind it belong to it unless they are something else
    path,       ///< a file on the box: has a slash, or is "-", so it can't be a word of a verb; never over ssh
};

/// Where a verb or a flag can be used. Each place includes those before it.
enum class Reach {
    internal, ///< by quire's own programs; no help shows it
    box,      ///< on the box
    over_ssh, ///< also through quire-exec
};

/// What a verb does to the data root. A flag or an operand that is given may decide it.
enum class Effect {
    of_verb, ///< it does not matter whether it is given
    reads,   ///< nothing but what is this machine's own, such as caches and git's settings
    writes,  ///< repositories, runs, settings, keys, or what is to be done with them
};

struct Flag {
    const char* name;     ///< without dashes
    const char* argument; ///< what the usage calls its value; nullptr: it takes none
    const char* help;
    Kind kind = Kind::none; ///< the kind of its value
    Reach reach = Reach::box;
    char letter = '\0';       ///< "-f" for it
    const char* choices = ""; ///< the values it can have, separated by blanks; "": any
    Effect effect = Effect::of_verb;
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

/// A line "  --name TEXT   help" for each flag within reach.
std::string describe_flags(std::span<const Flag> flags, Reach narrowest = Reach::internal);

} // namespace quire::cli
