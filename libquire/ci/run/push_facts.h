// PushFacts: what a pipeline is told about the commit and the ref that it runs for, on a forge and in a checkout alike.
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
    std::string previous_sha; ///< of the ref before; empty: it is new
    std::string pusher;
    std::string git_dir;
    Instant at = 0;
    bool forced = false;
};

/// What a commit says and changes.
struct Changes {
    std::string message; ///< without the newlines at its end
    std::vector<std::string> files;
    bool truncated = false; ///< there are more files
};

/// The git that tells a commit's changes; it reads one line, changes_input, and prints what parse_changes reads.
std::vector<std::string> changes_argv();
/// Against what a branch was before; else against the commit's first parent, of which a root commit has none.
std::string changes_input(const RefEvent& event);
Changes parse_changes(std::string_view output);

/// Of any event: :sha :ref :branch or :tag, :git-dir :commit-message :at :pusher.
text::Data ref_facts(const RefEvent& event, const Changes& changes);
/// Of a push: those, and :previous-sha :forced :files-changed :files-truncated.
text::Data push_facts(const RefEvent& event, const Changes& changes);

/// The push facts of a checkout's HEAD, as far as git knows them, for a run without a server.
text::Data placeholder_push(const std::string& checkout);

} // namespace quire::ci
