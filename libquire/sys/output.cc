#include "sys/output.h"

#include <poll.h>
#include <signal.h>

#include <algorithm>

#include "sys/file.h"
#include "sys/retry.h"

namespace quire::sys {

constexpr size_t block_size = 64u << 10;
constexpr int larger_pipe = 1 << 20;

/// Waits for something to read; false if the patience runs out first.
static Result<bool> wait_readable(int fd, const Patience& patience)
{
    constexpr int64_t between_looks = nanoseconds_per_second / 10;
    while (!patience.is_over()) {
        int64_t left = std::clamp<int64_t>(patience.deadline() - monotonic_now(), 0, between_looks);
        pollfd wanted{fd, POLLIN, 0};
        int ready = retry([&] { return ::poll(&wanted, 1, static_cast<int>(left / 1'000'000 + 1)); });
        if (ready < 0)
            return fail_errno("poll");
        if (ready > 0)
            return true;
    }
    return false;
}

static Result<Ended> hand_over(int fd, const Patience& patience, const TakeBlock& take)
{
    std::string buffer(block_size, '\0');
    for (;;) {
        if (!TRY(wait_readable(fd, patience)))
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

Result<Outcome> read_output(Command command, const Patience& patience, const TakeBlock& take)
{
    Pipe pipe = TRY(make_pipe());
    enlarge_pipe(pipe.reader.get(), larger_pipe);
    TRY(set_nonblocking(pipe.reader.get()));
    command.output = pipe.writer.get();
    Process process = TRY(spawn(command));
    pipe.writer.reset();
    auto ended = hand_over(pipe.reader.get(), patience, take);
    if (!ended || *ended != Ended::by_itself)
        (void)process.signal(SIGKILL);
    Outcome outcome;
    outcome.status = TRY(process.wait());
    outcome.ended = TRY(std::move(ended));
    return outcome;
}

} // namespace quire::sys
