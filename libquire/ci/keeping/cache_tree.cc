#include "ci/keeping/cache_tree.h"

#include <fcntl.h>

#include <algorithm>

#include "base/strings.h"
#include "store/archive.h"
#include "sys/file.h"
#include "sys/file_status.h"
#include "text/json.h"

namespace quire::ci {

namespace {

using Paths = std::vector<std::string>;

/// The comment in an archive of these paths.
std::string describe(Paths paths)
{
    std::sort(paths.begin(), paths.end());
    text::Data::Sequence all(paths.begin(), paths.end());
    return text::write_json(text::Data(std::move(all)));
}

class Packer {
public:
    Packer(int workspace, int archive, uint64_t limit) : m_workspace(workspace), m_writer(archive), m_limit(limit) {}

    Result<PackedTree> pack(const Paths& paths)
    {
        TRY(m_writer.comment(describe(paths)));
        for (const std::string& path : paths) {
            size_t slash = path.rfind('/');
            auto parent = sys::open_beneath(m_workspace, slash == std::string::npos ? "." : path.substr(0, slash),
                                            O_RDONLY | O_DIRECTORY);
            std::string name = slash == std::string::npos ? path : path.substr(slash + 1);
            if (!parent && parent.error().kind != ErrorKind::not_found)
                return Unexpected(std::move(parent).error());
            if (parent && TRY(sys::stat_at(parent->get(), name)))
                TRY(add(path));
            else
                m_result.missing.push_back(path);
        }
        if (!m_result.too_large)
            TRY(m_writer.finish());
        m_result.size = m_writer.size();
        return std::move(m_result);
    }

private:
    Result<void> add(const std::string& path)
    {
        constexpr size_t deepest = 4000;
        m_result.too_large = m_result.too_large || m_writer.size() > m_limit;
        if (m_result.too_large || path.size() > deepest)
            return {};
        auto link = sys::open_beneath(m_workspace, path, O_PATH | O_NOFOLLOW);
        if (!link)
            return {}; // gone meanwhile
        struct stat status = TRY(sys::stat_of(link->get(), path));
        store::ArchiveEntry entry{.path = path, .mode = status.st_mode & 0777, .modified = sys::modified_at(status)};
        if (S_ISLNK(status.st_mode)) {
            entry.kind = store::ArchiveEntry::Kind::symlink;
            entry.text = TRY(sys::read_link(link->get(), ""));
            ++m_result.entries;
            return m_writer.add(entry);
        }
        if (S_ISREG(status.st_mode))
            return add_file(std::move(entry));
        if (!S_ISDIR(status.st_mode))
            return {};
        entry.kind = store::ArchiveEntry::Kind::directory;
        TRY(m_writer.add(entry));
        ++m_result.entries;
        Paths names;
        {
            UniqueFd directory = TRY(sys::open_beneath(m_workspace, path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW));
            names = TRY(sys::list_directory(directory.get(), "."));
        }
        for (const std::string& name : names)
            TRY(add(path + "/" + name));
        return {};
    }

    Result<void> add_file(store::ArchiveEntry entry)
    {
        constexpr size_t piece = 256u << 10;
        UniqueFd file = TRY(sys::open_beneath(m_workspace, entry.path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK));
        struct stat status = TRY(sys::stat_of(file.get(), entry.path));
        if (!S_ISREG(status.st_mode))
            return {};
        entry.size = static_cast<uint64_t>(status.st_size);
        m_result.too_large = entry.size > m_limit || m_writer.size() > m_limit - entry.size;
        if (m_result.too_large)
            return {};
        TRY(m_writer.add(entry));
        ++m_result.entries;
        for (uint64_t left = entry.size; left > 0;) {
            std::string bytes = TRY(sys::read_some(file.get(), static_cast<size_t>(std::min<uint64_t>(piece, left))));
            if (bytes.empty())
                return fail(ErrorKind::busy, "{} shrank while it was read", entry.path);
            left -= bytes.size();
            TRY(m_writer.add_content(bytes));
        }
        return {};
    }

    int m_workspace;
    store::ArchiveWriter m_writer;
    uint64_t m_limit;
    PackedTree m_result;
};

/// Whether the path is one of `paths` or below one, with no "." or ".." in it.
bool belongs(const std::string& path, const Paths& paths)
{
    for (std::string_view component : split(path, '/'))
        if (component.empty() || component == "." || component == ".." ||
            component.find('\0') != std::string_view::npos)
            return false;
    return std::any_of(paths.begin(), paths.end(), [&](const std::string& known) {
        return path == known || (path.starts_with(known) && path[known.size()] == '/');
    });
}

Result<void> unpack_entry(store::ArchiveReader& reader, const store::ArchiveEntry& entry, int workspace)
{
    if (entry.kind == store::ArchiveEntry::Kind::directory) {
        TRY(sys::make_directories_beneath(workspace, entry.path));
        return {};
    }
    size_t slash = entry.path.rfind('/');
    UniqueFd parent = slash == std::string::npos
                          ? TRY(sys::duplicate(workspace))
                          : TRY(sys::make_directories_beneath(workspace, entry.path.substr(0, slash)));
    std::string name = slash == std::string::npos ? entry.path : entry.path.substr(slash + 1);
    auto removed = sys::unlink_at(parent.get(), name);
    if (!removed && removed.error().kind != ErrorKind::not_found)
        return with_context(std::move(removed).error(), entry.path);
    if (entry.kind == store::ArchiveEntry::Kind::symlink)
        return sys::symlink_at(entry.text, parent.get(), name);
    UniqueFd file = TRY(sys::open_at(parent.get(), name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, entry.mode & 0777));
    for (;;) {
        std::string bytes = TRY(reader.content());
        if (bytes.empty())
            break;
        TRY(sys::write_all(file.get(), bytes));
    }
    TRY(sys::set_modified(file.get(), entry.modified, entry.path));
    return sys::close_checked(std::move(file), entry.path);
}

} // namespace

Result<PackedTree> pack_tree(int workspace, const Paths& paths, int archive, uint64_t limit)
{
    return Packer(workspace, archive, limit).pack(paths);
}

Result<UnpackedTree> unpack_tree(int archive, int workspace, const Paths& paths)
{
    store::ArchiveReader reader(archive);
    UnpackedTree result;
    auto first = TRY(reader.next());
    if (!first || first->kind != store::ArchiveEntry::Kind::comment)
        return fail(ErrorKind::invalid, "it is damaged: it does not say what it holds");
    if (first->text != describe(paths)) {
        result.other_paths = true;
        return result;
    }
    while (auto entry = TRY(reader.next())) {
        if (entry->kind == store::ArchiveEntry::Kind::comment || !belongs(entry->path, paths))
            return fail(ErrorKind::invalid, "it is damaged: an entry that does not belong");
        TRY(unpack_entry(reader, *entry, workspace));
        result.files += entry->kind == store::ArchiveEntry::Kind::directory ? 0 : 1;
        result.bytes += entry->size;
    }
    return result;
}

} // namespace quire::ci
