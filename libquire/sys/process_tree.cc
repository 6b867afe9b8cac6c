#include "sys/process_tree.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <string>

#include "base/unique_fd.h"
#include "sys/retry.h"

namespace quire::sys {

namespace {

std::string read_process_file(pid_t pid, const char* name, size_t limit)
{
    char path[64];
    std::snprintf(path, sizeof path, "/proc/%d/%s", pid, name);
    UniqueFd fd(retry([&] { return ::open(path, O_RDONLY | O_CLOEXEC); }));
    std::string content;
    char buffer[4096];
    while (fd && content.size() < limit) {
        ssize_t got = retry([&] { return ::read(fd.get(), buffer, sizeof buffer); });
        if (got <= 0)
            break;
        content.append(buffer, static_cast<size_t>(got));
    }
    return content;
}

struct Life {
    char state;
    pid_t parent;
};

/// nullopt for a process that is gone.
std::optional<Life> life_of(pid_t pid)
{
    std::string stat = read_process_file(pid, "stat", 4096);
    size_t name_end = stat.rfind(')'); // the name may contain anything, also parentheses
    if (name_end == std::string::npos || name_end + 4 > stat.size())
        return std::nullopt;
    return Life{stat[name_end + 2], static_cast<pid_t>(std::strtol(stat.c_str() + name_end + 4, nullptr, 10))};
}

/// nullopt for a process that is gone, or dead and waiting to be reaped.
std::optional<pid_t> living_parent(pid_t pid)
{
    auto life = life_of(pid);
    return life && life->state != 'Z' && life->state != 'X' ? std::optional(life->parent) : std::nullopt;
}

} // namespace

std::vector<ProcessEntry> list_processes()
{
    std::vector<ProcessEntry> entries;
    DIR* directory = ::opendir("/proc");
    if (!directory)
        return entries;
    while (dirent* item = ::readdir(directory)) {
        char* end = nullptr;
        long pid = std::strtol(item->d_name, &end, 10);
        if (pid <= 0 || *end != '\0')
            continue;
        if (auto parent = living_parent(static_cast<pid_t>(pid)))
            entries.push_back({static_cast<pid_t>(pid), *parent});
    }
    ::closedir(directory);
    return entries;
}

std::vector<ProcessEntry> descendants_of(pid_t root)
{
    std::vector<ProcessEntry> all = list_processes();
    std::vector<ProcessEntry> below;
    std::vector<pid_t> parents = {root};
    for (size_t i = 0; i < parents.size(); ++i)
        for (const ProcessEntry& entry : all)
            if (entry.parent == parents[i] && entry.pid != root) {
                below.push_back(entry);
                parents.push_back(entry.pid);
            }
    return below;
}

bool signal_entry(const ProcessEntry& entry, int number)
{
    UniqueFd pidfd(static_cast<int>(::syscall(SYS_pidfd_open, entry.pid, 0)));
    if (!pidfd && errno == ESRCH)
        return false;
    if (living_parent(entry.pid) != entry.parent)
        return false;
    if (!pidfd) // a sandbox without pidfds
        return ::kill(entry.pid, number) == 0;
    return ::syscall(SYS_pidfd_send_signal, pidfd.get(), number, nullptr, 0) == 0;
}

bool stop_group_of(pid_t leader, pid_t parent)
{
    auto life = life_of(leader);
    return leader > 1 && (!life || life->parent == parent) && ::kill(-leader, SIGSTOP) == 0;
}

size_t signal_descendants(pid_t root, int number)
{
    std::vector<ProcessEntry> below = descendants_of(root);
    for (const ProcessEntry& entry : below)
        signal_entry(entry, number);
    return below.size();
}

/// Stops the process groups that descendants of `root` are in, each by one call, which no fork escapes. Not root's own
/// group and ours, in which others are, too.
static void stop_groups(pid_t root, const std::vector<ProcessEntry>& descendants)
{
    std::vector<pid_t> done = {::getpgid(root), ::getpgid(0)};
    for (const ProcessEntry& entry : descendants) {
        pid_t group = ::getpgid(entry.pid);
        if (group <= 1 || std::find(done.begin(), done.end(), group) != done.end())
            continue;
        if (living_parent(entry.pid) != entry.parent)
            continue; // the number may be another's now
        done.push_back(group);
        ::kill(-group, SIGSTOP);
    }
}

size_t kill_descendants(pid_t root)
{
    std::vector<ProcessEntry> stopped;
    auto is_stopped = [&](const ProcessEntry& entry) { // by its present parent, without which it would not be killed
        return std::any_of(stopped.begin(), stopped.end(),
                           [&](const ProcessEntry& s) { return s.pid == entry.pid && s.parent == entry.parent; });
    };
    constexpr int most_rounds = 20; // a bomb of groups may be faster; then the next call continues
    for (int round = 0; round < most_rounds; ++round) {
        bool news = false;
        std::vector<ProcessEntry> descendants = descendants_of(root);
        stop_groups(root, descendants);
        for (const ProcessEntry& entry : descendants) {
            if (is_stopped(entry))
                continue;
            news = true;
            signal_entry(entry, SIGSTOP);
            stopped.push_back(entry);
        }
        if (!news)
            break;
    }
    // The youngest first: if a parent died first, its children would get another parent and not be recognised.
    for (auto entry = stopped.rbegin(); entry != stopped.rend(); ++entry)
        signal_entry(*entry, SIGKILL);
    return stopped.size();
}

std::vector<ProcessEntry> processes_with_variable(std::string_view variable)
{
    constexpr size_t environment_limit = 4u << 20;
    std::vector<ProcessEntry> found;
    for (const ProcessEntry& entry : list_processes()) {
        std::string environment = '\0' + read_process_file(entry.pid, "environ", environment_limit);
        std::string wanted = '\0' + std::string(variable) + '\0';
        if (environment.find(wanted) != std::string::npos)
            found.push_back(entry);
    }
    return found;
}

} // namespace quire::sys
