#include "store/layout.h"

#include <algorithm>
#include <vector>

#include "base/strings.h"

namespace quire::store {

using enum Worth;

constexpr LayoutRow rows[] = {
    {"config.fnl", "operator", durable, Privacy::secret},
    {"proxy-secret", "quire", durable, Privacy::secret},
    {".ssh/host_key", "sshd", durable, Privacy::secret},
    {".ssh/^host_key", "operator", durable},
    {"repos/REPO/quire/config.fnl", "quire", durable},
    {"repos/REPO/quire/pushes.jsonl", "quire-hook", durable},
    {"repos/REPO/quire/pushes.head", "quire-hook", durable},
    {"repos/REPO/quire/certificates/*", "quire-hook", durable},
    {"repos/REPO/quire/sources.fnl", "quire", derived},
    {"repos/REPO/quire/cron/*", "quire-runner", durable},
    {"repos/REPO/quire/mirrors/*/key", "quire", durable, Privacy::secret},
    {"repos/REPO/quire/mirrors/*/key.next", "quire", durable, Privacy::secret},
    {"repos/REPO/quire/mirrors/*/key.old", "quire", durable, Privacy::secret},
    {"repos/REPO/quire/mirrors/*/lock", "quire", passing},
    {"repos/REPO/quire/mirrors/*/*", "quire", durable},
    {"repos/REPO/quire/moving.fnl", "quire", passing},
    {"repos/REPO/quire/upkeep.lock", "quire", passing},
    {"repos/REPO/quire/without-bitmap", "quire", derived},
    {"repos/REPO/^quire", "git", durable},
    {"repos/REPO/^quire/**", "git", durable},
    {"git/config", "quire", derived},
    {"git/stamp", "quire", derived},
    {"git/nonce", "quire", derived, Privacy::secret},
    {"git/allowed-signers", "operator", durable},
    {"git/local", "operator", durable},
    {"provenance/key", "quire", durable, Privacy::secret},
    {"provenance/allowed-signers", "quire", durable},
    {"runs/.queue/new/*", "quire-hook, quire", durable},
    {"runs/.queue/active/*", "quire-runner", durable},
    {"runs/.queue/cancel/*", "quire", durable},
    {"runs/.queue/approve/*", "quire", durable},
    {"runs/.queue/kept/*", "quire-runner", passing},
    {"runs/.queue/intent/*", "quire-hook", durable},
    {"runs/.queue/lost/*", "quire-runner", durable},
    {"runs/.queue/tasks/**", "quire-hook, quire-runner", durable},
    {"runs/.queue/notices/*", "quire-runner, quire", durable},
    {"runs/.queue/mail.fnl", "quire", durable, Privacy::secret},
    {"runs/.queue/mail.lock", "quire", passing},
    {"runs/.queue/runner.lock", "quire-runner", passing},
    {"runs/.trash/**", "quire", passing},
    {"runs/REPO/next", "quire-hook, quire", durable},
    {"runs/REPO/retention.json", "quire", derived},
    {"runs/REPO/tests", "quire", derived},
    {"runs/REPO/changes", "quire-history", derived},
    {"runs/REPO/entries", "quire-history", derived},
    {"runs/REPO/newest", "quire-history", derived},
    {"runs/REPO/paths", "quire-history", derived},
    {"runs/REPO/checkout/**", "quire-runner", derived},
    {"runs/REPO/N/meta.fnl", "quire-runner", durable},
    {"runs/REPO/N/lock", "quire-runner", passing},
    {"runs/REPO/N/dispatch.json", "quire-runner", passing, Privacy::secret},
    {"runs/REPO/N/stop", "quire-runner", passing},
    {"runs/REPO/N/launch", "quire-runner", passing},
    {"runs/REPO/N/waits.fnl", "quire-ci", passing},
    {"runs/REPO/N/shell.json", "quire-runner", passing, Privacy::secret},
    {"runs/REPO/N/shell.lock", "quire", passing},
    {"runs/REPO/N/provenance.json", "quire", durable},
    {"runs/REPO/N/provenance.json.sig", "quire", durable},
    {"runs/REPO/N/events.jsonl", "quire-ci", durable},
    {"runs/REPO/N/quire-ci.log", "quire-ci", durable},
    {"runs/REPO/N/pipeline/**", "quire-hook, quire", durable},
    {"runs/REPO/N/jobs/*/*.log", "quire-ci", durable},
    {"runs/REPO/N/jobs/*/*.idx", "quire-ci", derived},
    {"runs/REPO/N/jobs/*/outputs.json", "quire-ci", durable},
    {"runs/REPO/N/artifacts/**", "quire-ci", durable},
    {"runs/REPO/N/reports/**", "quire-ci", durable},
    {"runs/REPO/N/workspace/**", "quire-runner", passing},
    {"runs/REPO/N/checkout/**", "quire", passing},
    {"runs/REPO/N/earlier-checkout/**", "quire", passing},
    {"audit/*", "quire-exec", apart, Privacy::secret},
    {"logs/**", "s6", apart},
    {"replica/state.json", "quire", apart},
    {"replica/lock", "quire", passing},
    {"replica/spool/**", "quire", passing},
    {"backup/settings.fnl", "quire", apart},
    {"backup/key", "quire", apart, Privacy::secret},
    {"backup/lock", "quire", passing},
    {"backup/compact.lock", "quire", passing},
    {"backup/checked.json", "quire", derived},
    {"backup/generations/N/*", "quire", derived},
    {"backup/spool/**", "quire", passing},
    {"cache/.sizes", "quire", derived},
    {"cache/.compiled/**", "quire-ci", derived},
    {"cache/.web/**", "quire-serve", derived},
    {"cache/.search/REPO/*", "quire", derived},
    {"cache/REPO/**", "quire-ci", derived},
    {"trash/*/**", "quire", durable},
};

std::span<const LayoutRow> layout() { return rows; }

using Parts = std::span<const std::string_view>;

static bool is_number(std::string_view name) { return parse_decimal(name).has_value(); }

static bool name_fits(std::string_view pattern, std::string_view name)
{
    if (pattern == "N")
        return is_number(name);
    if (strip_prefix(pattern, "^"))
        return name != pattern;
    if (strip_prefix(pattern, "*"))
        return name.size() > pattern.size() && name.ends_with(pattern);
    return pattern == name;
}

/// How much of a path is there: all of it, or a directory on the way.
enum class Extent { whole, way };

static bool fits(Parts pattern, Parts path, Extent extent)
{
    while (!pattern.empty()) {
        if (path.empty())
            return extent == Extent::way;
        std::string_view part = pattern.front();
        pattern = pattern.subspan(1);
        if (part == "**")
            return extent == Extent::whole;
        if (part == "REPO") {
            bool is_group = !path.front().ends_with(".git") && !path.front().starts_with('.');
            if (is_group && path.size() == 1)
                return extent == Extent::way;
            std::string_view repository = path[is_group ? 1 : 0];
            if (!repository.ends_with(".git"))
                return false;
            path = path.subspan(is_group ? 2 : 1);
            continue;
        }
        if (!name_fits(part, path.front()))
            return false;
        path = path.subspan(1);
    }
    return path.empty() && extent == Extent::whole;
}

static const LayoutRow* find(std::string_view path, Extent extent)
{
    auto parts = split(path, '/');
    auto found = std::find_if(std::begin(rows), std::end(rows),
                              [&](const LayoutRow& row) { return fits(split(row.path, '/'), parts, extent); });
    return found == std::end(rows) ? nullptr : found;
}

const LayoutRow* find_in_layout(std::string_view path) { return find(path, Extent::whole); }

bool leads_into_layout(std::string_view path) { return find(path, Extent::way) != nullptr; }

std::string_view to_string(Worth worth)
{
    switch (worth) {
    case durable:
        return "durable";
    case derived:
        return "derived";
    case passing:
        return "passing";
    case apart:
        break;
    }
    return "apart";
}

} // namespace quire::store
