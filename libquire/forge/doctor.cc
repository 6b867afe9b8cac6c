#include "forge/doctor.h"

#include <algorithm>
#include <functional>

#include "base/show_time.h"
#include "base/strings.h"
#include "forge/config.h"
#include "forge/create.h"
#include "forge/move.h"
#include "forge/provenance.h"
#include "forge/proxy_secret.h"
#include "forge/shared_config.h"
#include "push/hooks.h"
#include "store/earlier_checkout.h"
#include "store/intent.h"
#include "store/replica.h"
#include "store/task.h"
#include "sys/file.h"
#include "sys/file_status.h"
#include "sys/lock.h"
#include "sys/self.h"
#include "sys/space.h"

namespace quire::forge {

void Report::add(Severity severity, std::string check, std::string text, std::string advice)
{
    m_findings.push_back({severity, std::move(check), std::move(text), std::move(advice)});
}

void Report::ok(std::string check, std::string text) { add(Severity::ok, std::move(check), std::move(text), ""); }

void Report::warn(std::string check, std::string text, std::string advice)
{
    add(Severity::warning, std::move(check), std::move(text), std::move(advice));
}

void Report::failed(std::string check, std::string text, std::string advice)
{
    add(Severity::failure, std::move(check), std::move(text), std::move(advice));
}

static void check_layout(const store::Root& root, Report& report)
{
    std::vector<std::string> missing;
    for (const char* path : {store::paths::repositories, store::paths::runs, store::paths::cache, store::paths::trash,
                             store::paths::git_directory, store::paths::queue_new, store::paths::queue_active,
                             store::paths::queue_cancel, store::paths::queue_intent, store::paths::queue_tasks,
                             store::paths::queue_active_tasks, store::paths::queue_notices})
        if (auto status = sys::stat_at(root.fd(), path); !status || !*status || !S_ISDIR((*status)->st_mode))
            missing.emplace_back(path);
    if (missing.empty())
        report.ok("layout", root.path() + " has all of its directories");
    else
        report.wrong(Severity::failure, "layout", "missing below " + root.path() + ": " + join(missing, ", "),
                     [&] { return root.prepare(); });
    auto status = sys::stat_of(root.fd(), root.path());
    if (!status)
        return;
    if (status->st_uid != sys::user_id())
        report.failed(
            "owner", fmt::format("{} belongs to user {}, this is user {}", root.path(), status->st_uid, sys::user_id()),
            "run quire as the owner: git serves nobody else's repositories");
    if ((status->st_mode & 022) != 0)
        report.failed("modes", root.path() + " can be written by others", "chmod go-w " + root.path());
}

static void check_git(const store::Root& root, const Installation& installation, Report& report)
{
    auto version = git::version_of(installation.git);
    if (!version)
        return report.failed("git", version.error().message, "install git");
    auto shared = inspect_shared_config(root, installation);
    if (!shared)
        return report.failed("git", shared.error().message, "");
    std::string text = fmt::format("git {} at {}; hooks by {}", version->text, installation.git,
                                   shared->mechanism == HookMechanism::config ? "git config" : "core.hooksPath");
    if (version->at_least(2, 39))
        report.ok("git", text);
    else
        report.warn("git", text, "quire is tested with git 2.39 and newer");
    if (shared->rewritten)
        report.wrong(Severity::failure, "settings", "git/config was written for another git or another quire",
                     [&]() -> Result<void> {
                         TRY(refresh_shared_config(root, installation));
                         return {};
                     });
    for (const std::string& path : {installation.quire_hook(), installation.hooks_directory + "/pre-receive",
                                    installation.hooks_directory + "/post-receive", installation.alternate_refs})
        if (!sys::is_executable_file(AT_FDCWD, path))
            report.failed("programs", "there is no program at " + path, "install quire completely: make install");
}

/// Checks for leftovers of a dead process, which one function finds and another one repairs.
static void check_leftovers(Report& report, const std::string& check, const std::string& what,
                            const Result<std::vector<std::string>>& found, const std::function<Result<void>()>& mend)
{
    if (!found)
        return report.failed(check, found.error().message, "");
    if (!found->empty())
        report.wrong(Severity::warning, check, fmt::format("{}: {}", what, join(*found, "; ")), mend);
}

static Result<std::vector<std::string>> find_dead_pushes(const store::Root& root)
{
    std::vector<std::string> dead;
    for (const std::string& id : TRY(store::list_intents(root)))
        if (!store::receiver_lives(id))
            dead.push_back(id);
    return dead;
}

static Result<void> record_dead_pushes(const store::Root& root)
{
    auto reconciled = TRY(push::reconcile(root));
    if (!reconciled.unfinished.empty())
        return fail(ErrorKind::system, "{}", join(reconciled.unfinished, "; "));
    if (reconciled.given_up > 0)
        return fail(ErrorKind::refused, "{} can't be recorded, and was set aside", reconciled.given_up);
    return {};
}

/// --fix tries them once more. The operator must look at and remove those that still can't be recorded.
static void check_lost_pushes(const store::Root& root, Report& report)
{
    auto lost = store::list_lost_intents(root);
    if (report.fixes() && lost && !lost->empty()) {
        for (const store::LostIntent& one : *lost)
            (void)store::restore_lost_intent(root, one.id);
        (void)record_dead_pushes(root); // what stays is told of below
        size_t before = lost->size();
        lost = store::list_lost_intents(root);
        if (lost && lost->size() < before)
            report.ok("pushes", fmt::format("recorded {} that could not be recorded before", before - lost->size()));
    }
    if (!lost)
        return report.failed("pushes", lost.error().message, "");
    for (const store::LostIntent& one : *lost)
        report.warn("pushes", one.story,
                    fmt::format("remove {} once you have seen to it",
                                root.absolute(fmt::format("{}/{}", store::paths::queue_lost, one.id))));
}

static void check_what_was_cut_off(const store::Root& root, Report& report)
{
    auto dropping = [](auto call) {
        return [call]() -> Result<void> {
            TRY(call());
            return {};
        };
    };
    check_leftovers(report, "pushes", "pushes whose runs may not be recorded", find_dead_pushes(root),
                    [&] { return record_dead_pushes(root); });
    check_lost_pushes(root, report);
    check_leftovers(report, "moves", "moves that were cut off", find_interrupted_moves(root),
                    dropping([&] { return finish_interrupted_moves(root); }));
    check_leftovers(report, "unfinished", "repositories that were never finished", find_unfinished(root),
                    dropping([&] { return sweep_unfinished(root); }));
    if (!report.fixes())
        return;
    if (auto gone = empty_trash(root, trash_age); !gone)
        report.failed("trash", gone.error().message, "");
    else if (!gone->empty())
        report.ok("trash", fmt::format("deleted what was removed over 30 days ago: {}", join(*gone, ", ")));
}

/// A task that failed once or twice is not reported: that may be chance, and it is tried again soon.
static void check_tasks(const store::Root& root, Report& report)
{
    constexpr uint64_t worth_telling = 3;
    auto tasks = store::list_tasks(root, store::TaskPlace::waiting);
    if (!tasks)
        return report.failed("tasks", tasks.error().message, "");
    bool all_well = true;
    for (const store::Task& task : *tasks) {
        bool is_unreadable = task.attempts == 0 && !task.last_error.empty();
        if (task.attempts < worth_telling && !is_unreadable)
            continue;
        all_well = false;
        report.warn("tasks",
                    is_unreadable
                        ? fmt::format("{} can't be read: {}", task.id(), task.last_error)
                        : fmt::format("{} has failed {} times: {}", task.id(), task.attempts, task.last_error),
                    fmt::format("mend what is wrong, then quire tasks retry {0}; or quire tasks drop {0}", task.id()));
    }
    if (all_well)
        report.ok("tasks", tasks->empty() ? "no task waits" : fmt::format("{} wait, none fails", tasks->size()));
}

static void check_machine(const store::Root& root, Report& report)
{
    constexpr uint64_t gigabyte = 1'000'000'000;
    auto space = sys::space_of(root.fd());
    if (!space)
        return report.failed("space", space.error().message, "");
    std::string text = fmt::format("{:.1f} GB of {:.1f} GB are free", static_cast<double>(space->free_bytes) / gigabyte,
                                   static_cast<double>(space->total_bytes) / gigabyte);
    bool few_files = space->total_files > 0 && space->free_files < 10'000;
    if (few_files)
        text += fmt::format(", and room for {} files", space->free_files);
    if (space->free_bytes < gigabyte / 10)
        report.failed("space", text, "make room: pushes are about to fail");
    else if (space->free_bytes < gigabyte || few_files)
        report.warn("space", text, "make room soon");
    else
        report.ok("space", text);

    // 2024-01-01, before quire existed. Files from the future mean that the clock was set back.
    constexpr Instant oldest_sane = 1'704'067'200 * nanoseconds_per_second;
    constexpr Instant tolerance = 60 * nanoseconds_per_second;
    bool in_future = false;
    for (const char* path : {store::paths::queue_new, store::paths::queue_intent, store::paths::git_stamp})
        if (auto status = sys::stat_at(root.fd(), path); status && *status)
            in_future |= sys::modified_at(**status) > now() + tolerance;
    if (now() < oldest_sane || in_future)
        report.failed("clock", "the clock says " + show_moment(now()) + ", and files here are newer than that",
                      "set the clock; runs and the trash go by it");
    else
        report.ok("clock", "no file is from the future");
}

/// Only where the config asks for them.
static void check_checkouts(const store::Root& root, const store::GlobalConfig& config, Report& report)
{
    if (config.keep_checkout.files == 0)
        return;
    auto on_ext4 = sys::is_on_ext4(root.fd());
    if (!on_ext4 || !*on_ext4)
        return report.warn("checkouts", "no checkout is left to a next run: only ext4 tells whether jobs touched it",
                           "put the data root on ext4, or unset :keep-checkout");
    if (config.launcher.is_slurm || !config.launcher.prefix.empty())
        return report.warn("checkouts", "no checkout is left to a next run by runs that work elsewhere",
                           "unset :keep-checkout, or :launcher");
    auto kept = store::kept_checkouts(root);
    if (!kept)
        return report.failed("checkouts", kept.error().message, "");
    report.ok("checkouts", kept->size() == 1 ? "1 repository keeps a checkout for its next run"
                                             : fmt::format("{} repositories keep one", kept->size()));
}

static void check_services(const store::Root& root, const Examination& wanted, Report& report)
{
    if (auto config = forge::read_global_config(root); !config) {
        report.failed("config", config.error().message, "mend it in an editor, or see quire-config(5)");
    } else {
        report.ok("config", config->host.empty() ? "config.fnl is right; :host is not set, so no clone URL can be shown"
                                                 : "config.fnl is right");
        check_proxy_secret(root, *config, report);
        check_checkouts(root, *config, report);
    }
    check_signing_key(root, report);
    auto alive = sys::is_locked(root.fd(), store::paths::runner_lock);
    if (alive && *alive)
        report.ok("runner", "quire-runner is there");
    else if (store::is_replica(root))
        report.ok("runner", "nothing is run in a replica");
    else
        report.warn("runner", "quire-runner is not running for this root", "start it: queued runs wait for it");
    if (wanted.proxy_url)
        check_proxy(*wanted.proxy_url, report);
}

std::vector<Finding> examine(const store::Root& root, const Installation& installation, const Examination& wanted)
{
    Report report(wanted.fix);
    check_layout(root, report);
    examine_layout(root, report);
    check_git(root, installation, report);
    check_services(root, wanted, report);
    check_what_was_cut_off(root, report);
    check_tasks(root, report);
    examine_repositories(root, installation, report);
    check_machine(root, report);
    return report.findings();
}

std::string_view severity_name(Severity severity)
{
    return severity == Severity::ok ? "ok" : severity == Severity::warning ? "warning" : "failure";
}

bool has_failure(const std::vector<Finding>& findings)
{
    return std::any_of(findings.begin(), findings.end(),
                       [](const Finding& finding) { return finding.severity == Severity::failure; });
}

text::Data to_data(const std::vector<Finding>& findings)
{
    text::Data::Sequence list;
    for (const Finding& finding : findings) {
        text::Data one{text::Data::Table()};
        one.set("severity", severity_name(finding.severity));
        one.set("check", finding.check);
        one.set("text", finding.text);
        one.set("advice", finding.advice);
        list.push_back(std::move(one));
    }
    return list;
}

} // namespace quire::forge
