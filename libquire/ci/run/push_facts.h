// PushFacts: what a pipeline is told about its commit and ref, both on a forge and in a checkout.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "text/data.h"

namespace quire::ci {

struct RefEvent {
    std::string sha;
    std::string ref;
    std::string previous_sha; ///< where the ref was before; empty if it is new
    std::string pusher;
    std::string git_dir;
    Instant at = 0;
    bool forced = false;
};

/// A commit's message and the files it changes.
struct Changes {
    std::string message; ///< without newlines at its end
    std::vector<std::string> files;
    bool truncated = false; ///< there are more files
};

/// The git command that lists a commit's changes. It reads one line, changes_input, and parse_changes reads its output.
std::vector<std::string> changes_argv();
/// Compares with the branch's previous commit, otherwise with the commit's first parent (a root commit has none).
std::string changes_input(const RefEvent& event);
Changes parse_changes(std::string_view output);

/// The facts of any event: :sha :ref :branch or :tag, :git-dir :commit-message :at :pusher.
text::Data ref_facts(const RefEvent& event, const Changes& changes);
/// The facts of a push: ref_facts, and :previous-sha :forced :files-changed :files-truncated.
text::Data push_facts(const RefEvent& event, const Changes& changes);

/// The push facts of a checkout's HEAD, as far as git knows them, for a run without a server.
text::Data placeholder_push(const std::string& checkout);

} // namespace quire::ci
