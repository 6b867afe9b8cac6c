// remove_tree of sys/file.h.
//
// It holds a bounded number of directories open however deep the tree is: what lies below the depth limit is moved up,
// beneath the tree's own top, and removed from there. A directory that its owner locked himself out of, as Go's module
// cache does, is unlocked first. Every step goes by a name in an open directory and refuses symlinks there, so nothing
// outside of the tree can be reached, whatever is renamed meanwhile.
#include <unistd.h>

#include "sys/atomic_file.h"
#include "sys/file.h"

namespace quire::sys {

namespace {

constexpr int deepest = 24;

/// rwx for the owner of the directory `name`. It needs no permission in the directory itself, so by O_PATH.
Result<void> unlock(int parent, const std::string& name)
{
    UniqueFd fd = TRY(open_at(parent, name, O_PATH | O_DIRECTORY | O_NOFOLLOW));
    struct stat status{};
    if (::fstat(fd.get(), &status) < 0)
        return fail_errno(fmt::format("stat {}", name));
    constexpr mode_t all_of_owner = 0700;
    if ((status.st_mode & all_of_owner) == all_of_owner)
        return {};
    // A descriptor of O_PATH takes no fchmod; its name in /proc leads to that very directory.
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
    /// Takes away what is no directory.
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

    /// As much as can be removed is; the first failure is told. What somebody else removes meanwhile is fine.
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

    /// A directory that changes its parent has to be writable itself.
    Result<void> move_up(int directory, const std::string& name)
    {
        TRY(unlock(directory, name));
        TRY(rename_noreplace(directory, name, m_top, unique_name(".deep")));
        m_moved = true;
        return {};
    }

    int m_top = -1;
    bool m_moved = false; ///< to the top, which has to be looked at again
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
