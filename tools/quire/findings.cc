#include "findings.h"

#include "base/show_time.h"
#include "deliver/backup_health.h"
#include "deliver/mail.h"
#include "deliver/mirror.h"
#include "forge/config.h"
#include "store/replica.h"

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

/// Of a replica only.
static void add_replica(const store::Root& root, std::vector<forge::Finding>& findings)
{
    using forge::Severity;
    auto state = store::read_replica(root);
    if (!state)
        findings.push_back({Severity::failure, "replica", state.error().message, "quire backup follow writes it anew"});
    if (!state || !*state)
        return;
    std::string lag = store::lag_of(**state);
    std::string until = show_moment(store::current_until(**state));
    if (lag.empty())
        findings.push_back({Severity::ok, "replica",
                            fmt::format("of {}, with what was stored until {}", store::origin_of(**state), until), ""});
    else
        findings.push_back({Severity::failure, "replica",
                            fmt::format("of {}, not current since {}: {}", store::origin_of(**state), until, lag),
                            "see what quire backup follow prints, and quire backup verify on the forge"});
}

std::vector<forge::Finding> delivery_findings(const store::Root& root)
{
    std::vector<forge::Finding> findings = forge::examine_keys(root);
    add_replica(root, findings);
    add_troubles(root, findings);
    add_backup(root, findings);
    return findings;
}

} // namespace quire::tool
