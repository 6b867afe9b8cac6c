#include "deliver/replica_update.h"

#include <algorithm>

#include "base/log.h"
#include "base/strings.h"
#include "deliver/backup_payload.h"
#include "git/packed_refs.h"
#include "store/push_log.h"
#include "sys/atomic_file.h"
#include "sys/exchange.h"
#include "sys/file.h"

namespace quire::deliver {

using store::ArchiveEntry;
using store::ArchiveReader;
namespace paths = store::paths;

/// What a repository's settings are while others take their place.
constexpr std::string_view closed_settings = "{:private true :frozen \"its settings change\"}\n";
constexpr size_t most_text = size_t{1} << 30;

static std::string directory_of(const std::string& path)
{
    size_t slash = path.rfind('/');
    return slash == std::string::npos ? "." : path.substr(0, slash);
}

static std::string name_of(const std::string& path) { return path.substr(path.rfind('/') + 1); }

std::string_view repository_in(std::string_view path)
{
    std::string_view rest = path;
    std::string_view top = take_until(rest, '/');
    if ((top != paths::repositories && top != paths::runs) || rest.empty())
        return {};
    std::string_view all = rest;
    std::string_view group = take_until(rest, '/');
    if (group.ends_with(".git"))
        return group;
    std::string_view own = take_until(rest, '/');
    return own.ends_with(".git") && !group.starts_with('.') ? all.substr(0, group.size() + 1 + own.size())
                                                            : std::string_view();
}

/// "runs/work/bar.git/3" of a file in it; "" for others.
static std::string run_in(const std::string& path)
{
    std::string_view repository = repository_in(path);
    std::string directory = fmt::format("{}/{}", paths::runs, repository);
    if (repository.empty() || !path.starts_with(directory + "/"))
        return "";
    std::string_view rest = std::string_view(path).substr(directory.size() + 1);
    std::string_view number = take_until(rest, '/');
    return parse_decimal(number) && !rest.empty() ? fmt::format("{}/{}", directory, number) : "";
}

static bool is_config(const std::string& path)
{
    return path == fmt::format("{}/{}/{}", paths::repositories, repository_in(path), paths::repository_config);
}

static bool is_record(const std::string& path)
{
    std::string run = run_in(path);
    return !run.empty() && path == run + "/" + paths::record;
}

Result<void> put_away(const store::Root& root, int spool, const std::string& path)
{
    auto parent = sys::open_beneath(root.fd(), directory_of(path), O_RDONLY | O_DIRECTORY);
    if (!parent && parent.error().kind == ErrorKind::not_found)
        return {};
    UniqueFd above = TRY(std::move(parent));
    auto renamed = sys::rename_at(above.get(), name_of(path), spool, sys::unique_name("gone"));
    if (!renamed && renamed.error().kind != ErrorKind::not_found)
        return renamed;
    return {};
}

Result<void> put_in_place(const store::Root& root, int spool, const std::string& path)
{
    UniqueFd from = TRY(sys::open_beneath(spool, directory_of(path), O_RDONLY | O_DIRECTORY));
    UniqueFd to = TRY(sys::make_directories_beneath(root.fd(), directory_of(path), 0750));
    std::string name = name_of(path);
    auto moved = sys::rename_noreplace(from.get(), name, to.get(), name);
    if (moved || moved.error().kind != ErrorKind::exists)
        return moved;
    return sys::exchange(from.get(), to.get(), name);
}

ReplicaUpdate::ReplicaUpdate(const store::Root& root, int spool)
    : m_root(root), m_fresh(spool), m_live(root.fd()), m_spool(spool)
{}

bool ReplicaUpdate::is_fresh(const std::string& path) const
{
    return std::any_of(m_fresh_paths.begin(), m_fresh_paths.end(), [&](const std::string& fresh) {
        return path == fresh || (path.starts_with(fresh) && path[fresh.size()] == '/');
    });
}

/// A repository's settings go last: until then it is closed.
void ReplicaUpdate::take_removal(const std::string& path)
{
    (is_config(path) ? m_gone_configs : m_removals).push_back(path);
}

Result<void> ReplicaUpdate::take_file(ArchiveReader& reader, const ArchiveEntry& entry, const std::string& path)
{
    TRY(m_fresh.apply_entry(reader, entry));
    std::string run = run_in(path);
    if (!run.empty() && (m_new_runs.contains(run) || !sys::exists(m_root.fd(), run)))
        m_new_runs.insert(run);
    else
        (is_config(path) ? m_configs : is_record(path) ? m_records : m_files).push_back(path);
    return {};
}

Result<void> ReplicaUpdate::take(ArchiveReader& reader, const ArchiveEntry& entry)
{
    std::string_view rest = entry.path;
    std::string_view kind = rest.substr(0, rest.find('/') + 1);
    rest.remove_prefix(kind.size());
    auto offset = kind == entry::grow ? parse_decimal(take_until(rest, '/')) : std::nullopt;
    std::string path(rest);
    if (kind == entry::repository) {
        m_new_repositories.push_back(path);
        m_fresh_paths.insert(path);
        m_fresh_paths.insert(paths::runs + path.substr(std::string_view(paths::repositories).size()));
    }
    if (is_fresh(path))
        return m_fresh.apply_entry(reader, entry);
    if (kind == entry::file)
        return take_file(reader, entry, path);
    if (kind == entry::remove) {
        take_removal(path);
        return {};
    }
    if (kind == entry::bundle) {
        m_touched.emplace(repository_in(path));
        return m_live.apply_entry(reader, entry);
    }
    if (entry.size > most_text)
        return fail(ErrorKind::invalid, "{}: is larger than a gigabyte", entry.path);
    std::string text;
    while (text.size() < entry.size)
        text += TRY(reader.content());
    if (kind == entry::refs)
        m_moves[path] += text;
    else if (offset)
        m_growths.push_back({path, *offset, std::move(text)});
    else
        return fail(ErrorKind::invalid, "'{}' is no entry that is known here: it is from a later quire",
                    visible(entry.path));
    return {};
}

Result<void> ReplicaUpdate::read(int payload)
{
    ArchiveReader reader(payload);
    while (auto entry = TRY(reader.next()))
        TRY(take(reader, *entry));
    return m_fresh.finish();
}

Result<void> ReplicaUpdate::close_repositories()
{
    for (const auto* paths : {&m_configs, &m_gone_configs})
        for (const std::string& path : *paths) {
            auto directory = sys::open_beneath(m_root.fd(), directory_of(path), O_RDONLY | O_DIRECTORY);
            if (directory)
                TRY(sys::replace_file_unsynced(directory->get(), name_of(path), closed_settings, 0640));
        }
    return {};
}

Result<void> ReplicaUpdate::grow()
{
    std::set<std::string> grown;
    for (const Growth& growth : m_growths) {
        UniqueFd parent = TRY(sys::make_directories_beneath(m_root.fd(), directory_of(growth.path), 0750));
        std::string name = name_of(growth.path);
        if (growth.offset == 0) {
            TRY(sys::replace_file_unsynced(parent.get(), name, growth.content, 0640));
        } else {
            UniqueFd file = TRY(sys::open_at(parent.get(), name, O_WRONLY | O_CREAT | O_NOFOLLOW, 0640));
            TRY(sys::write_at(file.get(), growth.content, growth.offset));
            TRY(sys::close_checked(std::move(file), growth.path));
        }
        if (growth.path.ends_with(paths::push_log))
            grown.emplace(directory_of(directory_of(growth.path)));
    }
    for (const std::string& path : grown)
        TRY(store::note_head(TRY(sys::open_beneath(m_root.fd(), path, O_RDONLY | O_DIRECTORY)).get()));
    return {};
}

Result<void> ReplicaUpdate::move_refs()
{
    for (const auto& [path, lines] : m_moves)
        TRY(git::move_packed_refs(TRY(sys::open_beneath(m_root.fd(), path, O_RDONLY | O_DIRECTORY)).get(), lines));
    return {};
}

Result<void> ReplicaUpdate::publish()
{
    TRY(close_repositories());
    // Runs before their repository: nobody finds them without it.
    for (const std::string& path : m_removals)
        if (!is_fresh(path))
            TRY(put_away(m_root, m_spool, path));
    for (const std::string& repository : m_new_repositories) {
        std::string runs = paths::runs + repository.substr(std::string_view(paths::repositories).size());
        if (sys::exists(m_spool, runs))
            TRY(put_in_place(m_root, m_spool, runs));
        else
            TRY(put_away(m_root, m_spool, runs));
        TRY(put_in_place(m_root, m_spool, repository));
    }
    for (const std::string& path : m_files)
        TRY(put_in_place(m_root, m_spool, path));
    TRY(grow());
    TRY(move_refs());
    for (const std::string& run : m_new_runs)
        TRY(put_in_place(m_root, m_spool, run));
    for (const auto* paths : {&m_records, &m_configs})
        for (const std::string& path : *paths)
            TRY(put_in_place(m_root, m_spool, path));
    for (const std::string& path : m_gone_configs)
        TRY(put_away(m_root, m_spool, path));
    return sys::sync_filesystem(m_root.fd(), m_root.path());
}

} // namespace quire::deliver
