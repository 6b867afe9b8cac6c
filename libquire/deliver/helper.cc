#include "deliver/helper.h"

#include <fcntl.h>
#include <signal.h>

#include "base/log.h"
#include "base/strings.h"
#include "sys/file.h"
#include "sys/loop.h"

namespace quire::deliver {

static std::string last_line(int fd)
{
    constexpr size_t most = 16384;
    std::string text = sys::read_at(fd, 0, most).value_or("");
    std::string_view all = trim(text);
    return visible(trim(all.substr(all.rfind('\n') + 1)).substr(0, 300));
}

Result<void> run_helper(sys::Command command, int64_t time_limit)
{
    UniqueFd said = TRY(sys::memory_file({}));
    command.error = said.get();
    command.new_session = true;
    std::string name = command.argv[0].substr(command.argv[0].rfind('/') + 1);
    UniqueFd input; // of its own, so that it begins at the beginning
    if (command.input >= 0) {
        input = TRY(sys::open_at(AT_FDCWD, fmt::format("/proc/self/fd/{}", command.input), O_RDONLY));
        command.input = input.get();
    }
    sys::Process process = TRY(sys::spawn(command));
    sys::Loop loop;
    bool ended = false, late = false;
    loop.watch(process.pidfd(), sys::Interest::readable, [&] { ended = true; });
    loop.after(time_limit, [&] { late = true; });
    TRY(loop.run_until([&] { return ended || late; }));
    if (!ended)
        (void)process.signal_group(SIGKILL);
    int status = TRY(process.wait());
    if (late && !ended)
        return fail(ErrorKind::busy, "{} took longer than {}", name, show_duration(time_limit));
    if (status == 0)
        return {};
    std::string why = last_line(said.get());
    return fail(ErrorKind::system, "{} ended with {}{}{}", name, status, why.empty() ? "" : ": ", why);
}

Result<UniqueFd> scratch_in(int directory) { return sys::open_at(directory, ".", O_TMPFILE | O_RDWR, 0600); }

Result<UniqueFd> scratch_beside(int fd)
{
    std::string path = TRY(sys::read_link(AT_FDCWD, fmt::format("/proc/self/fd/{}", fd)));
    std::string directory = path.substr(0, path.rfind('/'));
    return scratch_in(TRY(sys::open_directory(AT_FDCWD, directory)).get());
}

} // namespace quire::deliver
