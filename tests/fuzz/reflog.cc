// A reflog as it may lie on the disk: torn, with names that hold anything.
#include "git/reflog.h"

#include <algorithm>

#include "base/strings.h"
#include "fuzz/fuzz.h"
#include "support/scratch.h"
#include "sys/file.h"

using namespace quire;
using quire::fuzz::require;

#define ID_A "0123456789abcdef0123456789abcdef01234567"
#define ID_B "89abcdef0123456789abcdef0123456789abcdef"

FUZZ_SEEDS("0123456789abcdef <>\t\n+-\r@", ID_A " " ID_B " A Name <a@example.org> 1700000000 +0100\tpush\n",
           ID_A " " ID_B " <> 1700000000 +0000\n" ID_B " " ID_A " x <y> z> 5 -0100\tcommit: a\tb\n",
           ID_A " " ID_B " torn", "\n\n \n  \n", ID_A " " ID_B " n <e> 99999999999999999999 +0000\tx\n")

FUZZ_TARGET(input)
{
    ::setenv("TMPDIR", "/dev/shm", 1); // a file system that waits for no disk
    static tests::Scratch scratch;
    static UniqueFd file = [] {
        require(sys::make_directories(scratch.fd(), "logs/refs/heads").has_value(), "there is a directory");
        return sys::open_at(scratch.fd(), "logs/refs/heads/main", O_RDWR | O_CREAT).value();
    }();
    require(::ftruncate(file.get(), 0) == 0 && sys::write_at(file.get(), input, 0), "the file is written");
    auto entries = git::read_reflog_tail(scratch.fd(), "refs/heads/main");
    require(entries.has_value(), "whatever stands there, it can be read");
    size_t lines = static_cast<size_t>(std::count(input.begin(), input.end(), '\n')) + 1;
    require(entries->size() <= lines, "an entry is a line");
    for (const git::ReflogEntry& entry : *entries) {
        std::string both = entry.old_id + " " + entry.new_id;
        require(input.find(both) != std::string_view::npos, "an entry's ids stand there");
        require(entry.seconds >= 0, "an entry is not older than time");
    }
}
