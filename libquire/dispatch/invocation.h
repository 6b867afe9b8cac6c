// Invocation: the command line of quire-exec, split into its own options and the words of the command.
//
// One rule, so that no word from a stranger is an option (`quire-exec [OPTIONS] "$SSH_ORIGINAL_COMMAND"`):
//   - Options (--root DIR, --pusher NAME and so on) come first. Each takes two words, and the last word is never part
//     of one.
//   - The rest is the command. No word: use SSH_ORIGINAL_COMMAND, if sshd set it. One word: the line that the client
//     sent, parsed as shell words. Several: words from a person at a terminal, which are not split again.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "store/key_rights.h"

namespace quire::dispatch {

struct Invocation {
    std::optional<std::string> root;
    std::optional<std::string> keys;      ///< the authorized_keys to look a key up in
    std::optional<std::string> auth_info; ///< what sshd's ExposeAuthInfo says, where its file can't be reached
    store::KeyRights rights;              ///< --pusher, --may, --only
    std::vector<std::string> words;       ///< none: show the greeting
    std::string line;                     ///< the command as it came, for the log of a refusal
};

/// Errors are ErrorKind::usage. `original_command` is SSH_ORIGINAL_COMMAND. `invocation` keeps what was read before the
/// error.
Result<void> read_invocation(Invocation& invocation, const std::vector<std::string>& arguments,
                             const std::optional<std::string>& original_command);

} // namespace quire::dispatch
