// What may be asked for over ssh: three services of git, and the verbs of cli/verbs.h that say over_ssh. What is in
// neither does not exist.
//
// check() holds words against them without opening or starting anything; only the Request it returns is ever acted
// upon, and its words are in one canonical order, so that what was checked is what `quire` reads:
//
//   quire <verb> [--option [VALUE]]... [-- OPERAND...]
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "cli/verbs.h"
#include "store/repo_name.h"

namespace quire::dispatch {

/// Served by git, with exactly one repository; also spelled "git upload-pack".
struct Service {
    const char* name;
    const char* summary;
};
std::span<const Service> git_services();

/// What `quire help` prints to a client: all that is served, a line each.
std::string help_over_ssh();

struct Request {
    enum class Action { greet, help, serve, operate };
    Action action;
    std::string help;                          ///< of help: the text
    const Service* service = nullptr;          ///< of serve
    std::optional<store::RepoName> repository; ///< of serve
    const cli::Verb* verb = nullptr;           ///< of operate
    std::vector<std::string> words;            ///< of operate: the verb, its options, "--" and its operands
};

/// The words of a command; none at all is the greeting. `root_path` is what a repository may be prefixed with.
/// An error is a refusal: its message names what was refused and why, ErrorKind::usage. `usage` (if given) becomes
/// the usage of the verb or service that was meant, where there is one.
Result<Request> check(std::span<const std::string> words, std::string_view root_path, std::string* usage = nullptr);

} // namespace quire::dispatch
