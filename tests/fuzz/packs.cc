// Objects of a pack as git would never write it. What is read, libgit2 reads in the same way. Each line of an input is
// an entry: "b" and a text are a file, "d", a number and hex digits are a delta on the entry with that number, "o" and
// the same a delta on the entry so many bytes before.
#include "git/packs.h"

#include <algorithm>

#include "base/strings.h"
#include "fuzz/fuzz.h"
#include "git/handle.h"
#include "support/pack_maker.h"
#include "support/scratch.h"

using namespace quire;
using quire::fuzz::require;
using quire::tests::PackMaker;

FUZZ_SEEDS("bdo0123456789abcf \n", "b hello\nd1 05059005\n", "b hello\nd1 0505910104036162630000\nd2 05039003\n",
           "b 0123456789abcdef\no19 101091010f0131\nd2 10109010\nd9 1010b01000\n", "d2 0505\nd1 0505\n", "b\nd1 0000\n",
           "b hello\nd1 05ffffffffffffff7f9005\nd1 0580808080109005\n")

static PackMaker pack_of(std::string_view input)
{
    PackMaker pack;
    while (!input.empty() && pack.count() < 50) {
        std::string_view line = take_until(input, '\n');
        std::string_view kind = take_until(line, ' ');
        auto number = parse_decimal(kind.substr(std::min<size_t>(kind.size(), 1))).value_or(0);
        if (kind.starts_with('d'))
            pack.add_delta(static_cast<unsigned char>(number), from_hex(line).value_or(""));
        else if (kind.starts_with('o'))
            pack.add(PackMaker::by_offset, from_hex(line).value_or(""),
                     std::string(1, static_cast<char>(number & 127)));
        else
            pack.add(PackMaker::blob, line);
    }
    return pack;
}

FUZZ_TARGET(input)
{
    ::setenv("TMPDIR", "/dev/shm", 1); // a file system that waits for no disk
    static tests::Scratch scratch;
    static bool is_made = sys::make_directories(scratch.fd(), "objects/pack").has_value();
    require(is_made, "there is a directory");
    git::start_libgit2();
    PackMaker pack = pack_of(input);
    pack.write(scratch.fd());
    auto odb = git::own<git::OdbHandle>(
        "the objects", [&](git_odb** out) { return git_odb_open(out, (scratch.path() + "/objects").c_str()); });
    require(odb.has_value(), "libgit2 opens it");
    git::Packs packs(scratch.fd());
    for (size_t i = 1; i <= pack.count(); ++i) {
        git_oid id = PackMaker::id(i);
        auto header = packs.header(id);
        if (header && header->size > (1u << 20)) // nobody asks for more than there is room for
            continue;
        auto ours = packs.read(id);
        if (!ours) // libgit2 goes in circles where deltas do, so it is not asked
            continue;
        auto theirs = git::own<git::OdbObjectHandle>(
            "it", [&](git_odb_object** out) { return git_odb_read(out, odb->get(), &id); });
        require(theirs.has_value(), "libgit2 can read it, too");
        require(header && header->size == ours->content().size() && header->type == ours->type(),
                "its header is right");
        std::string_view bytes(static_cast<const char*>(git_odb_object_data(theirs->get())),
                               git_odb_object_size(theirs->get()));
        require(ours->content() == bytes, "both read the same");
    }
}
