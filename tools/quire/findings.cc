#include "findings.h"

#include "deliver/backup_health.h"
#include "deliver/mail.h"
#include "deliver/mirror.h"
#include "forge/config.h"

namespace quire::tool {

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

std::vector<forge::Finding> delivery_findings(const store::Root& root)
{
    std::vector<forge::Finding> findings = forge::examine_keys(root);
    add_troubles(root, findings);
    add_backup(root, findings);
    return findings;
}

} // namespace quire::tool
