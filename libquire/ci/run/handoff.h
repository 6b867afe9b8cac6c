// Handoff: what quire-runner passes to quire-ci. For a run that a person starts, own_run.h makes one.
//
//   {"source": "quire/push", "facts": {"quire/push": {…}}, "secrets": {"token": "…", "gone": {"error": "…"}},
//    "environment": {"NAME": "value"}, "run": "…", "git-dir": "/…/repos/foo.git", "cache": "/…/cache/foo.git",
//    "engine": "podman", "root": "/…", "repository": "foo", "outputs": {"build": {…}}, "earlier": "/…/runs/foo.git/41",
//    "only": "test", "boot": "…", "limits": {"log-bytes": 1, "artifact-bytes": 1, "cache-bytes": 1}}
//
// Only the facts are required. "meta": {"sha": "…", "ref": "…", "pushed_at": "…"} may replace the facts of a push. The
// file is created with mode 0600 and deleted as soon as it has been read. Secrets are stored nowhere else.
#pragma once

#include <map>
#include <string>

#include "base/result.h"
#include "text/data.h"

namespace quire::ci {

struct Handoff {
    std::string source = "quire/push";                  ///< what fires the run
    std::map<std::string, text::Data> facts;            ///< for each source, by its name
    std::map<std::string, Result<std::string>> secrets; ///< an error means that the secret could not be resolved
    std::map<std::string, std::string> environment;     ///< on top of the base environment
    std::string run;                                    ///< its marker, Setting::run; empty: one is made up
    std::string git_dir;                                ///< of the forge's repository; empty: the checkout's own
    std::string cache;                                  ///< directory of what jobs keep between runs; empty: the user's
    std::string engine;                                 ///< empty: whichever is there
    std::string root, repository; ///< the forge's data root, and the repository's name there; empty: a person's own run
    std::map<std::string, text::Data> outputs; ///< of jobs that succeeded in the run that this one repeats
    std::string earlier;                       ///< that run's directory
    std::string only, from; ///< the job that alone runs again, or with those behind it; empty: all without outputs
    std::string boot;       ///< the machine's, when it was written
    bool debug = false;     ///< each command is told in its log, with the names of its environment
    struct Limits {
        uint64_t log_bytes = 512ull << 20;
        uint64_t artifact_bytes = 1ull << 30;
        uint64_t cache_bytes = 5ull << 30;
    } limits;
};

constexpr size_t most_handoff_bytes = 16u << 20;

text::Data to_data(const Handoff& handoff);
Result<Handoff> handoff_from_data(const text::Data& data, std::string_view name);

/// Reads the file and deletes it. Refuses a file that others can read.
Result<Handoff> take_handoff(const std::string& path);
/// Creates the file with mode 0600. It is an error if it exists.
Result<void> write_handoff(int directory, const std::string& name, const Handoff& handoff);

} // namespace quire::ci
