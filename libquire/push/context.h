// What a hook knows when git starts it: where it is, whose push it is, which refs move.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "store/intent.h"
#include "store/root.h"

namespace quire::push {

struct Context {
    store::Root root;
    store::RepoName repo;
    UniqueFd repository;
    std::string pusher;
    std::string push_id;
    std::vector<std::string> options;
    std::string input; ///< stdin as it came, for the repository's own hook
    std::vector<store::RefUpdate> updates;
    store::PushCertificate certificate;

    bool has_option(std::string_view option) const;
};

/// Reads stdin, the environment that git and quire-exec made, and the current directory, which git sets to the
/// repository. Where the repository lies decides which root and name it has, not the environment.
Result<Context> read_context();

/// "<old> <new> <ref>" a line, as git writes them.
Result<std::vector<store::RefUpdate>> parse_updates(std::string_view input);

} // namespace quire::push
