// The operator's settings, read and checked: config.fnl of the root and quire/config.fnl of a repository.
//
// Everything fails closed: a repository whose configuration can't be read is private and frozen, and `fault`
// says why to its operator. A file that is not there is an empty one.
#pragma once

#include <string>

#include "store/root.h"

namespace quire::store {

struct RepositoryConfig {
    std::string description;
    bool private_ = false;
    bool public_runs = false;
    bool frozen = false;
    std::string frozen_message;
    std::string fault; ///< why the file could not be used; empty when all is well
};

struct GlobalConfig {
    std::string host; ///< for clone URLs: "git@example.org" or "ssh://…"
    std::string url;  ///< the web view's address, without a slash at the end
    std::string fault;
};

RepositoryConfig read_repository_config(int repository);
GlobalConfig read_global_config(const Root& root);

} // namespace quire::store
