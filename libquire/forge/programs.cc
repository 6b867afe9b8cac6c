#include "forge/programs.h"

#include "base/strings.h"
#include "sys/file.h"

namespace quire::forge {

std::string_view mechanism_name(HookMechanism mechanism)
{
    return mechanism == HookMechanism::config ? "config" : "path";
}

Result<Programs> find_programs()
{
    std::string self = TRY(sys::read_link(AT_FDCWD, "/proc/self/exe"));
    std::string directory = self.substr(0, self.rfind('/'));
    std::string prefix = directory.substr(0, directory.rfind('/'));
    return Programs{TRY(git::find_program()), directory, prefix + "/libexec/quire/hooks"};
}

/// What identifies the file: its path, size, time of change and inode.
static Result<std::string> identity_of(const std::string& git)
{
    auto status = TRY(sys::stat_at(AT_FDCWD, git));
    if (!status)
        return fail(ErrorKind::system, "there is no git at {}", git);
    return fmt::format("{} {} {} {}", git, status->st_size, sys::modified_at(*status), status->st_ino);
}

Result<std::string> git_stamp(HookMechanism mechanism, const std::string& git)
{
    return fmt::format("{} {}", mechanism_name(mechanism), TRY(identity_of(git)));
}

Result<std::optional<HookMechanism>> mechanism_of_stamp(const std::string& stamp, const std::string& git)
{
    std::string_view rest = stamp;
    std::string_view name = take_until(rest, ' ');
    if (rest != TRY(identity_of(git)))
        return std::optional<HookMechanism>();
    if (name == "config")
        return std::optional(HookMechanism::config);
    if (name == "path")
        return std::optional(HookMechanism::path);
    return std::optional<HookMechanism>();
}

} // namespace quire::forge
