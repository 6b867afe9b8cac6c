// What a sealed process can ask of a file system, and what not. Each question is a child's, because a seal stays.
#include "init/seal.h"

#include <linux/fiemap.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch_test_macros.hpp>
#include <functional>

#include "support/scratch.h"
#include "sys/file.h"
#include "sys/space.h"

using namespace quire;

namespace {

struct MoveExtent {
    uint32_t reserved, donor;
    uint64_t from, to, length, moved;
};
constexpr unsigned long move_extent = _IOWR('f', 15, MoveExtent);
constexpr unsigned long xfs_swap_extents = _IOWR('X', 109, MoveExtent);

/// What the question said in a child: its exit code, at most 125; 126 if it died; 127 if it could not be sealed.
int in_child(bool is_sealed, const std::function<int()>& question)
{
    pid_t child = ::fork();
    if (child == 0)
        ::_exit(is_sealed && !init::seal() ? 127 : question());
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 126;
}

int outcome(long result) { return result < 0 ? errno : 0; }

} // namespace

TEST_CASE("a sealed process can't exchange the blocks of two files, whatever words it uses for it")
{
    tests::Scratch scratch;
    UniqueFd file = sys::open_at(scratch.fd(), "file", O_RDWR | O_CREAT).value();
    MoveExtent request{0, static_cast<uint32_t>(file.get()), 0, 0, 1, 0};
    auto exchange = [&] { return outcome(::ioctl(file.get(), move_extent, &request)); };
    CHECK(in_child(true, exchange) == ENOTTY);
    if (sys::is_on_ext4(scratch.fd()).value())
        CHECK(in_child(false, exchange) != ENOTTY); // else this test would prove nothing
    CHECK(in_child(true, [&] { return outcome(::ioctl(file.get(), xfs_swap_extents, &request)); }) == ENOTTY);
    // The upper half of the register is not part of the number.
    CHECK(in_child(true, [&] {
              return outcome(::syscall(SYS_ioctl, file.get(), (1UL << 32) | move_extent, &request));
          }) == ENOTTY);
#ifdef __x86_64__
    CHECK(in_child(true, [&] { return outcome(::syscall(0x40000000 + 514, file.get(), move_extent, &request)); }) ==
          ENOTTY);
    auto as_32_bit = [&] {
        long result = 54;
        asm volatile("int $0x80"
                     : "+a"(result)
                     : "b"(file.get()), "c"(static_cast<uint32_t>(move_extent)), "d"(0)
                     : "memory");
        return static_cast<int>(-result);
    };
    if (int unsealed = in_child(false, as_32_bit); unsealed != 126 && unsealed != ENOSYS) // a kernel without them
        CHECK(in_child(true, as_32_bit) == ENOTTY);
#endif
}

TEST_CASE("a sealed process can do all else")
{
    tests::Scratch scratch;
    UniqueFd file = sys::open_at(scratch.fd(), "file", O_RDWR | O_CREAT).value();
    auto same_as_unsealed = [&](const std::function<int()>& question) {
        int unsealed = in_child(false, question);
        CHECK(in_child(true, question) == unsealed);
    };
    same_as_unsealed([&] {
        int flags = 0;
        int got = outcome(::ioctl(file.get(), FS_IOC_GETFLAGS, &flags));
        return got != 0 ? got : outcome(::ioctl(file.get(), FS_IOC_SETFLAGS, &flags));
    });
    same_as_unsealed([&] {
        fiemap map{};
        map.fm_length = 4096;
        return outcome(::ioctl(file.get(), FS_IOC_FIEMAP, &map));
    });
    same_as_unsealed([&] {
        fsxattr attributes{};
        return outcome(::ioctl(file.get(), FS_IOC_FSGETXATTR, &attributes));
    });
    same_as_unsealed([&] {
        int ends[2], ready = 0;
        return ::pipe(ends) == 0 ? outcome(::ioctl(ends[0], FIONREAD, &ready)) : 1;
    });
    CHECK(in_child(true, [] { return ::execl("/bin/true", "true", nullptr); }) == 0);
}
