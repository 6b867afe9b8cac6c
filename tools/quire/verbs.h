// What the verbs of `quire` do. Each verb is a function; a file has a few related ones. cli/verbs.h describes them.
#pragma once

#include <optional>
#include <string>

#include "cli/options.h"
#include "cli/tool.h"
#include "cli/verbs.h"
#include "store/repo_name.h"
#include "store/root.h"

namespace quire::tool {

constexpr uint64_t most_run_number = 1'000'000'000'000;

/// What stood before the verb, and what stands after it.
struct Call {
    const cli::Verb& verb;
    std::optional<std::string> root_option;
    cli::Arguments arguments;

    Result<cli::Options> options() const;
    Result<store::Root> root() const;
    /// The operand as a repository; also in the forms that git accepts ("foo.git", "~/foo").
    static Result<store::RepoName> repository(const store::Root& root, const std::string& operand);
    /// The operand as the number of a run; "#42" is one too.
    static Result<uint64_t> run_number(std::string_view operand);
    /// The flag's value as a number from 1 to `most`; `fallback` where it is not given.
    static Result<uint64_t> number(const cli::Options& options, const std::string& flag, uint64_t fallback,
                                   uint64_t most);
};

using Function = Result<int> (*)(const Call&);

/// The function of a verb of cli::verbs().
Function function_of(const cli::Verb& verb);

Result<int> verb_init(const Call&);
Result<int> verb_new(const Call&);
Result<int> verb_list(const Call&);
Result<int> verb_info(const Call&);
Result<int> verb_rename(const Call&);
Result<int> verb_rm(const Call&);
Result<int> verb_restore(const Call&);
Result<int> verb_describe(const Call&);
Result<int> verb_default_branch(const Call&);
Result<int> verb_freeze(const Call&);
Result<int> verb_thaw(const Call&);
Result<int> verb_config_get(const Call&);
Result<int> verb_config_set(const Call&);
Result<int> verb_config_unset(const Call&);
Result<int> verb_doctor(const Call&);
Result<int> verb_refresh_git(const Call&);
Result<int> verb_upkeep(const Call&);
Result<int> verb_runs(const Call&);
Result<int> verb_logs(const Call&);
Result<int> verb_cancel(const Call&);
Result<int> verb_approve(const Call&);
Result<int> verb_rerun(const Call&);
Result<int> verb_replay(const Call&);
Result<int> verb_shell(const Call&);
Result<int> verb_bisect(const Call&);
Result<int> verb_tests(const Call&);
Result<int> verb_verify(const Call&);
Result<int> verb_sign_artifacts(const Call&);
Result<int> verb_prune(const Call&);
Result<int> verb_pushes_list(const Call&);
Result<int> verb_pushes_verify(const Call&);
Result<int> verb_tasks(const Call&);
Result<int> verb_tasks_retry(const Call&);
Result<int> verb_tasks_drop(const Call&);
Result<int> verb_follow(const Call&);
Result<int> verb_trail(const Call&);
Result<int> verb_mirror_add(const Call&);
Result<int> verb_mirror_list(const Call&);
Result<int> verb_mirror_check(const Call&);
Result<int> verb_mirror_rotate(const Call&);
Result<int> verb_mirror_rm(const Call&);
Result<int> verb_push_mirror(const Call&);
Result<int> verb_look_at_mirrors(const Call&);
Result<int> verb_probe_mirrors(const Call&);
Result<int> verb_key_add(const Call&);
Result<int> verb_key_list(const Call&);
Result<int> verb_key_rm(const Call&);
Result<int> verb_import(const Call&);
Result<int> verb_status(const Call&);
Result<int> verb_audit(const Call&);
Result<int> verb_mail_test(const Call&);
Result<int> verb_deliver_mail(const Call&);
Result<int> verb_backup(const Call&);
Result<int> verb_backup_init(const Call&);
Result<int> verb_backup_status(const Call&);
Result<int> verb_backup_now(const Call&);
Result<int> verb_backup_verify(const Call&);
Result<int> verb_backup_compact(const Call&);
Result<int> verb_backup_restore(const Call&);
Result<int> verb_backup_follow(const Call&);
Result<int> verb_ship_backup(const Call&);
Result<int> verb_check_backup(const Call&);
Result<int> verb_fsck(const Call&);
Result<int> verb_serve(const Call&);
Result<int> verb_completion(const Call&);
Result<int> verb_help(const Call&);
Result<int> verb_run(const Call&);
Result<int> verb_update_search(const Call&);
Result<int> verb_fill_workspace(const Call&);
Result<int> verb_remember_tests(const Call&);
Result<int> verb_index_changes(const Call&);
Result<int> verb_refresh_sources(const Call&);
Result<int> verb_pull(const Call&);

} // namespace quire::tool
