// Git as a subprocess: which git this machine has, and running it in a repository.
//
// Nothing here links libgit2. Callers read output that is separated by NULs. A revision from outside must be resolved
// to an object id before a command gets it.
#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "sys/process.h"

namespace quire::git {

struct Version {
    int major = 0;
    int minor = 0;
    int patch = 0;
    std::string text; ///< as git prints it: "2.39.5"

    /// Parses "git version 2.39.5 (Apple Git-154)" and the like; nullopt for anything else.
    static std::optional<Version> parse(std::string_view output);
    bool at_least(int wanted_major, int wanted_minor) const;
    /// git 2.54 introduced hook.<name>.command and .event.
    bool has_config_hooks() const { return at_least(2, 54); }
};

/// The absolute path, without symlinks, of the git in `search_path`.
Result<std::string> find_program(std::string_view search_path = sys::default_path);
/// Runs this git to ask for its version.
Result<Version> version_of(const std::string& program);

/// Runs git with these arguments in the repository or directory `directory`. The output is that of sys::run.
Result<sys::Output> run(int directory, std::vector<std::string> arguments, const sys::RunOptions& options = {});
/// Like run, but a non-zero status is an error with git's last line.
Result<std::string> run_ok(int directory, std::vector<std::string> arguments, const sys::RunOptions& options = {});

/// The value as it must be written in a git config file: always in quotes.
std::string quote_config_value(std::string_view value);

} // namespace quire::git
