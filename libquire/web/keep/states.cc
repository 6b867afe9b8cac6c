#include "web/keep/states.h"

#include <algorithm>

#include "store/mirror.h"
#include "store/root.h"
#include "sys/file.h"
#include "sys/stamp.h"

namespace quire::web {

/// Coarser than any clock that the kernel stamps files with.
constexpr Instant clock_tick = nanoseconds_per_second / 50;
constexpr size_t max_directories = 2000;

/// Looks at the files of one repository.
class States::Looker {
public:
    Looker(Cached<Directories>& directories, int repository) : m_directories(directories), m_repository(repository) {}

    /// False if it is not there.
    bool add_identity()
    {
        auto stamp = sys::stamp_at(m_repository, ".");
        if (!stamp || !*stamp)
            return false;
        m_identity = fmt::format("{}.{};", (*stamp)->device, (*stamp)->inode);
        m_state += m_identity;
        return true;
    }

    void add(const std::string& path) { add_stamp(m_state, path); }

    /// False if there are too many directories to watch.
    bool add_directories(std::vector<std::string> roots)
    {
        std::string key = m_identity + roots[0];
        auto known = m_directories.find_last(key);
        std::string stamps = known ? stamps_of(known->paths) : std::string();
        if (!known || stamps != known->stamps) {
            if (!find_directories(roots))
                return false;
            stamps = stamps_of(roots);
            size_t bytes = stamps.size();
            for (const std::string& path : roots)
                bytes += sizeof path + path.size();
            m_directories.keep(key, {{stamps, std::move(roots)}, bytes});
        }
        m_state += stamps;
        return true;
    }

    std::string& state() { return m_state; }
    /// Whether what was met is old enough for a change from now on to be told by its time.
    bool is_settled() const { return m_newest + clock_tick < now(); }

private:
    void add_stamp(std::string& stamps, const std::string& path)
    {
        auto stamp = sys::stamp_at(m_repository, path);
        if (!stamp || !*stamp) {
            stamps += "-;";
            return;
        }
        m_newest = std::max({m_newest, (*stamp)->modified, (*stamp)->changed});
        stamps += (*stamp)->str() + ";";
    }

    std::string stamps_of(const std::vector<std::string>& paths)
    {
        std::string stamps;
        for (const std::string& path : paths)
            add_stamp(stamps, path);
        return stamps;
    }

    /// Adds the directories below these.
    bool find_directories(std::vector<std::string>& paths) const
    {
        for (size_t i = 0; i < paths.size() && paths.size() <= max_directories; ++i) {
            std::string parent = paths[i];
            for (const std::string& name : sys::list_directory(m_repository, parent).value_or({})) {
                std::string path = parent + "/" + name;
                auto status = sys::stat_at(m_repository, path);
                bool is_own = path == "refs/quire"; // readers are not told of what is below it
                if (!is_own && status && *status && S_ISDIR((*status)->st_mode))
                    paths.push_back(std::move(path));
            }
        }
        return paths.size() <= max_directories;
    }

    Cached<Directories>& m_directories;
    int m_repository;
    std::string m_identity, m_state;
    Instant m_newest = 0; ///< the latest time met
};

std::optional<std::string> States::of(DependsOn what, int repository)
{
    auto on = [what](DependsOn one) { return has(what, one); };
    if (on(DependsOn::more))
        return std::nullopt;
    Looker look(m_directories, repository);
    if (repository >= 0 && !look.add_identity())
        return std::nullopt;
    if (on(DependsOn::repositories)) {
        auto list = m_repositories.state();
        if (!list)
            return std::nullopt;
        look.state() += *list + ";";
    }
    if (on(DependsOn::config))
        look.add(store::paths::repository_config);
    if (on(DependsOn::refs) || on(DependsOn::named_ref) || on(DependsOn::notes) || on(DependsOn::fetched))
        look.add("packed-refs");
    if (on(DependsOn::fetched)) {
        look.add("HEAD");
        look.add("config");
        look.add("objects/pack");
        if (!look.add_directories({"refs"}))
            return std::nullopt;
    }
    if (on(DependsOn::refs) || on(DependsOn::named_ref)) {
        look.add("HEAD");
        if (!look.add_directories({"refs/heads", "refs/tags"}))
            return std::nullopt;
    }
    if (on(DependsOn::notes) && !look.add_directories({"refs/notes"}))
        return std::nullopt;
    if (on(DependsOn::mirrors))
        look.add(store::paths::mirrors);
    if (on(DependsOn::push_log))
        look.add(store::paths::push_log);
    if (!look.is_settled())
        return std::nullopt;
    if (on(DependsOn::settings))
        look.state() += m_settings.now()->state;
    return std::move(look.state());
}

} // namespace quire::web
