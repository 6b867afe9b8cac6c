#include "store/git_stamp.h"

#include "base/strings.h"
#include "sys/file.h"
#include "sys/stamp.h"

namespace quire::store {

/// What identifies git's program on disk: its path and its lasting stamp.
static Result<std::string> identity_of(const std::string& git)
{
    auto stamp = TRY(sys::stamp_at(AT_FDCWD, git));
    if (!stamp)
        return fail(ErrorKind::system, "there is no git at {}", git);
    return fmt::format("{} {}", git, stamp->lasting());
}

Result<std::string> git_stamp(HookMechanism mechanism, const std::string& git)
{
    return fmt::format("{} {}", mechanism == HookMechanism::config ? "config" : "path", TRY(identity_of(git)));
}

Result<std::optional<HookMechanism>> hook_mechanism(const Root& root, const std::string& git)
{
    std::optional<HookMechanism> none;
    auto stamp = sys::read_link(root.fd(), paths::git_stamp);
    if (!stamp)
        return none; // it is missing or not a symlink, and must be rewritten
    std::string_view identity = *stamp;
    std::string_view mechanism = take_until(identity, ' ');
    if (identity != TRY(identity_of(git)))
        return none;
    if (mechanism == "config")
        return std::optional(HookMechanism::config);
    if (mechanism == "path")
        return std::optional(HookMechanism::path);
    return none;
}

} // namespace quire::store
