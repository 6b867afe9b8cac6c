// What may be asked for over ssh: three git services, and the verbs of cli/verbs.h that are marked over_ssh. Nothing
// else exists there.
//
// check() checks words against these lists without opening or starting anything. Only the Request that it returns is
// acted upon. Its words are in one canonical order, so that `quire` reads exactly what was checked:
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

/// A service of git for exactly one repository; it may also be spelled "git upload-pack".
struct Service {
    const char* name;
    const char* summary;
};
std::span<const Service> git_services();

/// What `quire help` prints to a client: everything that is served, one a line.
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

/// Checks the words of a command; no words ask for the greeting. `root_path` may stand in front of repository names. An
/// error is a refusal and says what was refused and why. For ErrorKind::usage, `usage` (if given) becomes the usage of
/// the verb or service that was meant, if there is one.
Result<Request> check(std::span<const std::string> words, std::string_view root_path, std::string* usage = nullptr);

} // namespace quire::dispatch
