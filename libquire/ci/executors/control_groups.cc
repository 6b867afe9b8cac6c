#include "ci/executors/engine_groups.h"

#include <fcntl.h>
#include <sys/stat.h>

#include "base/strings.h"
#include "sys/file.h"
#include "sys/self.h"

namespace quire::ci {

namespace {

bool has_session(const sys::Environment& environment)
{
    if (sys::get_variable(environment, "DBUS_SESSION_BUS_ADDRESS"))
        return true;
    auto directory = sys::get_variable(environment, "XDG_RUNTIME_DIR");
    return directory &&
           (sys::exists(AT_FDCWD, *directory + "/systemd/private") || sys::exists(AT_FDCWD, *directory + "/bus"));
}

} // namespace

bool user_may_make_groups(const sys::Environment& environment, const std::string& membership, const std::string& mount)
{
    if (!sys::exists(AT_FDCWD, mount + "/cgroup.controllers") || has_session(environment))
        return true;
    auto groups = sys::read_file(AT_FDCWD, membership);
    constexpr std::string_view mark = "0::/";
    if (!groups || !groups->starts_with(mark))
        return false;
    std::string own = groups->substr(mark.size(), groups->find('\n') - mark.size());
    std::string beside = own.substr(0, own.find('/') == std::string::npos ? 0 : own.rfind('/'));
    auto status = sys::stat_at(AT_FDCWD, mount + "/" + beside);
    return status && *status && (*status)->st_uid == sys::user_id();
}

} // namespace quire::ci
