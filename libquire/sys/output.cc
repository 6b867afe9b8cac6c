#include "sys/output.h"

#include <poll.h>
#include <signal.h>

#include <algorithm>

#include "sys/file.h"
#include "sys/retry.h"

namespace quire::sys {

constexpr size_t block_size = 64u << 10;
constexpr int larger_pipe = 1 << 20;

/// Whether there is something to read before the deadline.
static Result<bool> wait_readable(int fd, int64_t deadline)
{
    int64_t left = deadline - monotonic_now();
    if (left <= 0)
        return false;
    pollfd wanted{fd, POLLIN, 0};
    int milliseconds = static_cast<int>(std::min<int64_t>(left / 1'000'000 + 1, 3'600'000));
    int ready = retry([&] { return ::poll(&wanted, 1, milliseconds); });
    if (ready < 0)
        return fail_errno("poll");
    return ready > 0;
}

static Result<Ended> hand_over(int fd, int64_t deadline, const TakeBlock& take)
{
    std::string buffer(block_size, '\0');
    for (;;) {
        if (!TRY(wait_readable(fd, deadline)))
            return Ended::by_time;
        auto size = TRY(read_ready(fd, buffer.data(), buffer.size()));
        if (!size)
            continue;
        if (*size == 0)
            return Ended::by_itself;
        if (!take(std::string_view(buffer).substr(0, *size)))
            return Ended::by_taker;
    }
}

Result<Outcome> read_output(Command command, int64_t deadline, const TakeBlock& take)
{
    Pipe pipe = TRY(make_pipe());
    enlarge_pipe(pipe.reader.get(), larger_pipe);
    TRY(set_nonblocking(pipe.reader.get()));
    command.output = pipe.writer.get();
    Process process = TRY(spawn(command));
    pipe.writer.reset();
    auto ended = hand_over(pipe.reader.get(), deadline, take);
    if (!ended || *ended != Ended::by_itself)
        (void)process.signal(SIGKILL);
    Outcome outcome;
    outcome.status = TRY(process.wait());
    outcome.ended = TRY(std::move(ended));
    return outcome;
}

} // namespace quire::sys
