// remove_tree of sys/file.h.
//
// It holds a limited number of directories open, however deep the tree is: what lies below the depth limit is moved up
// to the top of the tree and removed from there. A directory without permissions for its owner, such as Go's module
// cache makes, is unlocked first. Every step uses a name in an open directory and refuses symlinks, so nothing outside
// of the tree can be reached, whatever is renamed meanwhile.
#include <unistd.h>

#include "sys/atomic_file.h"
#include "sys/file.h"

namespace quire::sys {

namespace {

constexpr int deepest = 24;

/// Gives the owner rwx on the directory `name`. Opens it with O_PATH, which needs no permission on the directory
/// itself.
Result<void> unlock(int parent, const std::string& name)
{
    UniqueFd fd = TRY(open_at(parent, name, O_PATH | O_DIRECTORY | O_NOFOLLOW));
    struct stat status{};
    if (::fstat(fd.get(), &status) < 0)
        return fail_errno(fmt::format("stat {}", name));
    constexpr mode_t all_of_owner = 0700;
    if ((status.st_mode & all_of_owner) == all_of_owner)
        return {};
    // fchmod does not accept an O_PATH descriptor, but its name in /proc leads to exactly that directory.
    std::string path = fmt::format("/proc/self/fd/{}", fd.get());
    if (::chmod(path.c_str(), (status.st_mode | all_of_owner) & 07777) < 0)
        return fail_errno(fmt::format("change the mode of {}", name));
    return {};
}

class TreeRemover {
public:
    Result<void> remove(int directory, const std::string& path)
    {
        if (!TRY(is_directory_left(directory, path)))
            return {};
        UniqueFd top = TRY(open(directory, path));
        m_top = top.get();
        do {
            m_moved = false;
            if (auto emptied = empty(top.get(), 0); !emptied)
                return with_context(std::move(emptied).error(), path);
        } while (m_moved);
        return remove_directory(directory, path);
    }

private:
    /// Removes `name` unless it is a directory, and returns whether it is one.
    static Result<bool> is_directory_left(int parent, const std::string& name)
    {
        if (::unlinkat(parent, name.c_str(), 0) == 0 || errno == ENOENT)
            return false;
        if (errno != EISDIR)
            return fail_errno(fmt::format("remove {}", name));
        return true;
    }

    static Result<UniqueFd> open(int parent, const std::string& name)
    {
        TRY(unlock(parent, name));
        return open_at(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
    }

    /// Removes as much as it can and reports the first failure. It is fine if somebody else removes things meanwhile.
    Result<void> empty(int directory, int depth)
    {
        Result<void> outcome;
        for (const std::string& name : TRY(list_directory(directory, "."))) {
            auto removed = remove_entry(directory, name, depth);
            if (!removed && outcome && removed.error().kind != ErrorKind::not_found)
                outcome = std::move(removed);
        }
        return outcome;
    }

    Result<void> remove_entry(int directory, const std::string& name, int depth)
    {
        if (!TRY(is_directory_left(directory, name)))
            return {};
        if (::unlinkat(directory, name.c_str(), AT_REMOVEDIR) == 0)
            return {};
        if (depth == deepest)
            return move_up(directory, name);
        UniqueFd below = TRY(open(directory, name));
        if (auto emptied = empty(below.get(), depth + 1); !emptied)
            return with_context(std::move(emptied).error(), name);
        return remove_directory(directory, name);
    }

    /// Moving a directory to another parent requires write permission on it.
    Result<void> move_up(int directory, const std::string& name)
    {
        TRY(unlock(directory, name));
        TRY(rename_noreplace(directory, name, m_top, unique_name(".deep")));
        m_moved = true;
        return {};
    }

    int m_top = -1;
    bool m_moved = false; ///< something was moved to the top, so the top must be emptied again
};

} // namespace

Result<void> remove_tree(int directory, const std::string& path)
{
    auto removed = TreeRemover().remove(directory, path);
    if (!removed && removed.error().kind == ErrorKind::not_found)
        return {};
    return removed;
}

} // namespace quire::sys
