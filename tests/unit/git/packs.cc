// Objects of packs against git's own answers: with deltas of both kinds, in several packs, damaged, or made to take
// room.
#include "git/packs.h"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <random>

#include "base/strings.h"
#include "git/repository.h"
#include "support/pack_maker.h"
#include "support/scratch_root.h"
#include "sys/file.h"
#include "sys/process.h"

using namespace quire;
using quire::tests::PackMaker;

namespace {

struct Place : tests::Scratch {
    Place() { git({"init", "-q", "--bare", "--initial-branch=main", "."}); }
    std::string git(std::vector<std::string> arguments, std::string input = "") const
    {
        arguments.insert(arguments.begin(), "git");
        auto out = sys::run_ok({.argv = std::move(arguments), .directory = fd()}, {.input = std::move(input)});
        INFO((out ? "" : out.error().message));
        REQUIRE(out);
        return std::move(*out);
    }
    /// Versions of two files that grow and change in the middle.
    void commit_versions(int versions) const
    {
        std::string stream, text;
        std::mt19937 random(7); // always the same, so that a failure comes again
        for (int i = 0; i < versions; ++i) {
            for (int line = 0; line < 20; ++line)
                text += fmt::format("line {} {:x}\n", line, random());
            text.replace(random() % (text.size() - 10), 10, fmt::format("<{:08x}>", random()));
            std::string folder = fmt::format("folder{}", i % 5);
            stream += fmt::format("commit refs/heads/main\ncommitter t <t@t> {} +0000\ndata 1\nm\n", 1'700'000'000 + i);
            stream += fmt::format("M 644 inline text\ndata {}\n{}\n", text.size(), text);
            stream += fmt::format("M 644 inline {}/a{}\ndata {}\n{}\n", folder, i, text.size() / 2,
                                  std::string_view(text).substr(0, text.size() / 2));
        }
        git({"fast-import", "--quiet", "--force"}, stream);
    }
    std::string pack_path(std::string_view ending) const
    {
        auto names = sys::list_directory(fd(), "objects/pack").value();
        for (const std::string& name : names)
            if (name.ends_with(ending))
                return "objects/pack/" + name;
        FAIL("there is no pack");
        return "";
    }
    std::string read(const std::string& path) const { return sys::read_file(fd(), path, 64u << 20).value(); }
    std::vector<git_oid> all() const
    {
        std::vector<git_oid> ids;
        std::string said = git({"rev-list", "--all", "--objects", "--no-object-names"});
        for (std::string_view line : split(said, '\n'))
            if (auto id = git::parse_oid(line))
                ids.push_back(*id);
        REQUIRE(ids.size() > 8);
        return ids;
    }
};

/// git hashes an object with its type and its size before it.
bool is_right(const git::Object& object, const git_oid& id)
{
    git_oid hashed{};
    std::string_view content = object.content();
    return git_odb_hash(&hashed, content.data(), content.size(), object.type()) == 0 && git::is_same(hashed, id);
}

size_t count_right(git::Packs& packs, std::vector<git_oid> ids)
{
    size_t right = 0;
    for (const git_oid& id : ids) {
        auto header = packs.header(id);
        auto object = packs.read(id);
        right += header && object && header->type == object->type() && header->size == object->content().size() &&
                 is_right(*object, id);
    }
    return right;
}

/// A delta with one piece of the base, many times.
std::string repeated(uint64_t base_size, uint64_t piece, uint64_t times)
{
    std::string delta = PackMaker::number(base_size) + PackMaker::number(piece * times);
    for (uint64_t i = 0; i < times; ++i)
        delta += std::string("\xf0", 1) + static_cast<char>(piece) + static_cast<char>(piece >> 8) +
                 static_cast<char>(piece >> 16);
    return delta;
}

} // namespace

TEST_CASE("packs: every object is git's")
{
    git::start_libgit2();
    Place place;
    place.commit_versions(40);
    place.git({"repack", "-q", "-d"});
    place.commit_versions(120);
    place.git({"repack", "-q", "-d"}); // a second pack
    std::vector<git_oid> ids = place.all();
    git::Packs packs(place.fd());
    CHECK(count_right(packs, ids) == ids.size());
    for (const char* kind : {"repack.useDeltaBaseOffset=false", "pack.depth=4095", "pack.depth=3"}) {
        INFO(kind);
        place.git({"-c", kind, "repack", "-q", "-a", "-d", "-f"});
        CHECK(count_right(packs, ids) == ids.size());
        CHECK(count_right(packs, {ids.rbegin(), ids.rend()}) == ids.size());
        std::mt19937 random(3);
        std::shuffle(ids.begin(), ids.end(), random);
        git::Packs others(place.fd()); // nothing is kept yet
        CHECK(count_right(others, ids) == ids.size());
    }
}

TEST_CASE("packs: what is pushed later is found, and what is in no pack is not")
{
    git::start_libgit2();
    Place place;
    git::Packs packs(place.fd());
    CHECK_FALSE(packs.header(PackMaker::id(1)));
    place.commit_versions(3);
    place.git({"repack", "-q", "-a", "-d"});
    CHECK(count_right(packs, place.all()) == place.all().size());
    auto loose = git::parse_oid(trim(place.git({"hash-object", "-w", "--stdin"}, "loose"))).value();
    CHECK_FALSE(packs.header(loose));
    CHECK(packs.read(loose).error().kind == ErrorKind::not_found);
    git::Objects objects(place.fd());
    CHECK(objects.read(loose, GIT_OBJECT_BLOB, 5)->content() == "loose");
    CHECK(objects.read(loose, GIT_OBJECT_BLOB, 4).error().kind == ErrorKind::refused);
    CHECK(objects.read(loose, GIT_OBJECT_TREE, 5).error().kind == ErrorKind::not_found);
    // A pack that takes the place of all others.
    place.commit_versions(9);
    place.git({"repack", "-q", "-a", "-d"});
    CHECK(count_right(packs, place.all()) == place.all().size());
}

TEST_CASE("packs: no damaged byte gives other bytes, or reads beyond the end")
{
    git::start_libgit2();
    Place place;
    place.commit_versions(6);
    place.git({"repack", "-q", "-a", "-d"});
    std::vector<git_oid> ids = place.all();
    for (const char* ending : {".pack", ".idx"}) {
        std::string path = place.pack_path(ending), whole = place.read(path);
        std::mt19937 random(11);
        size_t other = 0;
        for (int i = 0; i < 1500; ++i) {
            std::string bytes = whole;
            if (i % 3 == 0)
                bytes.resize(random() % bytes.size());
            else
                bytes[random() % bytes.size()] ^= static_cast<char>(1 + random() % 255);
            PackMaker::replace(place.fd(), path, bytes);
            git::Packs packs(place.fd());
            for (const git_oid& id : ids)
                if (auto object = packs.read(id))
                    other += !is_right(*object, id) && ending == std::string_view(".pack");
        }
        // A header has no checksum: one that says another type, or leads to another base, is believed.
        CHECK(other < 15);
        PackMaker::replace(place.fd(), path, whole);
    }
    git::Packs packs(place.fd());
    CHECK(count_right(packs, ids) == ids.size());
}

TEST_CASE("packs: deltas that are wrong are refused")
{
    Place place;
    auto sizes = [](uint64_t from, uint64_t to) { return PackMaker::number(from) + PackMaker::number(to); };
    std::string copies_all = sizes(5, 5) + "\x90\x05";
    PackMaker pack;
    pack.add(PackMaker::blob, "hello").add_delta(1, copies_all);
    for (const std::string& wrong :
         {sizes(4, 5) + "\x90\x05", sizes(5, 6) + "\x90\x05", sizes(5, 4) + "\x90\x05", sizes(5, 5) + "\x91\x01\x05",
          sizes(5, 5) + "\x90", sizes(5, 5) + "\x05oops", sizes(5, 5) + std::string(1, '\0'), std::string()})
        pack.add_delta(1, wrong);
    pack.add_delta(static_cast<unsigned char>(pack.count() + 1), copies_all) // on itself
        .add_delta(99, copies_all)
        .add(PackMaker::by_offset, copies_all, "\x01")
        .add(5, "hello");
    pack.write(place.fd());
    git::Packs packs(place.fd());
    for (size_t right : {1, 2}) {
        REQUIRE(packs.read(PackMaker::id(right)));
        CHECK(packs.read(PackMaker::id(right))->content() == "hello");
        CHECK(packs.header(PackMaker::id(right))->type == GIT_OBJECT_BLOB);
    }
    for (size_t wrong = 3; wrong <= pack.count(); ++wrong) {
        INFO(wrong);
        CHECK(packs.read(PackMaker::id(wrong)).error().kind == ErrorKind::not_found);
    }
}

TEST_CASE("packs: a small object that is made from a large one is refused")
{
    Place place;
    std::string base(0xffff, 'b');
    uint64_t large = base.size() * 2000;
    std::string small = PackMaker::number(large) + PackMaker::number(5) + "\x90\x05";
    PackMaker()
        .add(PackMaker::blob, base)
        .add_delta(1, repeated(base.size(), base.size(), 2000))
        .add_delta(2, small)
        .add(PackMaker::blob, std::string(large, 'w'))
        .add_delta(4, small)
        .add_delta(1, PackMaker::number(base.size()) + PackMaker::number(5) + std::string(70u << 20, '\x90') + "\x05")
        .write(place.fd());
    git::Objects objects(place.fd());
    for (size_t bomb : {3, 5}) {
        CHECK(objects.header(PackMaker::id(bomb))->size == 5);
        CHECK(objects.read(PackMaker::id(bomb), GIT_OBJECT_BLOB, 100).error().kind == ErrorKind::refused);
    }
    for (size_t large_one : {2, 4, 6})
        CHECK(objects.read(PackMaker::id(large_one), GIT_OBJECT_BLOB, 100).error().kind == ErrorKind::refused);
    CHECK(objects.read(PackMaker::id(1), GIT_OBJECT_BLOB, base.size())->content() == base);
}
