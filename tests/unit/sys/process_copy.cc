#include "sys/process_copy.h"

#include <catch2/catch_test_macros.hpp>

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include <cstring>

#include "base/strings.h"
#include "sys/file.h"

using namespace quire;
using namespace quire::sys;

extern char** environ;

namespace {

struct Told {
    int status;
    std::string out, err;
};

/// What a copy says that has "from the file" as its input.
Told run_copy(int (*body)())
{
    UniqueFd input = *memory_file("from the file");
    Pipe out = *make_pipe(), err = *make_pipe();
    Process copy = *spawn_copy({input.get(), out.writer.get(), err.writer.get(), {"another", "--name"}, body});
    out.writer.reset(), err.writer.reset();
    Told told{0, *read_all(out.reader.get(), 1 << 20, "out"), *read_all(err.reader.get(), 1 << 20, "err")};
    told.status = *copy.wait();
    return told;
}

void say(std::string_view text) { (void)write_all(1, text); }

std::string own_proc_file(const char* name) { return *read_file(AT_FDCWD, fmt::format("/proc/self/{}", name)); }

} // namespace

TEST_CASE("a copy has the streams, and its end is its body's")
{
    Told told = run_copy([] {
        say(*read_all(0, 100, "input"));
        (void)write_all(2, "and an error");
        return 7;
    });
    CHECK(told.out == "from the file");
    CHECK(told.err == "and an error");
    CHECK(told.status == 7);
}

TEST_CASE("a stream's source may be one of the three, in any order")
{
    Pipe out = *make_pipe();
    Process copy = *spawn_copy({out.reader.get(), 2, out.writer.get(), {"copy"}, [] {
                                    (void)write_all(2, "to the pipe");
                                    return 0;
                                }});
    out.writer.reset();
    CHECK(*read_all(out.reader.get(), 100, "out") == "to the pipe");
    CHECK(*copy.wait() == 0);
}

TEST_CASE("a copy has no other descriptor, in whatever way it was opened")
{
    int open = ::dup(2); // stays open in programs that are started
    REQUIRE(open >= 0);
    Told told = run_copy([] {
        for (int fd = 0; fd < 1024; ++fd)
            if (::fcntl(fd, F_GETFD) >= 0)
                say(fmt::format("{} ", fd));
        return 0;
    });
    ::close(open);
    CHECK(told.out == "0 1 2 ");
}

TEST_CASE("a copy can't be taken for us by its arguments, its environment or its name")
{
    std::string ours = own_proc_file("cmdline"), environment = own_proc_file("environ");
    REQUIRE_FALSE(environment.empty());
    CHECK(trim(run_copy([] { return say(own_proc_file("comm")), 0; }).out) == "another");
    std::string shown = run_copy([] { return say(own_proc_file("cmdline")), 0; }).out;
    CHECK(std::string_view(shown.c_str()) == "another");
    CHECK(std::string_view(shown.c_str() + shown.find('\0') + 1) == "--name");
    CHECK(shown.find_first_not_of('\0', std::strlen("another --name")) == std::string::npos);
    CHECK(run_copy([] { return say(own_proc_file("environ")), 0; }).out.find_first_not_of('\0') == std::string::npos);
    CHECK(own_proc_file("cmdline") == ours);
    CHECK(own_proc_file("environ") == environment);
}

TEST_CASE("a copy has the base environment and a session of its own")
{
    std::string expected;
    for (const std::string& entry : base_environment())
        expected += entry + "\n";
    Told told = run_copy([] {
        for (char** entry = environ; *entry; ++entry)
            say(fmt::format("{}\n", *entry));
        return ::getsid(0) == ::getpid() ? 0 : 1;
    });
    CHECK(told.out == expected);
    CHECK(told.status == 0);
}

TEST_CASE("who has changed its variables can't hide them from a copy's readers, and gets no copy")
{
    ::setenv("QUIRE_TEST_COPY", "1", 1);
    auto copy = spawn_copy({0, 1, 2, {"copy"}, [] { return 0; }});
    REQUIRE_FALSE(copy);
    CHECK(copy.error().message == "the variables of this process are not where they were");
    ::unsetenv("QUIRE_TEST_COPY");
}
