#include "deliver/backup_collect.h"

#include "base/strings.h"
#include "store/layout.h"
#include "sys/atomic_file.h"
#include "sys/file.h"
#include "sys/stamp.h"

namespace quire::deliver {

namespace paths = store::paths;

Result<void> FileChanges::see(const std::string& path)
{
    auto stamp = TRY(sys::stamp_at(m_root.fd(), path));
    if (!stamp)
        return {};
    std::string now = stamp->lasting();
    auto known = m_scope.files.find(path);
    if (known != m_scope.files.end() && known->second == now) {
        m_seen.emplace(path, now);
        return {};
    }
    if (TRY(m_payload.add_file(path))) {
        m_seen.emplace(path, now);
        m_changed = true;
    }
    return {};
}

Result<bool> FileChanges::finish()
{
    for (const auto& [path, stamp] : m_scope.files)
        if (!m_seen.contains(path)) {
            TRY(m_payload.add_removal(path));
            m_changed = true;
        }
    m_scope.files = std::move(m_seen);
    return m_changed;
}

namespace {

/// A walk through what is no repository's, along the table of what is to be kept.
class RootWalk {
public:
    RootWalk(const Collection& collection, FileChanges& changes) : m_collection(collection), m_changes(changes) {}

    Result<void> enter(const std::string& directory)
    {
        auto names = sys::list_directory(m_collection.root.fd(), directory.empty() ? "." : directory);
        if (!names && names.error().kind == ErrorKind::not_found)
            return {}; // gone meanwhile
        for (const std::string& name : TRY(std::move(names)))
            if (!sys::is_temporary_name(name))
                TRY(look_at(directory.empty() ? name : directory + "/" + name));
        return {};
    }

private:
    static bool is_of_repositories(std::string_view path)
    {
        std::string_view name = path;
        std::string_view top = take_until(name, '/');
        bool below = name.size() < path.size() && !name.empty();
        return path == paths::repositories || (top == paths::runs && below && !path.starts_with(paths::queue));
    }

    /// What is a backup's own business is made anew where it is restored.
    static bool is_own(std::string_view path)
    {
        std::string_view task = path;
        return path == paths::backup_directory ||
               (strip_prefix(task, paths::queue_tasks) && (task.starts_with("/backup") || task == "/active"));
    }

    Result<void> look_at(const std::string& path)
    {
        if (is_of_repositories(path) || is_own(path))
            return {};
        auto status = TRY(sys::stat_at(m_collection.root.fd(), path));
        if (!status)
            return {};
        const store::LayoutRow* row = store::find_in_layout(path);
        bool kept = row && row->worth == store::Worth::durable;
        if (S_ISDIR(status->st_mode))
            return kept || store::leads_into_layout(path) ? enter(path) : Result<void>();
        return kept ? m_changes.see(path) : Result<void>();
    }

    const Collection& m_collection;
    FileChanges& m_changes;
};

} // namespace

Result<Collected> collect_root(const Collection& collection, BackupScope& scope, BackupPayload& payload)
{
    FileChanges changes(collection.root, scope, payload);
    RootWalk walk(collection, changes);
    TRY(walk.enter(""));
    return Collected{.changed = TRY(changes.finish())};
}

Result<Collected> collect_gone(const std::string& scope_name, BackupScope& scope, BackupPayload& payload)
{
    if (scope.gone)
        return Collected{};
    store::RepoName name = TRY(store::RepoName::from_component(scope_name));
    TRY(payload.add_removal(paths::repository(name)));
    TRY(payload.add_removal(paths::repository_runs(name)));
    scope = BackupScope{.gone = true};
    return Collected{.changed = true};
}

} // namespace quire::deliver
