// The operator's two kinds of config file, read as plain Fennel data and checked completely.
//
// $ROOT/config.fnl and a repository's quire/config.fnl each hold one table. A missing file means the defaults. An
// unknown key, a wrong type or a broken file is an error that names file, line and column. A file that is Fennel code
// is an error that text::is_code recognises; forge::read_config says what happens then. If a repository's config can't
// be read, closed_config applies: the repository is private and frozen.
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

/// A value of :secrets: the string itself, or the file that holds it, which is read when it is needed.
struct SecretSource {
    std::string value;
    std::optional<std::string> file; ///< a relative path is looked up in the data root
};

/// The secret, without a newline at its end. The error says why its file can't be read.
Result<std::string> resolve_secret(const Root& root, const SecretSource& source);

/// Limits for a run and for the runs of a repository.
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

/// Of the audit log: what is older, or more, goes.
struct AuditConfig {
    int64_t days = 90;
    int64_t bytes = int64_t{100} << 20;
};

struct SmtpConfig {
    std::vector<std::string>
        sendmail;     ///< a command that takes mail as `sendmail -t` does; empty: msmtp with the settings below
    std::string host; ///< "": no mail is sent, except by `sendmail`
    int64_t port = 0; ///< 0: the default for :tls
    std::string from;
    std::string user; ///< "": no login
    std::optional<SecretSource> password;
    std::string tls = "starttls"; ///< or "implicit", "off"
    bool can_send() const { return !sendmail.empty() || !host.empty(); }
    std::string trust_file; ///< certificates against which the server's is checked; "": the system's
};

/// "alice@example.org", or "root" if a sendmail knows that name: ASCII, and nothing that a header could take for more
/// than one plain address.
bool is_mail_address(std::string_view text);

/// Who is told about what. Each of a repository's settings replaces that of the forge.
struct NotificationsConfig {
    std::optional<std::vector<std::string>> to;
    std::optional<std::vector<std::string>> on; ///< events: "ci-failed" …
};

/// How quire-ci is started; the default is as a child of the runner.
struct LauncherConfig {
    std::vector<std::string> prefix; ///< what stands before quire-ci: {"ssh", "worker"}
    bool is_slurm = false;
    std::vector<std::string> slurm_options; ///< for sbatch
    std::string quire_ci;                   ///< where the far side has it; "": as here
};

/// Which checkouts are left to a repository's next run (store/earlier_checkout.h), and for how long.
struct KeepCheckoutConfig {
    int64_t files = 0; ///< those of so many; 0: none
    int64_t days = 7;
    bool on_host = false; ///< also those in which jobs worked without a sandbox
};

struct GlobalConfig {
    std::string host; ///< where ssh reaches this forge: "example.org", "git@example.org", "ssh://git@example.org:2222"
    std::string url;  ///< where a browser reaches it, without a trailing slash
    std::map<std::string, SecretSource> secrets;
    std::map<std::string, std::string> env;
    std::string executor = "auto";
    std::string engine; ///< "": any that is installed
    LauncherConfig launcher;
    int64_t keep_failed = int64_t{600} * 1'000'000'000; ///< nanoseconds that a failed run's workspace stays; 0: none
    KeepCheckoutConfig keep_checkout;
    int64_t max_concurrent_runs = 1;
    int64_t max_parallel_jobs = 0; ///< 0: as many as there are processor cores
    SecretSource proxy_secret{"", paths::proxy_secret};
    LimitsConfig limits;
    RetentionConfig retention;
    AuditConfig audit;
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
    std::string frozen_message; ///< the message for a refused pusher; may be empty
    bool accept_without_mirror = false;
    bool refuse_conflicts = false; ///< pushes of commits in which jj recorded a conflict
    NotificationsConfig notifications;
    std::string fault; ///< why the file can't be read; the settings above are then closed
};

/// Evaluates a config file that is Fennel code. `file` appears in messages.
using ConfigEvaluator = std::function<Result<text::Data>(std::string_view source, std::string_view file)>;

/// Without an evaluator, code is an error that text::is_code recognises. Programs with Lua use forge/config.h.
Result<GlobalConfig> read_global_config(const Root& root, const ConfigEvaluator& evaluate = {});
/// `repository` is its open directory, `name` appears in messages.
Result<RepositoryConfig> read_repository_config(int repository, const RepoName& name,
                                                const ConfigEvaluator& evaluate = {});
/// Takes tables that have been checked.
GlobalConfig global_config_from_data(const text::Data& data);
RepositoryConfig repository_config_from_data(const text::Data& data);
RepositoryConfig closed_config(const Error& reason);

/// The name of a repository's config file in messages: "repos/work/bar.git/quire/config.fnl".
std::string config_file_name(const RepoName& name);

} // namespace quire::store
