// The operator's two kinds of config file, read as plain Fennel data and checked in full.
//
// $ROOT/config.fnl and a repository's quire/config.fnl each hold one table. A missing file means the defaults. A
// key that does not exist, a wrong type or a broken file is an error that names file, line and column. A file that
// is Fennel code is an error that text::is_code recognises; forge::read_config says what happens then. Whoever
// can't read a repository's config treats it as closed_config says: private and frozen.
#pragma once

#include <functional>
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
    std::optional<std::string> file; ///< a relative one is below the data root
};

/// The secret itself, without one newline at its end. An error says why its file can't be read.
Result<std::string> resolve_secret(const Root& root, const SecretSource& source);

/// Bounds on what a run, and the runs of a repository, may use.
struct LimitsConfig {
    int64_t run_timeout = int64_t{2} * 3600 * 1'000'000'000; ///< nanoseconds
    int64_t prepare_timeout = int64_t{600} * 1'000'000'000;  ///< nanoseconds, for git before a run starts
    int64_t log_bytes = int64_t{512} << 20;
    int64_t artifact_bytes = int64_t{1} << 30;             ///< of a run
    int64_t repository_artifact_bytes = int64_t{10} << 30; ///< of all runs of a repository
    int64_t cache_bytes = int64_t{10} << 30;               ///< of a repository
};

/// A run is kept while it is one of the last `runs` or younger than `days`.
struct RetentionConfig {
    int64_t runs = 10;
    int64_t days = 30;
};

struct SmtpConfig {
    std::vector<std::string>
        sendmail;     ///< a command that takes mail as `sendmail -t` does; empty: msmtp and what follows
    std::string host; ///< "": no mail is sent, unless by `sendmail`
    int64_t port = 0; ///< 0: what fits :tls
    std::string from;
    std::string user; ///< "": without logging in
    std::optional<SecretSource> password;
    std::string tls = "starttls"; ///< or "implicit", "off"
    bool can_send() const { return !sendmail.empty() || !host.empty(); }
    std::string trust_file; ///< certificates that the server's is held against; "": the system's
};

/// "alice@example.org", or "root" where a sendmail knows whom that means: ASCII, nothing that a header would take for
/// more than one plain address.
bool is_mail_address(std::string_view text);

/// Who is told of what. A repository's own settings stand in front of the forge's, each by itself.
struct NotificationsConfig {
    std::optional<std::vector<std::string>> to;
    std::optional<std::vector<std::string>> on; ///< events: "ci-failed" …
};

struct GlobalConfig {
    std::string host; ///< where ssh reaches this forge: "example.org", "git@example.org", "ssh://git@example.org:2222"
    std::string url;  ///< where a browser does, without a trailing slash
    std::map<std::string, SecretSource> secrets;
    std::map<std::string, std::string> env;
    std::string executor = "auto";
    std::string engine; ///< "" is whichever is there
    int64_t max_concurrent_runs = 1;
    int64_t max_parallel_jobs = 0; ///< 0: as many as there are cores
    SecretSource proxy_secret{"", paths::proxy_secret};
    LimitsConfig limits;
    RetentionConfig retention;
    SmtpConfig smtp;
    NotificationsConfig notifications;

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
    NotificationsConfig notifications;
    std::string fault; ///< why the file can't be read; then everything above is closed
};

/// What a config file that is Fennel code comes to. `file` stands in messages.
using ConfigEvaluator = std::function<Result<text::Data>(std::string_view source, std::string_view file)>;

/// Without an evaluator, code is an error that text::is_code tells. Programs that have Lua use forge/config.h.
Result<GlobalConfig> read_global_config(const Root& root, const ConfigEvaluator& evaluate = {});
/// `repository` is its open directory, `name` stands in messages.
Result<RepositoryConfig> read_repository_config(int repository, const RepoName& name,
                                                const ConfigEvaluator& evaluate = {});
/// From tables that have been checked.
GlobalConfig global_config_from_data(const text::Data& data);
RepositoryConfig repository_config_from_data(const text::Data& data);
RepositoryConfig closed_config(const Error& reason);

/// How messages name a repository's config file: "repos/work/bar.git/quire/config.fnl".
std::string config_file_name(const RepoName& name);

} // namespace quire::store
