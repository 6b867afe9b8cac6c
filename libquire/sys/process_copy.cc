#include "sys/process_copy.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <span>

extern char** environ;

namespace quire::sys {

namespace {

/// The strings that this process was started with, one behind the other: its arguments, then its environment. They are
/// what /proc shows. Empty if that can't be told.
std::span<char> start_strings()
{
    char* begin = program_invocation_name;
    char* at = begin;
    auto skip = [](char* string) { return string + std::strlen(string) + 1; };
    if (!environ || !*environ || *environ < begin)
        return {};
    while (at < *environ)
        at = skip(at);
    for (char** entry = environ; *entry; ++entry) {
        if (*entry != at)
            return {};
        at = skip(at);
    }
    return {begin, at};
}

void show(std::span<char> strings, const std::vector<std::string>& words)
{
    std::fill(strings.begin(), strings.end(), '\0');
    for (const std::string& word : words) {
        if (word.size() + 1 > strings.size())
            break;
        std::copy(word.begin(), word.end(), strings.begin());
        strings = strings.subspan(word.size() + 1);
    }
    ::prctl(PR_SET_NAME, words.front().c_str());
}

bool keep_only(const int (&streams)[3])
{
    constexpr int above_all = 10; // a stream's source may itself be 0, 1 or 2
    int lifted[3];
    for (int i = 0; i < 3; ++i)
        if ((lifted[i] = ::fcntl(streams[i], F_DUPFD, above_all)) < 0)
            return false;
    for (int i = 0; i < 3; ++i)
        if (::dup2(lifted[i], i) < 0)
            return false;
    constexpr int many = 1024;
    if (::close_range(3, ~0U, 0) < 0) // a container's seccomp profile may forbid it
        for (int fd = 3; fd < many; ++fd)
            ::close(fd);
    return true;
}

} // namespace

Result<Process> spawn_copy(const CopyPlan& plan)
{
    constexpr int exit_not_possible = 127;
    std::span<char> strings = start_strings();
    if (strings.empty())
        return fail(ErrorKind::system, "the variables of this process are not where they were");
    Environment environment = base_environment();
    std::vector<char*> entries;
    for (std::string& entry : environment)
        entries.push_back(entry.data());
    entries.push_back(nullptr);
    pid_t pid = ::fork();
    if (pid < 0)
        return fail_errno("start a copy of this process");
    if (pid == 0) {
        environ = entries.data();
        show(strings, plan.shown);
        if (!keep_only({plan.input, plan.output, plan.error}) || ::setsid() < 0)
            ::_exit(exit_not_possible);
        ::_exit(plan.body());
    }
    return Process::of_child(pid, plan.shown.front());
}

} // namespace quire::sys
