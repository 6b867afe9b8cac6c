#include "forge/unfinished_objects.h"

#include <algorithm>

#include "sys/file.h"

namespace quire::forge {

/// When somebody last wrote into the file or directory, or below it. nullopt: it is gone.
static std::optional<Instant> last_written(int repository, const std::string& path)
{
    auto status = sys::stat_at(repository, path);
    if (!status || !*status)
        return std::nullopt;
    Instant last = sys::modified_at(**status);
    if (!S_ISDIR((*status)->st_mode))
        return last;
    auto names = sys::list_directory(repository, path);
    for (const std::string& name : std::move(names).value_or({}))
        last = std::max(last, last_written(repository, path + "/" + name).value_or(last));
    return last;
}

static void find_unfinished(int repository, const std::string& directory, std::string_view prefix, Instant since,
                            std::vector<std::string>& found)
{
    auto names = sys::list_directory(repository, directory);
    for (const std::string& name : std::move(names).value_or({})) {
        if (!name.starts_with(prefix))
            continue;
        std::string path = directory + "/" + name;
        auto last = last_written(repository, path);
        if (last && *last < since)
            found.push_back(std::move(path));
    }
}

std::vector<std::string> unfinished_objects(int repository, Instant since)
{
    std::vector<std::string> found;
    find_unfinished(repository, "objects", "tmp_objdir-", since, found);
    find_unfinished(repository, "objects/pack", "tmp_", since, found);
    find_unfinished(repository, "objects/info/commit-graphs", "tmp_", since, found);
    return found;
}

} // namespace quire::forge
