#include "ci/keeping/workspace_search.h"

#include <fcntl.h>
#include <fnmatch.h>

#include <algorithm>

#include "base/log.h"
#include "base/strings.h"
#include "sys/file.h"

namespace quire::ci {

namespace {

using Components = std::vector<std::string_view>;

bool component_matches(std::string_view pattern, std::string_view name)
{
    return ::fnmatch(std::string(pattern).c_str(), std::string(name).c_str(), FNM_NOESCAPE) == 0;
}

/// `whole`: the pattern must match up to the path's end. Otherwise the path may still be continued.
bool components_match(const Components& pattern, size_t at, const Components& path, size_t from, bool whole)
{
    while (at < pattern.size() && pattern[at] != "**") {
        if (from == path.size())
            return !whole;
        if (!component_matches(pattern[at], path[from]))
            return false;
        ++at;
        ++from;
    }
    if (at == pattern.size())
        return whole && from == path.size();
    if (!whole)
        return true;
    for (size_t rest = from; rest <= path.size(); ++rest)
        if (components_match(pattern, at + 1, path, rest, whole))
            return true;
    return false;
}

class Search {
public:
    using Found = std::function<Result<void>(const std::string&)>;
    Search(int workspace, const std::string& pattern, const Found& found)
        : m_workspace(workspace), m_pattern(pattern), m_found(found)
    {}

    enum class Wanted { if_matching, all };

    Result<void> below(const std::string& directory, Wanted wanted)
    {
        constexpr size_t deepest = 4000; // deep enough for any path
        if (directory.size() > deepest)
            return {};
        for (const auto& [name, is_directory] : entries(directory)) {
            std::string path = directory == "." ? name : directory + "/" + name;
            bool matches = wanted == Wanted::all || matches_pattern(m_pattern, path);
            if (!is_directory) {
                if (matches)
                    TRY(m_found(path));
            } else if (matches || may_match_below(m_pattern, path)) {
                TRY(below(path, matches ? Wanted::all : Wanted::if_matching));
            }
        }
        return {};
    }

private:
    /// The names in a directory, and whether each is a directory. Empty if it is gone or can't be read.
    std::vector<std::pair<std::string, bool>> entries(const std::string& directory) const
    {
        std::vector<std::pair<std::string, bool>> result;
        auto fd = sys::open_beneath(m_workspace, directory, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
        auto names =
            fd ? sys::list_directory(fd->get(), ".") : Result<std::vector<std::string>>(std::vector<std::string>());
        if (!names)
            return result;
        for (std::string& name : *names) {
            auto status = sys::stat_at(fd->get(), name);
            if (name != ".git" && status && *status)
                result.emplace_back(std::move(name), S_ISDIR((*status)->st_mode));
        }
        return result;
    }

    int m_workspace;
    const std::string& m_pattern;
    const Found& m_found;
};

} // namespace

bool matches_pattern(std::string_view pattern, std::string_view path)
{
    return components_match(split(pattern, '/'), 0, split(path, '/'), 0, true);
}

bool may_match_below(std::string_view pattern, std::string_view directory)
{
    return components_match(split(pattern, '/'), 0, split(directory, '/'), 0, false);
}

Result<void> check_pattern(const std::string& pattern, std::string_view what)
{
    Components components = split(pattern, '/');
    auto stars = std::count(components.begin(), components.end(), "**");
    for (std::string_view component : components)
        if (component.empty() || component == "." || component == ".." ||
            component.find('\0') != std::string_view::npos)
            return fail(ErrorKind::invalid,
                        "'{}' is no {}: give a path or a pattern below the workspace, without "
                        "'.', '..' or a slash at either end",
                        visible(pattern), what);
    if (stars > 4) // each further one multiplies the ways to match
        return fail(ErrorKind::invalid, "'{}' has too many '**'", pattern);
    return {};
}

Result<void> search_workspace(int workspace, const std::string& pattern,
                              const std::function<Result<void>(const std::string&)>& found)
{
    return Search(workspace, pattern, found).below(".", Search::Wanted::if_matching);
}

} // namespace quire::ci
