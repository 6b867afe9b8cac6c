#include "forge/stale_locks.h"

#include "base/log.h"
#include "forge/unfinished_objects.h"
#include "store/repositories.h"
#include "sys/atomic_file.h"
#include "sys/file.h"
#include "sys/self.h"

namespace quire::forge {

static void find_stale(int repository, const std::string& path, bool descend, Instant since,
                       std::vector<std::string>& found)
{
    auto names = sys::list_directory(repository, path.empty() ? "." : path);
    for (const std::string& name : std::move(names).value_or({})) {
        std::string inside = path.empty() ? name : path + "/" + name;
        // A file that quire locks by flock stays there, and is held by nobody.
        bool is_lock = (name.ends_with(".lock") && inside != store::paths::upkeep_lock) || sys::is_temporary_name(name);
        if (!is_lock && !descend)
            continue;
        auto status = sys::stat_at(repository, inside);
        if (!status || !*status)
            continue;
        if (S_ISDIR((*status)->st_mode)) {
            if (descend)
                find_stale(repository, inside, true, since, found);
        } else if (is_lock && sys::modified_at(**status) < since) {
            found.push_back(inside);
        }
    }
}

std::vector<std::string> stale_locks(int repository, Instant since)
{
    std::vector<std::string> found;
    find_stale(repository, "", false, since, found);
    find_stale(repository, "refs", true, since, found);
    find_stale(repository, store::paths::repository_settings, false, since, found);
    find_stale(repository, "objects/info", true, since, found);
    find_stale(repository, "objects/pack", false, since, found);
    return found;
}

void remove_leftovers_of_before(const store::Root& root)
{
    Instant booted = sys::booted_at();
    auto names = store::list_repositories(root);
    for (const store::RepoName& name : std::move(names).value_or({})) {
        auto repository = root.open_repository(name);
        if (!repository)
            continue;
        std::vector<std::string> found = stale_locks(repository->get(), booted);
        std::vector<std::string> unfinished = unfinished_objects(repository->get(), booted);
        found.insert(found.end(), unfinished.begin(), unfinished.end());
        for (const std::string& path : found)
            if (sys::remove_tree(repository->get(), path))
                log("{}: {} was left by a process that ended with the machine; it is removed", name.str(),
                    visible(path));
    }
}

} // namespace quire::forge
