// The operator's two kinds of config file, read as plain Fennel data and checked in full.
//
// $ROOT/config.fnl and a repository's quire/config.fnl each hold one table. A missing file means the defaults. A
// key that does not exist, a wrong type or a broken file is an error that names file, line and column. A file that
// is Fennel code is an error that text::is_code recognises; forge::read_config says what happens then. Whoever
// can't read a repository's config treats it as closed_config says: private and frozen.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/result.h"
#include "store/root.h"
#include "text/data.h"

namespace quire::store {

/// A value of :secrets: the string itself, or the file that holds it (read when it is needed).
struct SecretSource {
    std::string value;
    std::optional<std::string> file;
};

struct GlobalConfig {
    std::string host; ///< where ssh reaches this forge: "example.org", "git@example.org", "ssh://git@example.org:2222"
    std::string url;  ///< where a browser does, without a trailing slash
    std::map<std::string, SecretSource> secrets;
    std::map<std::string, std::string> env;
    std::string executor = "auto";
    std::string engine; ///< "" is whichever is there
    int64_t max_concurrent_runs = 1;
    int64_t run_timeout = 7200 * nanoseconds_per_second;
    int64_t max_parallel_jobs = 0; ///< 0: as many as there are cores
    std::optional<SecretSource> proxy_secret;
    text::Data smtp, limits, retention, notifications; ///< tables, checked by those who use them

    /// "ssh://git@example.org:2222/work/bar" or "git@example.org:work/bar"; "" without :host.
    std::string clone_url(const RepoName& name) const;
    /// The page of a run: "https://…/foo/runs/42"; "" without :url.
    std::string run_url(const RepoName& name, uint64_t number) const;
};

struct RepositoryConfig {
    std::string description;
    bool is_private = false;
    bool public_runs = false;
    std::vector<std::string> pinned; ///< refs that the page shows first
    bool frozen = false;
    std::string frozen_message; ///< what a refused pusher is told; may be empty
    bool accept_without_mirror = false;
    text::Data notifications;
    std::string fault; ///< why the file can't be read; then everything above is closed
};

Result<GlobalConfig> read_global_config(const Root& root);
/// `repository` is its open directory, `name` stands in messages.
Result<RepositoryConfig> read_repository_config(int repository, const RepoName& name);
RepositoryConfig closed_config(const Error& reason);

/// How messages name a repository's config file: "repos/work/bar.git/quire/config.fnl".
std::string config_file_name(const RepoName& name);

} // namespace quire::store
