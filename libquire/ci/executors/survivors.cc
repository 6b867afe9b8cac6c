#include "ci/executors/survivors.h"

#include <signal.h>

#include <fmt/format.h>

#include "sys/process_tree.h"
#include "sys/self.h"

namespace quire::ci {

static std::vector<sys::ProcessEntry> survivors_of(std::string_view run)
{
    std::vector<sys::ProcessEntry> found = sys::processes_with_variable(fmt::format("{}={}", run_variable, run));
    std::erase_if(found, [](const sys::ProcessEntry& entry) { return entry.pid == sys::process_id(); });
    return found;
}

bool has_survivors(std::string_view run) { return !survivors_of(run).empty(); }

size_t kill_survivors(std::string_view run)
{
    std::vector<sys::ProcessEntry> found = survivors_of(run);
    for (const sys::ProcessEntry& entry : found)
        sys::signal_entry(entry, SIGSTOP);
    for (const sys::ProcessEntry& entry : found) {
        sys::kill_descendants(entry.pid); // also those that cleared their environment
        sys::signal_entry(entry, SIGKILL);
    }
    return found.size();
}

void kill_leader(std::string_view run)
{
    for (const sys::ProcessEntry& entry : sys::processes_with_variable(fmt::format("{}={}", leader_variable, run)))
        sys::signal_entry(entry, SIGKILL);
}

} // namespace quire::ci
