// The table of everything that may be asked for over ssh. What has no line here does not exist.
//
// A line says how many operands a command takes and of what kind, and which options it knows. check() holds
// words against it without opening or starting anything; only the Request it returns is ever acted upon, and
// its words are in one canonical order, so that what was checked is what `quire` reads:
//
//   quire <verb> [--option [VALUE]]... [-- OPERAND...]
//
// Adding a verb is adding a line to table.cc (and the verb to tools/quire).
#pragma once

#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "store/repo_name.h"

namespace quire::dispatch {

/// What a word is held against.
enum class Kind {
    none,       ///< no operand here; of an option: it takes no value
    repository, ///< RepoName::from_request; handed on as the plain name
    word,       ///< [A-Za-z0-9] and then letters, digits and ._%@:+/- without "..": an id, a branch, a key
    number,     ///< decimal, of at most 12 digits, perhaps behind a "#"
    text,       ///< any printable UTF-8, at most 1000 bytes
};

struct Operand {
    const char* shown = ""; ///< "": the one before it speaks for both
    Kind kind = Kind::none;
    bool optional = false; ///< only behind those that are not
};

struct Option {
    const char* name = ""; ///< with its dashes; "" ends the list
    const char* shown = "";
    Kind kind = Kind::none;
};

struct Command {
    const char* name; ///< of one word or two
    const char* summary;
    std::array<Operand, 9> operands;
    std::array<Option, 5> options;
};

/// Served by git, each with exactly one repository; also spelled "git upload-pack".
std::span<const Command> git_services();
/// The verbs of `quire` that are meant for ssh.
std::span<const Command> quire_verbs();

/// "new NAME [--private] …"
std::string usage_line(const Command& command);
/// All commands with their summaries, a line each.
std::string usage_listing();

struct Request {
    enum class Action { greet, help, serve, operate };
    Action action;
    const Command* command = nullptr;          ///< of serve and operate
    std::optional<store::RepoName> repository; ///< of serve
    std::vector<std::string> words;            ///< of operate: the verb, its options, "--" and its operands
};

/// The words of a command; none at all is the greeting. `root_path` is what a repository may be prefixed with.
/// An error is a refusal: its message names what was refused and why, ErrorKind::usage. `refused` (if given)
/// becomes the line of the table that came closest, whose usage helps.
Result<Request> check(std::span<const std::string> words, std::string_view root_path,
                      const Command** closest = nullptr);

} // namespace quire::dispatch
