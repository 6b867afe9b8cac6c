#include "ci/executors/control_groups.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <cmath>

#include "base/strings.h"
#include "init/room.h"
#include "sys/file.h"
#include "sys/self.h"

namespace quire::ci {

namespace {

constexpr std::string_view group_prefix = "quire-job-";

bool has_session(const sys::Environment& environment)
{
    if (sys::get_variable(environment, "DBUS_SESSION_BUS_ADDRESS"))
        return true;
    auto directory = sys::get_variable(environment, "XDG_RUNTIME_DIR");
    return directory &&
           (sys::exists(AT_FDCWD, *directory + "/systemd/private") || sys::exists(AT_FDCWD, *directory + "/bus"));
}

/// The directory of the group that ours is in, if that group is the user's.
std::optional<std::string> groups_of_user(const GroupFiles& files)
{
    auto groups = sys::read_file(AT_FDCWD, files.membership);
    constexpr std::string_view mark = "0::/";
    if (!groups || !groups->starts_with(mark))
        return std::nullopt;
    std::string own = groups->substr(mark.size(), groups->find('\n') - mark.size());
    std::string above = own.substr(0, own.find('/') == std::string::npos ? 0 : own.rfind('/'));
    std::string directory = files.mount + "/" + above;
    auto status = sys::stat_at(AT_FDCWD, directory);
    if (!status || !*status || (*status)->st_uid != sys::user_id())
        return std::nullopt;
    return directory;
}

/// Writes to a file of the kernel's, which must be there.
bool tell(const std::string& path, std::string_view value)
{
    auto file = sys::open_at(AT_FDCWD, path, O_WRONLY);
    return file && sys::write_all(file->get(), value).has_value();
}

/// A group is named after the process that made it.
void remove_abandoned(const std::string& groups)
{
    for (const std::string& name : sys::list_directory(AT_FDCWD, groups).value_or(std::vector<std::string>()))
        if (name.starts_with(group_prefix)) {
            std::string maker = name.substr(group_prefix.size());
            if (!sys::exists(AT_FDCWD, "/proc/" + maker.substr(0, maker.find('-'))))
                remove_job_group(groups + "/" + name);
        }
}

bool limit(const std::string& directory, const JobLimits& limits)
{
    constexpr int64_t period = 100'000;
    if (limits.processes != 0 &&
        !tell(directory + "/pids.max", std::to_string(init::processes_to_enforce(limits.processes))))
        return false;
    if (limits.memory != 0 && !tell(directory + "/memory.max", std::to_string(limits.memory)))
        return false;
    if (limits.memory != 0)
        tell(directory + "/memory.swap.max", "0"); // not there without swap accounting
    if (limits.cpus != 0)                          // quire-init keeps it to whole processors where this group can't
        tell(directory + "/cpu.max", fmt::format("{} {}", std::llround(limits.cpus * period), period));
    return true;
}

} // namespace

bool user_may_make_groups(const sys::Environment& environment, const GroupFiles& files)
{
    return !sys::exists(AT_FDCWD, files.mount + "/cgroup.controllers") || has_session(environment) ||
           groups_of_user(files).has_value();
}

std::optional<std::string> make_job_group(const JobLimits& limits, size_t number, const GroupFiles& files)
{
    // Every group is root's; and quire-init is the first process of a namespace there, which holds what a group would.
    if (sys::user_id() == 0 || has_session(sys::inherited_environment()))
        return std::nullopt;
    auto groups = groups_of_user(files);
    if (!groups || !tell(*groups + "/cgroup.subtree_control", "+memory +pids"))
        return std::nullopt;
    tell(*groups + "/cgroup.subtree_control", "+cpu");
    remove_abandoned(*groups);
    std::string directory = fmt::format("{}/{}{}-{}", *groups, group_prefix, sys::process_id(), number);
    remove_job_group(directory); // of an earlier process with our number
    if (!sys::make_directory(AT_FDCWD, directory))
        return std::nullopt;
    if (limit(directory, limits))
        return directory;
    remove_job_group(directory);
    return std::nullopt;
}

bool remove_job_group(const std::string& directory)
{
    tell(directory + "/cgroup.kill", "1"); // not before Linux 5.14
    if (sys::remove_directory(AT_FDCWD, directory) || !sys::exists(AT_FDCWD, directory))
        return true;
    for (const std::string& name : sys::list_directory(AT_FDCWD, directory).value_or(std::vector<std::string>()))
        if (auto status = sys::stat_at(AT_FDCWD, directory + "/" + name);
            status && *status && S_ISDIR((*status)->st_mode))
            remove_job_group(directory + "/" + name); // a job's own
    return sys::remove_directory(AT_FDCWD, directory).has_value();
}

} // namespace quire::ci
