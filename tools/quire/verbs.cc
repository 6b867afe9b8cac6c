#include "verbs.h"

#include <algorithm>

#include "cli/verb_table.h"

namespace quire::tool {

struct Named {
    std::string_view name;
    Function function;
};

constexpr Named functions[] = {
    {"init", verb_init},
    {"new", verb_new},
    {"list", verb_list},
    {"info", verb_info},
    {"rename", verb_rename},
    {"rm", verb_rm},
    {"restore", verb_restore},
    {"describe", verb_describe},
    {"default-branch", verb_default_branch},
    {"freeze", verb_freeze},
    {"thaw", verb_thaw},
    {"config get", verb_config_get},
    {"config set", verb_config_set},
    {"config unset", verb_config_unset},
    {"backup", verb_backup},
    {"backup init", verb_backup_init},
    {"backup status", verb_backup_status},
    {"backup now", verb_backup_now},
    {"backup verify", verb_backup_verify},
    {"backup compact", verb_backup_compact},
    {"backup restore", verb_backup_restore},
    {"backup follow", verb_backup_follow},
    {"ship-backup", verb_ship_backup},
    {"check-backup", verb_check_backup},
    {"compact-backup", verb_backup_compact},
    {"fsck", verb_fsck},
    {"doctor", verb_doctor},
    {"refresh-git", verb_refresh_git},
    {"upkeep", verb_upkeep},
    {"runs", verb_runs},
    {"logs", verb_logs},
    {"cancel", verb_cancel},
    {"approve", verb_approve},
    {"rerun", verb_rerun},
    {"replay", verb_replay},
    {"shell", verb_shell},
    {"bisect", verb_bisect},
    {"tests", verb_tests},
    {"verify", verb_verify},
    {"prune", verb_prune},
    {"pushes list", verb_pushes_list},
    {"pushes verify", verb_pushes_verify},
    {"tasks", verb_tasks},
    {"tasks retry", verb_tasks_retry},
    {"tasks drop", verb_tasks_drop},
    {"follow", verb_follow},
    {"trail", verb_trail},
    {"mirror add", verb_mirror_add},
    {"mirror list", verb_mirror_list},
    {"mirror check", verb_mirror_check},
    {"mirror rotate", verb_mirror_rotate},
    {"mirror rm", verb_mirror_rm},
    {"push-mirror", verb_push_mirror},
    {"look-at-mirrors", verb_look_at_mirrors},
    {"probe-mirrors", verb_probe_mirrors},
    {"key add", verb_key_add},
    {"key list", verb_key_list},
    {"key rm", verb_key_rm},
    {"import", verb_import},
    {"status", verb_status},
    {"audit", verb_audit},
    {"mail test", verb_mail_test},
    {"deliver-mail", verb_deliver_mail},
    {"serve", verb_serve},
    {"completion", verb_completion},
    {"help", verb_help},
    {"run", verb_run},
    {"update-search", verb_update_search},
    {"fill-workspace", verb_fill_workspace},
    {"remember-tests", verb_remember_tests},
    {"sign-artifacts", verb_sign_artifacts},
    {"index-changes", verb_index_changes},
    {"refresh-sources", verb_refresh_sources},
    {"pull", verb_pull},
};

/// By index, not by pointer: with sanitizers GCC 12 compares a function with nullptr at run time only.
constexpr size_t find_function(std::string_view verb)
{
    size_t i = 0;
    while (i < std::size(functions) && functions[i].name != verb)
        ++i;
    return i;
}

static_assert(std::all_of(std::begin(cli::verb_table::all), std::end(cli::verb_table::all),
                          [](const cli::Verb& verb) { return find_function(verb.name) < std::size(functions); }),
              "a verb of cli/verb_table.h has no function here");

Function function_of(const cli::Verb& verb) { return functions[find_function(verb.name)].function; }

Result<cli::Options> Call::options() const
{
    return cli::Options::parse(verb.name, verb.flags, verb.arity(), arguments);
}

Result<store::Root> Call::root() const { return store::Root::open(store::Root::choose(root_option)); }

Result<store::RepoName> Call::repository(const store::Root& root, const std::string& operand)
{
    return store::RepoName::from_request(operand, root.path());
}

} // namespace quire::tool
