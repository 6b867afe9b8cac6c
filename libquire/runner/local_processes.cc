#include "runner/local_processes.h"

#include <signal.h>

#include "runner/marker.h"
#include "sys/process_tree.h"

namespace quire::runner {

ChildWatch::ChildWatch(sys::Loop& loop, sys::Process& process, std::function<void(int)> ended) : m_loop(loop)
{
    m_watch = loop.watch(process.pidfd(), sys::Interest::readable, [this, &process, ended = std::move(ended)] {
        auto status = process.poll();
        if (status && !*status)
            return;
        m_loop.cancel(std::exchange(m_watch, 0));
        ended(status ? **status : 128 + SIGKILL); // called from the loop's copy: it may destroy us
    });
}

ChildWatch::~ChildWatch() { m_loop.cancel(m_watch); }

size_t signal_marked(const std::string& marker, int number)
{
    auto found = sys::processes_with_variable(fmt::format("{}={}", leader_variable, marker));
    for (const sys::ProcessEntry& entry : found)
        sys::signal_entry(entry, number);
    return found.size();
}

} // namespace quire::runner
