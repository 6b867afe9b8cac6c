// Git as a subprocess: which git this machine has, and running it in a repository.
//
// Nothing here links libgit2. Output is read NUL-separated by the callers; a revision that came from outside is
// resolved to an object id before a command sees it.
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
    std::string text; ///< as git says it: "2.39.5"

    /// "git version 2.39.5 (Apple Git-154)" and the like; nullopt if that is not what it is.
    static std::optional<Version> parse(std::string_view output);
    bool at_least(int wanted_major, int wanted_minor) const;
    /// hook.<name>.command and .event came with 2.54.
    bool has_config_hooks() const { return at_least(2, 54); }
};

/// The absolute path of git in `search_path`, without symlinks.
Result<std::string> find_program(std::string_view search_path = sys::default_path);
/// Asks that git for its version.
Result<Version> version_of(const std::string& program);

/// git with these arguments in the repository (or directory) that `directory` is; output as sys::run.
Result<sys::Output> run(int directory, std::vector<std::string> arguments, const sys::RunOptions& options = {});
/// As run, and a non-zero status is an error that carries git's last line.
Result<std::string> run_ok(int directory, std::vector<std::string> arguments, const sys::RunOptions& options = {});

/// A value as it has to stand in a git config file: always in quotes.
std::string quote_config_value(std::string_view value);

} // namespace quire::git
