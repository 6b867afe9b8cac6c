#include "git/checkout_reuse.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <sys/mman.h>
#include <sys/stat.h>

#include "support/scratch.h"
#include "sys/file.h"
#include "sys/file_status.h"
#include "sys/space.h"
#include "sys/stamp.h"

using namespace quire;
using namespace quire::git;

namespace {

const std::string id(20, '\x11');

/// A checkout that was noted when it was fresh, as the caller of move_untouched() does it, and a place to move it to.
struct Checkouts {
    tests::Scratch scratch;
    std::string from = make("from"), to = make("to");
    CheckoutNote note;
    std::string unwanted;

    std::string make(const std::string& name)
    {
        REQUIRE(sys::make_directory(scratch.fd(), name));
        return scratch.path() + "/" + name;
    }
    void write(const std::string& path, const std::string& content = "as it was")
    {
        std::string whole = "from/" + path;
        REQUIRE(sys::make_directories(scratch.fd(), whole.substr(0, whole.rfind('/'))));
        UniqueFd file = sys::open_at(scratch.fd(), whole, O_WRONLY | O_CREAT | O_TRUNC).value();
        REQUIRE(sys::write_all(file.get(), content));
    }
    /// The present, by the file system's clock.
    Instant tick()
    {
        UniqueFd file = sys::open_at(scratch.fd(), "clock", O_WRONLY | O_CREAT | O_TRUNC).value();
        REQUIRE(sys::write_all(file.get(), "x"));
        return sys::stamp_of(file.get(), "clock").value().changed;
    }
    UniqueFd open(const std::string& place) { return sys::open_directory(AT_FDCWD, place).value(); }
    void take_note(const std::vector<std::string>& sorted)
    {
        IndexFile index;
        for (const std::string& path : sorted) {
            auto status = sys::stat_at(open(from).get(), path).value().value();
            index.add(path, index_fields(S_ISLNK(status.st_mode) ? 0120000 : 0100644, status), id);
        }
        note.index = index.finish(id.size());
        note.directories = look_at_directories(open(from).get(), read_index(note.index, id.size()).value()).value();
        Instant made = tick();
        do
            note.at = tick();
        while (note.at <= made);
    }
    std::string move()
    {
        UniqueFd source = open(from), target = open(to);
        std::vector<IndexEntry> entries = read_index(note.index, id.size()).value();
        std::vector<bool> wanted;
        for (const IndexEntry& entry : entries)
            wanted.push_back(entry.path != unwanted);
        MovedFiles moved = move_untouched(source.get(), target.get(), note, entries, wanted).value();
        std::string paths;
        for (const IndexEntry& entry : moved.entries) {
            paths += std::string(entry.path) + " ";
            auto status = sys::stat_at(target.get(), std::string(entry.path)).value().value();
            CHECK(index_fields(entry.mode(), status) == entry.fields); // git will find nothing to do
        }
        return paths;
    }
};

} // namespace

TEST_CASE("files that nobody touched are moved, directories as a whole, and nothing beside them")
{
    Checkouts world;
    for (const char* path : {"a", "d/a", "d/e/a", "f/a", "f/b"})
        world.write(path);
    world.take_note({"a", "d/a", "d/e/a", "f/a", "f/b"});
    world.write("untracked");
    world.write("f/untracked");
    world.write("f/b", "AS IT WAS");
    auto directory = sys::stat_at(world.open(world.from).get(), "d").value()->st_ino;
    CHECK(world.move() == "a d/a d/e/a f/a ");
    CHECK(sys::stat_at(world.open(world.to).get(), "d").value()->st_ino == directory);
    CHECK_FALSE(sys::exists(world.open(world.to).get(), "untracked"));
    CHECK_FALSE(sys::exists(world.open(world.to).get(), "f/untracked"));
    CHECK_FALSE(sys::exists(world.open(world.to).get(), "f/b"));
}

TEST_CASE("a file that the other checkout has not is left, and its directory is made anew")
{
    Checkouts world;
    for (const char* path : {"d/a", "d/b", "e/a"})
        world.write(path);
    world.take_note({"d/a", "d/b", "e/a"});
    world.unwanted = "d/b";
    CHECK(world.move() == "d/a e/a ");
    CHECK_FALSE(sys::exists(world.open(world.to).get(), "d/b"));
    CHECK(sys::exists(world.open(world.from).get(), "d/b"));
}

TEST_CASE("of many files two threads look at pieces, whose borders are in the midst of directories")
{
    Checkouts world;
    std::vector<std::string> paths;
    for (int i = 10'000; i < 19'000; ++i)
        paths.push_back(fmt::format("{}/{}",
                                    i < 11'500   ? "a"
                                    : i < 14'000 ? "b/inner"
                                    : i < 16'500 ? "c"
                                    : i < 18'700 ? "d/inner"
                                                 : "d/other",
                                    i));
    for (const std::string& path : paths)
        world.write(path);
    world.take_note(paths);
    world.write("a/11400", "touched");
    world.write("c/untracked");
    world.write("d/untracked");
    auto inode = [](const UniqueFd& place, const char* path) {
        return sys::stat_at(place.get(), path).value()->st_ino;
    };
    UniqueFd from = world.open(world.from), to = world.open(world.to);
    constexpr const char* whole[] = {"b", "b/inner", "d/inner", "d/other", "c/16499"};
    constexpr const char* anew[] = {"a", "c", "d"};
    std::vector<ino_t> moved_before, anew_before;
    for (const char* path : whole)
        moved_before.push_back(inode(from, path));
    for (const char* path : anew)
        anew_before.push_back(inode(from, path));
    std::string moved = world.move();
    CHECK(std::count(moved.begin(), moved.end(), ' ') == 8999);
    CHECK(moved.find("11400") == std::string::npos);
    for (size_t i = 0; i < std::size(whole); ++i)
        CHECK(inode(to, whole[i]) == moved_before[i]);
    for (size_t i = 0; i < std::size(anew); ++i)
        CHECK(inode(to, anew[i]) != anew_before[i]);
    CHECK_FALSE(sys::exists(to.get(), "c/untracked"));
    CHECK_FALSE(sys::exists(to.get(), "d/untracked"));
}

TEST_CASE("what a directory lost, or has under another name, is seen wherever its pieces end")
{
    for (const char* touched : {"d/12000", "d/13999", "d/10000"}) {
        Checkouts world;
        std::vector<std::string> paths;
        for (int i = 10'000; i < 16'000; ++i)
            paths.push_back(fmt::format("{}/{}", i < 14'000 ? "d" : "e/in", i));
        for (const std::string& path : paths)
            world.write(path);
        world.take_note(paths);
        std::string path = world.from + "/" + touched;
        REQUIRE(::rename(path.c_str(), (world.from + "/d/new").c_str()) == 0);
        REQUIRE(::symlink("/etc/passwd", path.c_str()) == 0);
        std::string moved = world.move();
        CHECK(std::count(moved.begin(), moved.end(), ' ') == 5999);
        CHECK(moved.find(touched) == std::string::npos);
        CHECK_FALSE(sys::exists(world.open(world.to).get(), "d/new"));
        CHECK_FALSE(sys::exists(world.open(world.to).get(), touched));
    }
}

TEST_CASE("a date that was set back, a link, another mode and a stand-in are all seen")
{
    Checkouts world;
    for (const char* path : {"content", "linked", "mode", "replaced", "z/inside"})
        world.write(path);
    world.take_note({"content", "linked", "mode", "replaced", "z/inside"});
    auto was = sys::stat_at(world.open(world.from).get(), "content").value().value();
    world.write("content", "AS IT WAS");
    timespec dates[2] = {was.st_atim, was.st_mtim};
    REQUIRE(::utimensat(AT_FDCWD, (world.from + "/content").c_str(), dates, 0) == 0);
    REQUIRE(::link((world.from + "/linked").c_str(), (world.scratch.path() + "/link").c_str()) == 0);
    REQUIRE(::chmod((world.from + "/mode").c_str(), 0755) == 0);
    REQUIRE(::unlink((world.from + "/replaced").c_str()) == 0);
    REQUIRE(::symlink("/etc/passwd", (world.from + "/replaced").c_str()) == 0);
    REQUIRE(::rename((world.from + "/z").c_str(), (world.scratch.path() + "/z").c_str()) == 0);
    REQUIRE(::symlink((world.scratch.path() + "/z").c_str(), (world.from + "/z").c_str()) == 0);
    CHECK(world.move().empty());
}

TEST_CASE("a store into a mapped file is seen, also if its page was there before")
{
    Checkouts world;
    if (!sys::is_on_ext4(world.scratch.fd()).value())
        SKIP("the scratch directory is not on ext4, and only there checkouts are noted");
    world.write("mapped");
    world.write("read");
    world.take_note({"mapped", "read"});
    for (const char* name : {"mapped", "read"}) {
        UniqueFd file = sys::open_at(world.open(world.from).get(), name, O_RDWR).value();
        void* bytes = ::mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, file.get(), 0);
        REQUIRE(bytes != MAP_FAILED);
        auto* first = static_cast<volatile char*>(bytes);
        char was = *first;
        if (name == std::string_view("mapped"))
            *first = static_cast<char>(was + 1);
        ::munmap(bytes, 4096);
    }
    CHECK(world.move() == "read ");
}

TEST_CASE("neither a FIFO nor a directory nor a bigger or sparse file stands in for a file")
{
    Checkouts world;
    for (const char* path : {"directory", "fifo", "sparse", "z/a/file", "z/b"})
        world.write(path);
    world.take_note({"directory", "fifo", "sparse", "z/a/file", "z/b"});
    for (const char* path : {"/directory", "/fifo"})
        REQUIRE(::unlink((world.from + path).c_str()) == 0);
    REQUIRE(::mkdir((world.from + "/directory").c_str(), 0755) == 0);
    REQUIRE(::mkfifo((world.from + "/fifo").c_str(), 0644) == 0);
    REQUIRE(::truncate((world.from + "/sparse").c_str(), 1 << 30) == 0);
    world.write("z/A/file"); // names that differ in case only
    CHECK(world.move() == "z/a/file z/b ");
    CHECK_FALSE(sys::exists(world.open(world.to).get(), "z/A"));
}

TEST_CASE("what changed in the tick of the note proves nothing")
{
    Checkouts world;
    world.write("a");
    world.take_note({"a"});
    world.note.at = read_index(world.note.index, id.size()).value()[0].changed_at();
    CHECK(world.move().empty());
}

TEST_CASE("an index that is not that of a whole checkout is refused")
{
    Checkouts world;
    world.write("a");
    world.take_note({"a"});
    auto refuses = [](std::string index) { return !read_index(index, id.size()); };
    REQUIRE_FALSE(refuses(world.note.index));
    constexpr size_t header = 12, fields = 40; // of the index, and of what stat says of its first file
    size_t flags = header + fields + id.size();
    for (int flag : {0x80, 0x40, 0x10}) {
        std::string marked = world.note.index;
        marked[flags] = static_cast<char>(flag);
        CHECK(refuses(marked));
    }
    for (const char* name : {"..", ".", "/", "a/../b", ".git", ".GIT/config", "a//b"}) {
        IndexFile index;
        index.add(name, std::string(40, '\0'), id);
        CHECK(refuses(index.finish(id.size())));
    }
    IndexFile disordered;
    for (const char* name : {"b", "a"})
        disordered.add(name, std::string(40, '\0'), id);
    CHECK(refuses(disordered.finish(id.size())));
    for (size_t size = 0; size < world.note.index.size(); ++size)
        (void)read_index(std::string_view(world.note.index).substr(0, size), id.size());
    CHECK(refuses("DIRC"));
}
