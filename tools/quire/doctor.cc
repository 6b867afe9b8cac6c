// doctor: look for what is wrong.
#include "forge/doctor.h"
#include "cli/table.h"
#include "deliver/backup_health.h"
#include "deliver/mirror.h"
#include "forge/config.h"
#include "text/escape.h"
#include "text/json.h"
#include "verbs.h"

namespace quire::tool {

static std::string text_of(const std::vector<forge::Finding>& findings)
{
    std::vector<std::vector<std::string>> rows;
    for (const forge::Finding& finding : findings) {
        rows.push_back(
            {std::string(forge::severity_name(finding.severity)), finding.check, text::for_terminal(finding.text)});
        if (!finding.advice.empty())
            rows.push_back({"", "", "→ " + text::for_terminal(finding.advice)});
    }
    return cli::format_table(rows, {cli::Align::left, cli::Align::left, cli::Align::left});
}

/// What deliveries have to say. A config that can't be read is told of above.
static void add_troubles(const store::Root& root, std::vector<forge::Finding>& findings)
{
    auto config = forge::read_global_config(root);
    if (!config)
        return;
    auto troubles = deliver::examine_mail(root, *config);
    for (deliver::Trouble& trouble : deliver::examine_mirrors(root))
        troubles.push_back(std::move(trouble));
    for (deliver::Trouble& trouble : troubles) {
        auto severity = trouble.advice.empty() ? forge::Severity::ok
                        : trouble.is_failure   ? forge::Severity::failure
                                               : forge::Severity::warning;
        findings.push_back({severity, trouble.check, trouble.text, trouble.advice});
    }
}

static void add_backup(const store::Root& root, std::vector<forge::Finding>& findings)
{
    using forge::Severity;
    auto health = deliver::examine_backup(root);
    if (!health)
        findings.push_back({Severity::failure, "backup", health.error().message, "quire backup status"});
    else if (!*health)
        findings.push_back({Severity::ok, "backup", "there is none; quire backup init TARGET begins one", ""});
    else if ((*health)->is_well())
        findings.push_back(
            {Severity::ok, "backup", (*health)->position ? "is up to date, or nearly" : "has been begun", ""});
    else
        for (const std::string& failure : (*health)->failures)
            findings.push_back({Severity::failure, "backup", failure, "quire backup status, quire backup verify"});
}

Result<int> verb_doctor(const Call& call)
{
    cli::Options options = TRY(call.options());
    store::Root root = TRY(call.root());
    auto findings = forge::examine(root, TRY(forge::find_installation()),
                                   {.fix = options.has("fix"), .proxy_url = options.value("proxy")});
    for (forge::Finding& finding : forge::examine_keys(root))
        findings.push_back(std::move(finding));
    add_troubles(root, findings);
    add_backup(root, findings);
    TRY(cli::print(options.has("json") ? text::write_json(to_data(findings)) + "\n" : text_of(findings)));
    return forge::has_failure(findings) ? cli::exit_no : cli::exit_yes;
}

} // namespace quire::tool
