// Making a repository: whole or not at all.
//
// It is built under a temporary name in repos/ (no RepoName begins with a dot), synced, and appears by a rename
// that replaces nothing. What a crash leaves is a temporary directory that the next one, or doctor, sweeps away.
#pragma once

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

/// ErrorKind::exists if there is one of this name.
Result<void> create_repository(const store::Root& root, const Installation& installation, const store::RepoName& name,
                               const NewRepository& wanted);

/// Removes what repositories that were never finished have left and nobody has touched for an hour.
/// The names of those removed.
Result<std::vector<std::string>> sweep_unfinished(const store::Root& root);
/// The same without removing.
Result<std::vector<std::string>> find_unfinished(const store::Root& root);

/// What a person types to clone it: its URL if the config knows the host, else a hint that says what to set.
std::string clone_hint(const store::Root& root, const store::RepoName& name);

} // namespace quire::forge
