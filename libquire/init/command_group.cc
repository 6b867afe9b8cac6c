#include "init/command_group.h"

#include <fcntl.h>
#include <unistd.h>

#include <string_view>

#include "base/unique_fd.h"
#include "init/small_file.h"

namespace quire::init {

/// The path in the line "0::/path", which is that of version 2; empty if there is none.
static std::string unified_path(const std::string& membership)
{
    std::string text = "\n" + read_small(membership.c_str());
    constexpr const char* mark = "\n0::";
    size_t at = text.find(mark);
    if (at == std::string::npos)
        return {};
    at += std::char_traits<char>::length(mark);
    return text.substr(at, text.find('\n', at) - at);
}

std::optional<CommandGroup> CommandGroup::find(pid_t self, const std::string& membership, const std::string& mount)
{
    std::string path = unified_path(membership);
    if (path.empty() || path[0] != '/')
        return std::nullopt;
    // An engine may show a container only its own group, but by its whole name.
    for (const std::string& directory : {mount + path, mount}) {
        if (read_small((directory + "/memory.events").c_str()).find("oom_kill ") == std::string::npos)
            continue; // the uppermost group has no such file, and others only if memory is counted in them
        // A process outside our PID namespace is listed as 0.
        if (read_small((directory + "/cgroup.procs").c_str()) == std::to_string(self) + "\n")
            return CommandGroup(directory);
    }
    return std::nullopt;
}

GroupMemory CommandGroup::memory() const
{
    std::string events = "\n" + read_small((m_directory + "/memory.events").c_str());
    std::string peak = "\n" + read_small((m_directory + "/memory.peak").c_str());
    return {.peak = number_in(peak, ""), .full = number_in(events, "oom "), .kills = number_in(events, "oom_kill ")};
}

static bool write_small(const std::string& path, std::string_view text)
{
    UniqueFd fd(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
    return fd && ::write(fd.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size());
}

size_t CommandGroup::processes(size_t helpers) const
{
    std::string list = "\n" + read_small((m_directory + "/cgroup.procs").c_str());
    size_t count = 0, ours = m_is_outside ? 0 : helpers + 1;
    for (size_t at = 0; (at = list.find('\n', at)) < list.size() - 1; ++at)
        count += list[at + 1] != '0'; // one outside of our PID namespace, which made the place
    return count > ours ? count - ours : 0;
}

void CommandGroup::kill() const
{
    if (m_is_outside)
        write_small(m_directory + "/cgroup.kill", "1");
}

bool enter_group(const char* directory)
{
    return write_small(std::string(directory) + "/cgroup.procs", "0"); // 0: who writes it
}

Excess judge_group(const GroupMemory& before, const GroupMemory& after, bool is_killed, bool is_limited)
{
    if (after.kills <= before.kills)
        return Excess::none;
    if (!is_killed)
        return Excess::part;
    return is_limited && after.full > before.full ? Excess::memory : Excess::machine;
}

} // namespace quire::init
