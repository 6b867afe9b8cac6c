// Every path of the on-disk contract (docs/architecture.md): no other module spells one. They are relative to the data
// root (store/root.h), or to the repository or run that they are said to be inside of.
#pragma once

#include <optional>
#include <string>

#include "base/time.h"
#include "store/repo_name.h"

namespace quire::store::paths {

constexpr const char* config = "config.fnl";
/// What a proxy sends to be believed, unless config.fnl has another :proxy-secret. Made by `quire init`.
constexpr const char* proxy_secret = "proxy-secret";
constexpr const char* repositories = "repos";
constexpr const char* runs = "runs";
constexpr const char* cache = "cache";
constexpr const char* trash = "trash";
/// How large each repository was when it was last measured. May be deleted.
constexpr const char* sizes = "cache/.sizes";
/// Blames that quire-serve has found. May be deleted.
constexpr const char* kept_blames = "cache/.web/blame";
constexpr const char* kept_pages = "cache/.web/pages";
/// Where files without a name stand for answers of git. Stays empty.
constexpr const char* kept_packs = "cache/.web/packs";
constexpr const char* search = "cache/.search";
/// What Fennel compiled of the repositories' pipelines. May be deleted.
constexpr const char* compiled = "cache/.compiled";
/// The settings that every repository's own configuration includes, and which git they were made for.
constexpr const char* git_directory = "git";
constexpr const char* git_config = "git/config";
/// The operator's own, which quire never touches.
constexpr const char* git_local = "git/local";
constexpr const char* git_stamp = "git/stamp";
/// The seed of what git asks signed pushes to repeat, and whose signatures are believed, as ssh-keygen(1) reads it.
constexpr const char* git_nonce = "git/nonce";
constexpr const char* git_allowed_signers = "git/allowed-signers";
/// The key that signs where artifacts come from, and the line by which ssh-keygen(1) knows it.
constexpr const char* provenance_directory = "provenance";
constexpr const char* provenance_key = "provenance/key";
constexpr const char* provenance_signers = "provenance/allowed-signers";
constexpr const char* queue = "runs/.queue";
constexpr const char* queue_new = "runs/.queue/new";
constexpr const char* queue_active = "runs/.queue/active";
constexpr const char* queue_cancel = "runs/.queue/cancel";
/// Failed runs whose workspaces are still there, see store/kept_workspace.h: one empty file each.
constexpr const char* queue_kept = "runs/.queue/kept";
/// What the operator decided about jobs that wait for approval, see store/approval.h: one file each.
constexpr const char* queue_approve = "runs/.queue/approve";
/// Accepted pushes whose runs may not be recorded yet: one file each.
constexpr const char* queue_intent = "runs/.queue/intent";
/// Notes of pushes that can't be recorded, with the reason; nothing but doctor looks at them.
constexpr const char* queue_lost = "runs/.queue/lost";
/// What is to be done beside runs, see store/task.h: one file each, and those that are being worked on.
constexpr const char* queue_tasks = "runs/.queue/tasks";
constexpr const char* queue_active_tasks = "runs/.queue/tasks/active";
constexpr std::string_view active_tasks_name = "active";
/// News that somebody may want to get by mail, see store/notice.h: one file each.
constexpr const char* queue_notices = "runs/.queue/notices";
/// Mail that waits, and what went lately, see deliver/mail_book.h; whoever delivers holds the lock.
constexpr const char* queue_mail = "runs/.queue/mail.fnl";
constexpr const char* queue_mail_lock = "runs/.queue/mail.lock";
constexpr const char* runner_lock = "runs/.queue/runner.lock";
/// Who asked for what over ssh, see store/audit.h.
constexpr const char* audit = "audit";
constexpr const char* audit_log = "audit/log.jsonl";
/// "audit/<nanoseconds, 20 digits>.jsonl": a log that was full at that time.
std::string old_audit_log(Instant at);
/// The continuous backup, see deliver/backup.h: where it goes, what proves that it is ours, and how far it is.
constexpr const char* backup_settings = "backup/settings.fnl";
constexpr const char* backup_key = "backup/key";
constexpr const char* backup_lock = "backup/lock";
constexpr const char* backup_compact_lock = "backup/compact.lock";
constexpr const char* backup_checked = "backup/checked.json";
constexpr const char* backup_generations = "backup/generations";
constexpr const char* backup_spool = "backup/spool";
constexpr const char* backup_directory = "backup";
/// Inside a generation.
constexpr const char* backup_position = "position.json";
/// What is no longer wanted goes here by rename and is deleted afterwards.
constexpr const char* run_trash = "runs/.trash";

std::string repository(const RepoName& name);
std::string repository_runs(const RepoName& name);
std::string repository_cache(const RepoName& name);
/// The index of its texts, see search/index.h. May be deleted.
std::string repository_search(const RepoName& name);
std::string run(const RepoName& name, uint64_t number);
std::string next_number(const RepoName& name);
/// In a repository's runs: what pruning remembers of them. May be deleted.
constexpr const char* retention_state = "retention.json";
constexpr const char* test_memory = "tests";
/// There too: which commits have been versions of a change, see history/change_index.h. May be deleted.
constexpr const char* change_index = "changes";
/// "<queued-at, 20 digits>.<repository component>.<number>"
std::string queue_entry(const RepoName& name, uint64_t number, int64_t queued_at);

/// The opposite of queue_entry; nullopt if it is no entry's name.
struct QueueEntry {
    RepoName repo;
    uint64_t number;
};
std::optional<QueueEntry> parse_queue_entry(std::string_view entry);

/// A request to end the run. Its one line says who asked.
std::string cancel_request(const RepoName& name, uint64_t number);
/// Its file in queue_kept, which is named like a cancel request.
std::string kept_workspace(const RepoName& name, uint64_t number);
/// The run that a file in queue_cancel names; nullopt if that is no request's name.
std::optional<QueueEntry> parse_cancel_request(std::string_view request);

/// "<time>.<repository component>": a removed repository's directory in the trash.
std::string trash_id(const RepoName& name, Instant removed_at);
struct TrashId {
    RepoName repo;
    Instant removed_at;
};
std::optional<TrashId> parse_trash_id(std::string_view id);
std::string trash_item(const std::string& id);

/// Inside a repository.
constexpr const char* repository_head = "HEAD";
constexpr const char* repository_git_config = "config";
constexpr const char* repository_settings = "quire";
constexpr const char* repository_config = "quire/config.fnl";
constexpr const char* push_log = "quire/pushes.jsonl";
/// Where the push log ended when it was last written to.
constexpr const char* push_log_head = "quire/pushes.head";
/// A directory with the certificates of signed pushes, each named by its digest.
constexpr const char* push_certificates = "quire/certificates";
/// Exists while the repository is being renamed or removed, and says where it goes. Pushes are refused meanwhile.
constexpr const char* repository_moving = "quire/moving.fnl";
constexpr const char* upkeep_lock = "quire/upkeep.lock";
/// How many bytes the packs' indexes had when git made no bitmap for them.
constexpr const char* without_bitmap = "quire/without-bitmap";
/// The cron and manual sources that the default branch's pipeline registers.
constexpr const char* repository_sources = "quire/sources.fnl";
/// A directory with one file for each cron source: its last tick.
constexpr const char* cron_ticks = "quire/cron";
/// Inside a run directory.
constexpr const char* record = "meta.fnl";
constexpr const char* run_lock = "lock";
constexpr const char* run_dispatch = "dispatch.json";
constexpr const char* run_events = "events.jsonl";
constexpr const char* run_log = "quire-ci.log";
/// Why the run is being ended before its time, see runner/ending.h.
constexpr const char* run_stop = "stop";
/// How its quire-ci was started where that is not simply on this machine, see runner/far_run.h.
constexpr const char* run_launch = "launch";
/// What `quire shell` needs to enter a workspace that was kept; whoever is in there shares the lock.
constexpr const char* run_shell = "shell.json";
constexpr const char* run_shell_lock = "shell.lock";
/// Which of its jobs wait for approval, see store/approval.h.
constexpr const char* run_waits = "waits.fnl";
/// Where its artifacts come from, and the runner's signature, see forge/provenance.h.
constexpr const char* run_provenance = "provenance.json";
constexpr const char* run_provenance_signature = "provenance.json.sig";
constexpr const char* run_pipeline = "pipeline";
constexpr const char* run_jobs = "jobs";
constexpr const char* run_workspace = "workspace";
constexpr const char* run_artifacts = "artifacts";
constexpr const char* run_reports = "reports";
/// A job as a directory's name: percent-encoded, and "." and ".." with it.
std::string job_directory(std::string_view job);
/// Below the run: "jobs/…", with the job's logs, and what it returned.
std::string job_logs(std::string_view job);
std::string job_outputs(std::string_view job);
/// The log, without its suffix, of a job's command; they count from 1. 0: what the job itself says.
std::string command_log(int number);

} // namespace quire::store::paths
