// A commit-graph file as it may lie on the disk. In an input, two hex digits are a byte, "*N;" repeats the last four
// bytes N times more, and whatever else stands there means nothing, so that damage finds the numbers and the offsets.
#include "git/commit_graph.h"

#include <algorithm>

#include "base/strings.h"
#include "fuzz/fuzz.h"
#include "support/scratch.h"
#include "sys/file.h"

using namespace quire;
using quire::fuzz::require;

// Five commits, one of them a merge, with changed-path filters.
FUZZ_SEEDS("0123456789abcdef*;",
           "43475048010106004f494446000000000000005c4f49444c000000000000045c4344415400000000000004c0474441320000"
           "00000000057442494458000000000000058842444154000000000000059c00000000*1;000005b200000000*40;00000001*"
           "123;00000002*16;00000003*4;00000004*23;00000005*44;2994fde00d8b9d349b5b787c1ee25dae08a3d57ea53823232"
           "d941f4f501836b71f6a0713045105e1b64f0617727efd53694777c0b94159e9892caba6bb9feb0a1d8c8f38d57e94d97a218"
           "a8198e1fdcfd3ded4d612c6f8050f03d580769c85538e54ad54ec9304411ecac289291aa7273afddee4f94b6a08000000040"
           "0000002000000106553f1005659689b2214e9ed03d6ad3a44a6bdeb8492369d70000000*1;000000046553f100fbf0646cd1"
           "909f99a793587ca52cb9aab209277100000003700000000000000c6553f100e8960bf2b8d05ecd2435a205010631c7c5c47b"
           "f40000000170000000000000086553f1008a01d40097b12eb0e723f222e69fa50ab0f31cdc00000003700000000000000c65"
           "53f1000000000300000000000000020000000100000002*1;0000000400000006000000080000000a0000000100000007000"
           "0000a3f80249b3f8022221111b623c4fc1ec077b0517b9a426e1f46b80f093f8e",
           "43475048010100000*3;")

static std::string file_of(std::string_view input)
{
    constexpr size_t most = 4096;
    auto digit = [](char c) { return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1; };
    std::string file;
    int high = -1;
    while (!input.empty() && file.size() < most) {
        char c = input[0];
        input.remove_prefix(1);
        if (c == '*') {
            auto count = parse_decimal(take_until(input, ';')).value_or(0);
            for (std::string last = file.substr(file.size() - std::min<size_t>(file.size(), 4));
                 !last.empty() && count > 0 && file.size() < most; --count)
                file += last;
        } else if (int value = digit(c); value >= 0) {
            if (high >= 0)
                file += static_cast<char>(high * 16 + value);
            high = high >= 0 ? -1 : value;
        }
    }
    return file;
}

FUZZ_TARGET(input)
{
    ::setenv("TMPDIR", "/dev/shm", 1); // a file system that waits for no disk
    static tests::Scratch scratch;
    static UniqueFd written = [] {
        require(sys::make_directories(scratch.fd(), "objects/info").has_value(), "there is a directory");
        return sys::open_at(scratch.fd(), "objects/info/commit-graph", O_RDWR | O_CREAT).value();
    }();
    std::string file = file_of(input);
    // Nobody maps it now.
    require(::ftruncate(written.get(), 0) == 0 && sys::write_at(written.get(), file, 0), "the file is written");
    git::CommitGraph graph = git::CommitGraph::open(scratch.fd());
    require(graph.size() <= file.size() / 20, "a commit has an id that stands there");
    git::PathKey key("dir/file");
    git::CommitNode node;
    for (uint32_t at = 0; at < std::min(graph.size(), 50u); ++at) {
        git_oid id = graph.id(at);
        graph.read(at, node);
        require(node.parents.size() <= file.size() / 4, "a parent is a number that stands there");
        for (uint32_t parent : node.parents)
            require(parent < graph.size(), "a parent is a commit of the graph");
        (void)graph.may_have_changed(at, key);
        auto found = graph.find(id);
        require(!found || *found < graph.size(), "what is found is there");
        if (found) {
            git_oid again = graph.id(*found);
            require(git_oid_equal(&again, &id) != 0, "what is found is what was looked for");
        }
    }
}
