// What a hook knows when git starts it: its repository, the pusher, and the refs that are pushed.
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
    std::string input; ///< stdin as it was read, for the repository's own hook
    std::vector<store::RefUpdate> updates;
    store::PushCertificate certificate;

    bool has_option(std::string_view option) const;
};

/// Reads stdin, the environment from git and quire-exec, and the current directory, which git sets to the repository.
/// The repository's location decides its root and name, not the environment.
Result<Context> read_context();

/// Parses lines of the form "<old> <new> <ref>", as git writes them.
Result<std::vector<store::RefUpdate>> parse_updates(std::string_view input);

} // namespace quire::push
