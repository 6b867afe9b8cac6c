// Makes a repository completely or not at all.
//
// It is built under a temporary name in repos/ (no RepoName begins with a dot), synced, and then renamed into place
// without replacing anything. After a crash a temporary directory remains; the next creation, or doctor, removes it.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "base/result.h"
#include "forge/installation.h"
#include "store/root.h"

namespace quire::forge {

struct NewRepository {
    std::string description;
    bool is_private = false;
    std::string default_branch = "main";
};

/// Puts something into the repository while it has no name yet; an error means that it never gets one.
using Populate = std::function<Result<void>(int repository)>;

/// ErrorKind::exists if there is a repository of this name.
Result<void> create_repository(const store::Root& root, const Installation& installation, const store::RepoName& name,
                               const NewRepository& wanted, const Populate& populate = {});

/// Removes unfinished repositories that nobody has touched for an hour, and returns their
/// names.
Result<std::vector<std::string>> sweep_unfinished(const store::Root& root);
/// Like sweep_unfinished, but removes nothing.
Result<std::vector<std::string>> find_unfinished(const store::Root& root);

/// What a person types to clone it: its URL if the config gives the host, otherwise a hint about what to set.
std::string clone_hint(const store::Root& root, const store::RepoName& name);

} // namespace quire::forge
