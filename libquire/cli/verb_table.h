// The table of verbs.h, for who needs it while compiling; everybody else calls cli::verbs().
#pragma once

#include "cli/verb_operands.h"

namespace quire::cli::verb_table {

// ---- the verbs, in the order in which help lists them. "backup restore" and "backup follow" write to another root.

constexpr Verb all[] = {
    {"init", {}, {}, "make the data root: its directories and git's settings"},
    {"new", one_repository, flags_new, "make a repository and print what to clone", ssh},
    {"list", {}, flags_list, "all repositories", ssh, Need::read, Effect::reads},
    {"info", one_repository, only_json, "all about one repository", ssh, Need::read, Effect::reads},
    {"rename", old_and_new, flags_rename, "give it another name: runs, keys and all", ssh},
    {"describe", name_and_text, {}, "change the one-line description", ssh},
    {"default-branch",
     name_and_branch,
     {},
     "what a clone checks out; with BRANCH, change it",
     ssh,
     Need::operate,
     Effect::reads},
    {"freeze", name_and_message, {}, "refuse pushes", ssh},
    {"thaw", one_repository, {}, "accept pushes again", ssh},
    {"rm", one_repository, flags_rm, "move it to the trash, for 30 days", ssh},
    {"restore", trashed, flags_restore, "take it out of the trash again", ssh},
    {"config get", what_to_get, only_json, "read settings, of one repository or of the forge", ssh, Need::operate,
     Effect::reads},
    {"config set", what_to_set, {}, "change a setting", ssh},
    {"config unset", what_to_unset, {}, "back to the default", ssh},
    {"runs", maybe_repository, flags_runs, "what ran, runs and waits, newest first", ssh, Need::read, Effect::reads},
    {"logs", name_and_maybe_run, flags_logs, "what the jobs of a run printed; of the newest run without N", ssh,
     Need::read, Effect::reads},
    {"cancel", name_and_run, {}, "end a run, or take it out of the queue", ssh, Need::push},
    {"approve", name_run_and_job, flags_approve, "let a job run that waits for approval, or deny it", ssh, Need::push},
    {"rerun", name_and_run, flags_rerun, "queue a run again, same commit and same facts", ssh, Need::push},
    {"replay", name_and_run, flags_replay, "how to repeat a run's job on a clone, without the forge", ssh, Need::read,
     Effect::reads},
    {"shell", name_run_and_job, flags_shell, "look into a failed run, where a job of it ran; needs ssh -t", ssh,
     Need::operate, Effect::writes, Terminal::wanted},
    {"bisect", one_repository, flags_bisect, "find the commit with which a job began to fail, by running it", ssh},
    {"tests", one_repository, flags_tests, "how its tests fared: failing, flaky, slow", ssh, Need::read, Effect::reads},
    {"verify", file_and_run, flags_verify, "whether a file is what a run of this forge made", Reach::box, Need::operate,
     Effect::reads},
    {"prune", maybe_repository, flags_prune, "let go of old runs and artifacts, as :retention says", ssh},
    {"run", name_and_parameters, flags_run, "fire a manual source of its pipeline; without --source, list them", ssh,
     Need::push, Effect::reads},
    {"pull", name_and_ref, {}, "fetch the images of its pipeline, before a run needs them"},
    {"pushes list", maybe_repository, flags_pushes, "what was pushed, newest first", ssh, Need::read, Effect::reads},
    {"pushes verify", maybe_repository, only_json, "whether the record of what was pushed is whole", ssh, Need::read,
     Effect::reads},
    {"follow", lines_of_file, flags_follow, "the commits that shaped lines of a file, newest first", ssh, Need::read,
     Effect::reads},
    {"trail", name_of_file, only_json, "all names that a file has had, newest first", ssh, Need::read, Effect::reads},
    {"tasks",
     {},
     only_json,
     "what is to be done beside runs, and what keeps failing",
     ssh,
     Need::operate,
     Effect::reads},
    {"tasks retry", one_task, {}, "try a task again now"},
    {"tasks drop", one_task, {}, "give a task up"},
    {"mirror add", new_mirror, flags_mirror_add, "let jobs push it to another forge, with a key of its own", ssh},
    {"mirror list", one_repository, only_json, "its mirrors, and how they are", ssh, Need::operate, Effect::reads},
    {"mirror check", maybe_mirror, only_json, "ask the remote now, and compare", ssh},
    {"mirror rotate", one_mirror, {}, "give it another key, step by step", ssh},
    {"mirror rm", one_mirror, {}, "forget a mirror and its key", ssh},
    {"key add", new_key, flags_key_add, "let a public key log in; from standard input without FILE"},
    {"key list", {}, flags_key_list, "the keys that may log in, and what for", ssh, Need::operate, Effect::reads},
    {"key rm", one_key, flags_key_rm, "take a key away, by its name or fingerprint"},
    {"status", {}, only_json, "how the forge is, on one screen", ssh, Need::operate, Effect::reads},
    {"import", import_paths, flags_import, "take over bare repositories of gitolite, cgit, Gitea, Forgejo, soft-serve"},
    {"audit", {}, flags_audit, "who asked for what over ssh, newest first", ssh, Need::operate, Effect::reads},
    {"mail test",
     one_address,
     {},
     "send a mail now; to :notifications :to unless told",
     Reach::box,
     Need::operate,
     Effect::reads},
    {"backup", archive_path, {}, "archive everything at once into a tar file; - is standard output"},
    {"backup init", backup_target, flags_backup_init, "begin a backup that goes on by itself"},
    {"backup status",
     {},
     only_json,
     "where it goes, how far it is behind, when it was checked",
     ssh,
     Need::operate,
     Effect::reads},
    {"backup now", {}, {}, "store what changed now, whatever the runner does"},
    {"backup verify", {}, flags_backup_verify, "read it back, and hold it against what was stored"},
    {"backup compact", {}, {}, "begin again with everything, so that restoring is quick, and drop what is old"},
    {"backup restore", target_and_root, flags_backup_restore, "make a data root from a backup", Reach::box,
     Need::operate, Effect::reads},
    {"backup follow", target_and_root, flags_backup_follow,
     "keep a replica: a root for reading, made from a backup alone", Reach::box, Need::operate, Effect::reads},
    {"fsck", maybe_repository, only_json, "look into every repository, record, queue and cache", ssh, Need::operate,
     Effect::reads},
    {"doctor", {}, flags_doctor, "look for what is wrong, and say what to do", ssh, Need::operate, Effect::reads},
    {"serve", serve_options, {}, "start the web view, as quire-serve does", Reach::box, Need::operate, Effect::reads},
    {"completion",
     one_shell,
     {},
     "print what bash, zsh or fish needs to complete these words",
     Reach::box,
     Need::operate,
     Effect::reads},
    {"help", verb_words, {}, "this list, or more about a verb", ssh, Need::operate, Effect::reads},
    {"upkeep", maybe_repository, {}, "housekeeping of a repository, or of the trash", Reach::internal},
    {"push-mirror", one_mirror, {}, "push again what could not be pushed", Reach::internal},
    {"look-at-mirrors", one_repository, {}, "ask its mirrors what they have, and compare", Reach::internal},
    {"probe-mirrors", one_repository, {}, "whether its mirrors can be reached", Reach::internal},
    {"deliver-mail", {}, {}, "send what mail waits", Reach::internal},
    {"fill-workspace", name_and_run, flags_fill, "check a run's commit out into its workspace", Reach::internal},
    {"update-search",
     one_repository,
     {},
     "index the texts of its newest commits for searching",
     Reach::internal,
     Need::operate,
     Effect::reads},
    {"remember-tests",
     one_repository,
     {},
     "read the test reports of its new runs",
     Reach::internal,
     Need::operate,
     Effect::reads},
    {"sign-artifacts", name_and_run, {}, "sign for what a run kept", Reach::internal},
    {"index-changes",
     one_repository,
     {},
     "note the versions of changes that were pushed",
     Reach::internal,
     Need::operate,
     Effect::reads},
    {"ship-backup", {}, {}, "store what changed", Reach::internal},
    {"check-backup", {}, {}, "read a sample of the backup back", Reach::internal},
    {"compact-backup", {}, {}, "begin a generation of the backup", Reach::internal},
    {"refresh-sources", one_repository, {}, "look what its pipeline registers", Reach::internal},
    {"refresh-git",
     service,
     {},
     "fit the shared git settings to the git that is installed",
     Reach::internal,
     Need::operate,
     Effect::reads},
};

/// What the rest of the tree takes for granted, checked where the table is.
constexpr bool is_sound(const Verb& verb)
{
    bool optional = false;
    for (size_t i = 0; i < verb.operands.size(); i++) {
        const Operand& operand = verb.operands[i];
        bool is_local = operand.kind != Kind::path || verb.reach != Reach::over_ssh;
        if (operand.kind == Kind::none || !is_local ||
            (operand.count == Count::repeated && i + 1 != verb.operands.size()))
            return false;
        // A repeated one takes what is left: nothing before it may be in doubt.
        if (operand.count == Count::repeated && optional)
            return false;
        optional |= operand.count == Count::optional;
    }
    for (const Flag& flag : verb.flags) {
        // Over ssh every value is held against something.
        if (flag.reach == ssh && (flag.argument != nullptr) != (flag.kind != Kind::none))
            return false;
        if (flag.reach > verb.reach && verb.reach == Reach::internal)
            return false;
    }
    return true;
}

constexpr bool is_sound()
{
    for (const Verb& verb : all)
        if (!is_sound(verb))
            return false;
    return true;
}
static_assert(is_sound());

} // namespace quire::cli::verb_table
