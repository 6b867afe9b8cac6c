#include "runner/errand.h"

#include <signal.h>

#include <algorithm>

#include "sys/file.h"
#include "sys/file_status.h"

namespace quire::runner {

constexpr uint64_t most_bytes = 16 << 20;

static std::string content_of(int fd)
{
    return sys::read_at(fd, 0, static_cast<size_t>(std::min(sys::size_of(fd), most_bytes))).value_or("");
}

Result<std::unique_ptr<Errand>> Errand::begin(sys::Loop& loop, sys::Command command, std::string_view input,
                                              int64_t time_limit, Answered answered)
{
    std::unique_ptr<Errand> errand(new Errand(loop, std::move(answered)));
    UniqueFd in = TRY(sys::memory_file(input));
    errand->m_out = TRY(sys::memory_file({}));
    errand->m_err = TRY(sys::memory_file({}));
    command.input = in.get();
    command.output = errand->m_out.get();
    command.error = errand->m_err.get();
    command.new_session = true;
    errand->m_process = TRY(sys::spawn(command));
    errand->m_watch.emplace(loop, *errand->m_process, [self = errand.get()](int status) {
        self->m_loop.cancel(std::exchange(self->m_timer, 0));
        self->m_process.reset();
        sys::Output output{status, content_of(self->m_out.get()), content_of(self->m_err.get())};
        Answered told = std::move(self->m_answered);
        told(output); // may destroy us
    });
    errand->m_timer = loop.after(time_limit, [self = errand.get()] { (void)self->m_process->signal_group(SIGKILL); });
    return errand;
}

Errand::~Errand()
{
    m_loop.cancel(m_timer);
    m_watch.reset();
    if (m_process)
        (void)m_process->signal_group(SIGKILL);
}

} // namespace quire::runner
