#include "init/seal.h"

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>

#include <cerrno>
#include <cstddef>
#include <initializer_list>

namespace quire::init {

namespace {

/// How the processes of this machine can make an ioctl: the words of a system call, and its number among those.
struct Way {
    unsigned int words, number;
};

#if defined(__x86_64__)
constexpr std::initializer_list<Way> ways = {
    {AUDIT_ARCH_X86_64, 16}, {AUDIT_ARCH_X86_64, 0x40000000 + 514 /* x32 */}, {AUDIT_ARCH_I386, 54}};
#elif defined(__aarch64__)
constexpr std::initializer_list<Way> ways = {{AUDIT_ARCH_AARCH64, 29}, {AUDIT_ARCH_ARM, 54}};
#else
constexpr std::initializer_list<Way> ways = {};
#endif

// The lower half of an ioctl's number has a letter for its family and a number in it. ext4's own calls are in one
// family, those of XFS in another. The calls of these that programs need date what they change.
constexpr unsigned int number_mask = 0xffff, family_mask = 0xff00;
constexpr unsigned int ext_family = 'f' << 8, xfs_family = 'X' << 8;
constexpr unsigned int get_flags = ext_family + 1, set_flags = ext_family + 2, list_extents = ext_family + 11;
constexpr unsigned int get_attributes = xfs_family + 31, set_attributes = xfs_family + 32;

constexpr sock_filter load(size_t offset)
{
    return BPF_STMT(BPF_LD | BPF_W | BPF_ABS, static_cast<unsigned int>(offset));
}
constexpr sock_filter keep_bits(unsigned int mask) { return BPF_STMT(BPF_ALU | BPF_AND | BPF_K, mask); }
constexpr sock_filter answer(unsigned int what) { return BPF_STMT(BPF_RET | BPF_K, what); }
/// The next line is for that value only, or for all others.
constexpr sock_filter if_equal(unsigned int value) { return BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 0, 1); }
constexpr sock_filter unless_equal(unsigned int value) { return BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 1, 0); }

bool close(const Way& way)
{
    constexpr unsigned int allow = SECCOMP_RET_ALLOW, deny = SECCOMP_RET_ERRNO | ENOTTY;
    constexpr size_t ioctl_number = offsetof(seccomp_data, args) + sizeof(__u64); // the lower half is the first
    sock_filter lines[] = {
        load(offsetof(seccomp_data, arch)),
        unless_equal(way.words),
        answer(allow),
        load(offsetof(seccomp_data, nr)),
        unless_equal(way.number),
        answer(allow),
        load(ioctl_number),
        keep_bits(number_mask),
        if_equal(get_flags),
        answer(allow),
        if_equal(set_flags),
        answer(allow),
        if_equal(list_extents),
        answer(allow),
        if_equal(get_attributes),
        answer(allow),
        if_equal(set_attributes),
        answer(allow),
        keep_bits(family_mask),
        if_equal(ext_family),
        answer(deny),
        if_equal(xfs_family),
        answer(deny),
        answer(allow),
    };
    sock_fprog program{sizeof lines / sizeof *lines, lines};
    return ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

} // namespace

bool seal()
{
    errno = ENOSYS;
    if (ways.size() == 0 || ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        return false;
    for (const Way& way : ways)
        if (!close(way))
            return false;
    return true;
}

} // namespace quire::init
