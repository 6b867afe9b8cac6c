// What verbs take: the operands and flags that the rows of verb_table.h name.
#pragma once

#include "cli/verbs.h"

namespace quire::cli::verb_table {

constexpr Reach ssh = Reach::over_ssh;

constexpr const char* run_states = "queued active succeeded failed errored canceled timed-out superseded skipped";

// ---- operands

constexpr Operand one_repository[] = {{"NAME", Kind::repository}};
constexpr Operand maybe_repository[] = {{"NAME", Kind::repository, Count::optional}};
constexpr Operand old_and_new[] = {{"OLD", Kind::repository}, {"NEW", Kind::repository}};
constexpr Operand name_and_text[] = {{"NAME", Kind::repository}, {"TEXT", Kind::prose}};
constexpr Operand name_and_message[] = {{"NAME", Kind::repository}, {"MESSAGE", Kind::prose, Count::optional}};
constexpr Operand name_and_branch[] = {{"NAME", Kind::repository},
                                       {"BRANCH", Kind::word, Count::optional, Effect::writes}};
constexpr Operand name_and_ref[] = {{"NAME", Kind::repository}, {"REF", Kind::text, Count::optional}};
constexpr Operand lines_of_file[] = {
    {"NAME", Kind::repository}, {"COMMIT", Kind::word}, {"PATH", Kind::text}, {"LINES", Kind::text}};
constexpr Operand name_of_file[] = {{"NAME", Kind::repository}, {"COMMIT", Kind::word}, {"PATH", Kind::text}};
constexpr Operand name_and_run[] = {{"NAME", Kind::repository}, {"N", Kind::number}};
constexpr Operand name_run_and_job[] = {
    {"NAME", Kind::repository}, {"N", Kind::number}, {"JOB", Kind::text, Count::optional}};
constexpr Operand name_and_maybe_run[] = {{"NAME", Kind::repository}, {"N", Kind::number, Count::optional}};
constexpr Operand file_and_run[] = {
    {"FILE", Kind::text}, {"NAME", Kind::repository, Count::optional}, {"N", Kind::number, Count::optional}};
constexpr Operand trashed[] = {{"NAME-OR-ID", Kind::word, Count::optional}};
constexpr Operand what_to_get[] = {{"NAME", Kind::word, Count::optional}, {"KEY", Kind::word, Count::optional}};
constexpr Operand what_to_set[] = {{"NAME", Kind::word, Count::optional}, {"KEY", Kind::word}, {"VALUE", Kind::text}};
constexpr Operand what_to_unset[] = {{"NAME", Kind::word, Count::optional}, {"KEY", Kind::word}};
constexpr Operand name_and_parameters[] = {{"NAME", Kind::repository}, {"KEY=VALUE", Kind::text, Count::repeated}};
constexpr Operand serve_options[] = {{"OPTION", Kind::text, Count::repeated}};
constexpr Operand verb_words[] = {{"VERB", Kind::word, Count::optional}, {"", Kind::word, Count::optional}};
constexpr Operand one_shell[] = {{"SHELL", Kind::word}};
constexpr Operand new_mirror[] = {{"NAME", Kind::repository}, {"MIRROR", Kind::word}, {"URL", Kind::text}};
constexpr Operand one_mirror[] = {{"NAME", Kind::repository}, {"MIRROR", Kind::word}};
constexpr Operand maybe_mirror[] = {{"NAME", Kind::repository}, {"MIRROR", Kind::word, Count::optional}};
constexpr Operand new_key[] = {{"WHO", Kind::word}, {"FILE", Kind::path, Count::optional}};
constexpr Operand one_key[] = {{"WHO", Kind::word}};
constexpr Operand import_paths[] = {{"PATH", Kind::path}, {"PATH", Kind::path, Count::repeated}};
constexpr Operand one_address[] = {{"ADDRESS", Kind::text, Count::optional}};
constexpr Operand archive_path[] = {{"PATH", Kind::path}};
constexpr Operand backup_target[] = {{"TARGET", Kind::text}};
constexpr Operand target_and_root[] = {{"TARGET", Kind::text}, {"ROOT", Kind::path}};
constexpr Operand one_task[] = {{"ID", Kind::word}};
constexpr Operand service[] = {{"git-receive-pack", Kind::word, Count::optional}};

// ---- flags

constexpr Flag json = {"json", nullptr, "print JSON, for scripts", Kind::none, ssh};
constexpr Flag only_json[] = {json};

constexpr Flag flags_new[] = {
    {"private", nullptr, "only those whom the web proxy vouches for see it", Kind::none, ssh},
    {"description", "TEXT", "one line about it", Kind::prose, ssh},
    {"default-branch", "BRANCH", "what a clone checks out; main unless given", Kind::word, ssh},
};
constexpr Flag flags_list[] = {
    {"names", nullptr, "only the names, one a line", Kind::none, ssh},
    json,
    {"greeting", nullptr, "as ssh shows it to whom asked for nothing", Kind::none, Reach::internal},
};
constexpr Flag flags_rm[] = {{"yes", nullptr, "don't ask", Kind::none, ssh}};
constexpr Flag flags_restore[] = {
    {"list", nullptr, "what is in the trash", Kind::none, ssh, '\0', "", Effect::reads},
    {"as", "NEW", "under another name", Kind::repository, ssh},
};
constexpr Flag flags_doctor[] = {
    {"fix", nullptr, "mend what is safe to mend", Kind::none, Reach::box, '\0', "", Effect::writes},
    {"proxy", "URL", "check that this proxy strips a forged Remote-User"},
    json,
};
constexpr Flag flags_runs[] = {
    {"limit", "N", "so many at most; 20 unless given", Kind::number, ssh},
    {"before", "N", "older ones than the run of that number", Kind::number, ssh},
    {"ref", "REF", "of that branch, tag or full name", Kind::text, ssh},
    {"state", "STATE", run_states, Kind::word, ssh, '\0', run_states},
    json,
};
constexpr Flag flags_logs[] = {
    {"job", "JOB", "of that job only", Kind::text, ssh},
    {"failed", nullptr, "only the last lines of what failed", Kind::none, ssh},
    {"follow", nullptr, "go on until the run ends; exit 1 unless it succeeds", Kind::none, ssh, 'f'},
    {"timestamps", nullptr, "when each line came, and on which stream", Kind::none, ssh},
    {"grep", "PATTERN", "the lines that match; without N, of all runs, newest first", Kind::text, ssh},
    {"ignore-case", nullptr, "with --grep: capitals or not", Kind::none, ssh},
    {"state", "STATE", "with --grep: of runs of that state", Kind::word, ssh, '\0', run_states},
    {"since", "AGE", "with --grep: of runs not older than 12h or 3d", Kind::word, ssh},
    {"limit", "N", "with --grep: so many lines at most; 1000 unless given", Kind::number, ssh},
    {"json", nullptr, "with --grep: print JSON, for scripts", Kind::none, ssh},
};
constexpr Flag flags_approve[] = {{"deny", "REASON", "fail it instead, and say why", Kind::prose, ssh}};
constexpr Flag flags_rerun[] = {
    {"failed", nullptr, "only what had not succeeded; the rest is taken over", Kind::none, ssh},
    {"job", "JOB", "only that job; the rest is taken over", Kind::text, ssh},
    {"from", "JOB", "only that job and those behind it", Kind::text, ssh},
    {"debug", nullptr, "tell each command with the names in its environment", Kind::none, ssh},
    json,
};
constexpr Flag flags_replay[] = {
    {"job", "JOB", "that job and what it waits for", Kind::text, ssh},
    {"run", nullptr, "do it here, in a temporary checkout"},
};
constexpr Flag flags_bisect[] = {
    {"job", "JOB", "that job; unless given, the first that fails on the default branch", Kind::text, ssh},
    {"good", "COMMIT", "where it succeeded; unless given, where runs say so", Kind::word, ssh},
    {"bad", "COMMIT", "where it fails; unless given, where runs say so", Kind::word, ssh},
    json,
};
constexpr Flag flags_shell[] = {
    {"secrets", nullptr, "with all secrets in its environment; the log tells", Kind::none, ssh}};
constexpr Flag flags_verify[] = {
    {"statement", "PATH", "the statement, with its signature beside it; provenance.json beside FILE unless told"},
    {"key", "FILE", "whose signatures count, as ssh-keygen's ALLOWED SIGNERS; the forge's own unless told"},
    json,
};
constexpr Flag flags_fill[] = {
    {"keep", "FILES", "note a checkout of so many files for the next run", Kind::number, Reach::internal}};
constexpr Flag flags_prune[] = {
    {"dry-run", nullptr, "only say what would go", Kind::none, ssh, '\0', "", Effect::reads}, json};
constexpr Flag flags_tests[] = {
    {"only", "WHAT", "failing flaky slow", Kind::word, ssh, '\0', "failing flaky slow"},
    {"limit", "N", "so many of each at most; 20 unless given", Kind::number, ssh},
    json,
};
constexpr Flag flags_pushes[] = {{"limit", "N", "so many at most; 20 unless given", Kind::number, ssh}, json};
constexpr Flag flags_follow[] = {{"limit", "N", "so many commits at most", Kind::number, ssh}, json};
constexpr Flag flags_mirror_add[] = {
    {"secret", "SECRET", "over https: the name of the token in config.fnl's :secrets", Kind::word, ssh},
    {"user", "USER", "over https: the user it belongs to; x-access-token unless given", Kind::word, ssh},
};
constexpr Flag keys_file = {"keys", "FILE", "another file than ~/.ssh/authorized_keys"};
constexpr Flag flags_key_add[] = {
    {"read-only", nullptr, "it fetches and looks, and changes nothing"},
    {"only", "NAMES", "for these repositories only, with commas between"},
    keys_file,
};
constexpr Flag flags_key_list[] = {json, keys_file};
constexpr Flag flags_rename[] = {keys_file};
constexpr Flag flags_key_rm[] = {keys_file};
constexpr Flag flags_import[] = {
    {"dry-run", nullptr, "only say what would be done", Kind::none, Reach::box, '\0', "", Effect::reads},
    {"move", nullptr, "delete each source once all of it is here"},
    {"with-keys", nullptr, "let the keys that are found log in, with no more rights than they had"},
    keys_file,
    json,
};
constexpr Flag flags_audit[] = {
    {"limit", "N", "so many at most; 20 unless given", Kind::number, ssh},
    {"key", "WHO", "of that key", Kind::word, ssh},
    {"refused", nullptr, "only what was not served", Kind::none, ssh},
    json,
};
constexpr Flag flags_run[] = {
    {"source", "SOURCE", "the manual source to fire", Kind::text, ssh, '\0', "", Effect::writes}, json};

constexpr Flag flags_backup_init[] = {
    {"recipient", "WHO", "encrypt for this age or gpg key; more of them behind commas"},
    {"plain", nullptr, "don't encrypt: who can read the target reads everything, secrets too"},
    {"without", "WHAT", "leave out runs, or only their artifacts", Kind::word, Reach::box, '\0', "runs artifacts"},
    {"keep-days", "N", "how far back it can be restored; 30 unless given", Kind::number},
};
constexpr Flag flags_backup_verify[] = {{"all", nullptr, "read back every object, not a sample"}, json};
constexpr Flag flags_backup_follow[] = {
    {"key", "FILE", "the key that quire backup init printed, in a file"},
    {"identity", "FILE", "of age, to decrypt with"},
    {"every", "SECONDS", "how often to look; 2 unless given", Kind::number},
    {"once", nullptr, "apply what there is, and end"},
};
constexpr Flag flags_backup_restore[] = {
    {"key", "FILE", "the key that quire backup init printed, in a file"},
    {"identity", "FILE", "of age, to decrypt with"},
    {"at", "TIME", "as it was then: 2026-11-21T11:34:37Z"},
};

} // namespace quire::cli::verb_table
