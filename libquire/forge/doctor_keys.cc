// doctor: the keys that sshd lets in, and whether what they may do can be told.
#include <set>

#include "base/strings.h"
#include "forge/doctor.h"
#include "forge/keys.h"
#include "sys/file.h"

namespace quire::forge {

static void check_bounds(const store::Root& root, const std::string& place, const store::AuthorizedKey& key,
                         Report& report)
{
    std::string where = fmt::format("line {} of {} ({})", key.line, place, key.rights.name);
    if (!key.fault.empty())
        return report.failed("keys", fmt::format("{}: {}; quire-exec refuses the key", where, key.fault),
                             "quire key rm it by its fingerprint and add it again");
    if (!key.rights.only)
        return;
    for (const store::RepoName& name : *key.rights.only)
        if (!root.has_repository(name))
            report.warn("keys", fmt::format("{} is for {}, which does not exist", where, name.str()),
                        "quire key rm it: a repository that gets this name would be open to it");
}

static void examine(const store::Root& root, Report& report)
{
    auto path = authorized_keys_path(std::nullopt);
    if (!path || !sys::exists(AT_FDCWD, *path))
        return; // the keys are in another place, or nobody logs in
    auto keys = list_keys({root, *path});
    if (!keys)
        return report.failed("keys", keys.error().message, "");
    size_t before = report.findings().size();
    if (auto status = sys::stat_at(AT_FDCWD, *path); status && *status && ((*status)->st_mode & 022) != 0)
        report.failed("keys", *path + " can be written by others, so sshd ignores it", "chmod go-w " + *path);
    std::set<std::string> seen;
    for (const store::AuthorizedKey& key : *keys) {
        check_bounds(root, *path, key, report);
        if (!seen.insert(key.key.base64).second)
            report.warn("keys", fmt::format("line {} of {} has the key of a line above", key.line, *path),
                        "keep one of them: a key with bounds that stands there twice is refused");
    }
    if (report.findings().size() == before)
        report.ok("keys", fmt::format("{} may log in, and what they may do is clear", keys->size()));
}

std::vector<Finding> examine_keys(const store::Root& root)
{
    Report report(false);
    examine(root, report);
    return report.findings();
}

} // namespace quire::forge
