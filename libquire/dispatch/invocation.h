// Invocation: what quire-exec was started with, split into its own two options and the words of the command.
//
// One rule, which leaves nothing to a word that a stranger chose (`quire-exec [OPTIONS] "$SSH_ORIGINAL_COMMAND"`):
//   - Options (--root DIR, --pusher NAME) come first, each is two words, and never is one of them the last word.
//   - What is left is the command. No word: SSH_ORIGINAL_COMMAND, where sshd set it. One word: the line that the
//     client sent, parsed as shell words. Several: words already (a person at a terminal), never split again.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"

namespace quire::dispatch {

struct Invocation {
    std::optional<std::string> root;
    std::optional<std::string> pusher;
    std::vector<std::string> words; ///< none: the greeting
    std::string line;               ///< the command as it came, for the record of a refusal
};

/// Errors are ErrorKind::usage. `original_command` is SSH_ORIGINAL_COMMAND. What was read before the error is
/// in `invocation`.
Result<void> read_invocation(Invocation& invocation, const std::vector<std::string>& arguments,
                             const std::optional<std::string>& original_command);

} // namespace quire::dispatch
