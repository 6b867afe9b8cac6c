#include "sys/file.h"

#include <sys/resource.h>
#include <unistd.h>

#include <catch2/catch_test_macros.hpp>

#include "support/scratch.h"
#include "sys/process.h"

using namespace quire;
using namespace quire::sys;

TEST_CASE("files are written, read and appended to")
{
    tests::Scratch scratch;
    REQUIRE(append_file(scratch.fd(), "f", "one\n"));
    REQUIRE(append_file(scratch.fd(), "f", "two\n"));
    CHECK(*read_file(scratch.fd(), "f") == "one\ntwo\n");
    UniqueFd fd = *open_at(scratch.fd(), "f", O_RDWR);
    REQUIRE(write_at(fd.get(), "TWO", 4));
    CHECK(*read_at(fd.get(), 4, 3) == "TWO");
    CHECK(*read_at(fd.get(), 6, 100) == "O\n");
    CHECK(*read_at(fd.get(), 100, 1) == "");
    CHECK(*read_some(fd.get(), 3) == "one");
}

TEST_CASE("errors name the call and the path, and ENOENT is not_found")
{
    tests::Scratch scratch;
    auto missing = open_at(scratch.fd(), "nowhere", O_RDONLY);
    REQUIRE_FALSE(missing);
    CHECK(missing.error().kind == ErrorKind::not_found);
    CHECK(missing.error().message == "open nowhere: No such file or directory");
    REQUIRE(append_file(scratch.fd(), "f", ""));
    auto not_directory = open_directory(scratch.fd(), "f");
    REQUIRE_FALSE(not_directory);
    CHECK(not_directory.error().code == ENOTDIR);
    CHECK_FALSE(write_all(-1, "x"));
    CHECK(write_all(-1, ""));
    CHECK_FALSE(read_some(-1, 1));
}

TEST_CASE("what is read is a regular file: a fifo, a device and a directory are refused, and not waited for")
{
    tests::Scratch scratch;
    REQUIRE(::mkfifoat(scratch.fd(), "fifo", 0600) == 0);
    REQUIRE(make_directory(scratch.fd(), "directory"));
    REQUIRE(symlink_at("/dev/zero", scratch.fd(), "device"));
    for (const char* name : {"fifo", "directory", "device"}) {
        INFO(name);
        CHECK(read_file(scratch.fd(), name).error().message == fmt::format("{} is no regular file", name));
        CHECK(open_regular(scratch.fd(), name).error().kind == ErrorKind::invalid);
    }
    CHECK_FALSE(open_regular_beneath(scratch.fd(), "fifo"));
    CHECK_FALSE(open_regular_beneath(scratch.fd(), "device")); // a way out
    REQUIRE(append_file(scratch.fd(), "f", "text"));
    REQUIRE(symlink_at("f", scratch.fd(), "link"));
    CHECK(*read_file(scratch.fd(), "link") == "text");
    CHECK(open_regular_beneath(scratch.fd(), "link"));
    CHECK(open_regular(scratch.fd(), "link", O_NOFOLLOW).error().code == ELOOP);
}

TEST_CASE("read_file refuses more than its limit and takes just as much")
{
    tests::Scratch scratch;
    REQUIRE(append_file(scratch.fd(), "f", std::string(5000, 'x')));
    CHECK(read_file(scratch.fd(), "f", 5000)->size() == 5000);
    auto refused = read_file(scratch.fd(), "f", 4999);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().kind == ErrorKind::invalid);
    CHECK(refused.error().message == "f: more than 4999 bytes");
}

TEST_CASE("a file is read whole, whatever its size, from where its descriptor is, and also where no size is told")
{
    tests::Scratch scratch;
    constexpr size_t large = 100'000;
    for (size_t size : {size_t{1}, size_t{4095}, size_t{4096}, size_t{4097}, size_t{8192}, large}) {
        std::string content(size, 'x');
        content.back() = 'y';
        (void)unlink_at(scratch.fd(), "f");
        REQUIRE(append_file(scratch.fd(), "f", content));
        CHECK(*read_file(scratch.fd(), "f") == content);
        CHECK(!read_file(scratch.fd(), "f", size - 1));
        UniqueFd file = *open_at(scratch.fd(), "f", O_RDONLY);
        ::lseek(file.get(), 1, SEEK_SET);
        CHECK(*read_all(file.get(), large, "f") == content.substr(1));
    }
    Pipe ends = *make_pipe();
    std::string content(50'000, 'x');
    REQUIRE(write_all(ends.writer.get(), content));
    ends.writer.reset();
    CHECK(*read_all(ends.reader.get(), large, "a pipe") == content);
    std::string smaps = *read_file(AT_FDCWD, "/proc/self/smaps"); // longer than a page, and of size 0
    CHECK(smaps.size() > 4096);
    CHECK(smaps.ends_with('\n'));
}

TEST_CASE("every descriptor is closed on exec")
{
    tests::Scratch scratch;
    UniqueFd fd = *open_at(scratch.fd(), "f", O_RDWR | O_CREAT);
    UniqueFd copy = *duplicate(fd.get());
    UniqueFd beneath = *open_beneath(scratch.fd(), "f", O_RDONLY);
    for (int each : {fd.get(), copy.get(), beneath.get()})
        CHECK((::fcntl(each, F_GETFD) & FD_CLOEXEC) != 0);
}

TEST_CASE("open_beneath finds no way out")
{
    tests::Scratch scratch;
    REQUIRE(make_directories(scratch.fd(), "root/in/deep"));
    REQUIRE(append_file(scratch.fd(), "outside", "secret"));
    REQUIRE(append_file(scratch.fd(), "root/in/file", "fine"));
    REQUIRE(symlink_at("../outside", scratch.fd(), "root/up"));
    REQUIRE(symlink_at("/etc/passwd", scratch.fd(), "root/absolute"));
    REQUIRE(symlink_at("..", scratch.fd(), "root/in/parent"));
    REQUIRE(symlink_at("in/file", scratch.fd(), "root/within"));
    UniqueFd root = *open_directory(scratch.fd(), "root");
    CHECK(open_beneath(root.get(), "in/file", O_RDONLY));
    CHECK(open_beneath(root.get(), "in/deep/../file", O_RDONLY));
    CHECK(open_beneath(root.get(), "within", O_RDONLY));
    for (const char* path : {"../outside", "up", "absolute", "/etc/passwd", "in/../../outside", "in/parent/../outside",
                             "in/deep/../../../outside", "..", "/"}) {
        INFO(path);
        CHECK_FALSE(open_beneath(root.get(), path, O_RDONLY));
    }
}

TEST_CASE("a rename replaces, or refuses to")
{
    tests::Scratch scratch;
    REQUIRE(append_file(scratch.fd(), "a", "a"));
    REQUIRE(append_file(scratch.fd(), "b", "b"));
    auto refused = rename_noreplace(scratch.fd(), "a", scratch.fd(), "b");
    REQUIRE_FALSE(refused);
    CHECK(refused.error().kind == ErrorKind::exists);
    CHECK(*read_file(scratch.fd(), "b") == "b");
    REQUIRE(rename_at(scratch.fd(), "a", scratch.fd(), "b"));
    CHECK(*read_file(scratch.fd(), "b") == "a");
    CHECK_FALSE(exists(scratch.fd(), "a"));
    REQUIRE(rename_noreplace(scratch.fd(), "b", scratch.fd(), "c"));
    CHECK_FALSE(rename_at(scratch.fd(), "b", scratch.fd(), "d"));
}

TEST_CASE("directories are made, listed in byte order and removed with all below")
{
    tests::Scratch scratch;
    REQUIRE(make_directories(scratch.fd(), "x/y/z"));
    REQUIRE(make_directories(scratch.fd(), "x/y/z"));
    auto again = make_directory(scratch.fd(), "x");
    REQUIRE_FALSE(again);
    CHECK(again.error().kind == ErrorKind::exists);
    for (const char* name : {"x/b", "x/B", "x/.hidden", "x/\xc3\xa9"})
        REQUIRE(append_file(scratch.fd(), name, ""));
    CHECK(*list_directory(scratch.fd(), "x") == std::vector<std::string>{".hidden", "B", "b", "y", "\xc3\xa9"});
    CHECK_FALSE(remove_directory(scratch.fd(), "x"));
    CHECK_FALSE(list_directory(scratch.fd(), "x/b"));
    REQUIRE(remove_tree(scratch.fd(), "x"));
    CHECK_FALSE(exists(scratch.fd(), "x"));
    CHECK(remove_tree(scratch.fd(), "x"));
    auto on_a_file = make_directories(scratch.fd(), "f/g");
    CHECK(on_a_file);
    REQUIRE(append_file(scratch.fd(), "plain", ""));
    CHECK_FALSE(make_directories(scratch.fd(), "plain/g"));
}

TEST_CASE("remove_tree takes a symlink away, not what it points to")
{
    tests::Scratch scratch;
    REQUIRE(make_directories(scratch.fd(), "keep"));
    REQUIRE(append_file(scratch.fd(), "keep/file", "x"));
    REQUIRE(make_directories(scratch.fd(), "tree"));
    REQUIRE(symlink_at("../keep", scratch.fd(), "tree/link"));
    REQUIRE(symlink_at("keep", scratch.fd(), "link"));
    REQUIRE(remove_tree(scratch.fd(), "tree"));
    REQUIRE(remove_tree(scratch.fd(), "link"));
    CHECK(exists(scratch.fd(), "keep/file"));
    CHECK_FALSE(exists(scratch.fd(), "link"));
}

TEST_CASE("remove_tree takes few descriptors, however deep the tree is")
{
    tests::Scratch scratch;
    constexpr int depth = 3000;
    REQUIRE(make_directory(scratch.fd(), "tree"));
    UniqueFd at = *open_directory(scratch.fd(), "tree");
    for (int i = 0; i < depth; ++i) {
        REQUIRE(make_directory(at.get(), "d"));
        REQUIRE(append_file(at.get(), "f", "x"));
        at = *open_directory(at.get(), "d");
    }
    at.reset();
    rlimit before{};
    REQUIRE(::getrlimit(RLIMIT_NOFILE, &before) == 0);
    rlimit few{64, before.rlim_max};
    REQUIRE(::setrlimit(RLIMIT_NOFILE, &few) == 0);
    auto removed = remove_tree(scratch.fd(), "tree");
    ::setrlimit(RLIMIT_NOFILE, &before);
    CHECK((removed ? "" : removed.error().message) == "");
    CHECK_FALSE(exists(scratch.fd(), "tree"));
}

TEST_CASE("remove_tree unlocks directories that their owner may not write to or enter")
{
    tests::Scratch scratch;
    constexpr uid_t nobody = 65534;
    bool is_root = ::geteuid() == 0; // who may do anything proves nothing
    if (is_root) {
        REQUIRE(::fchown(scratch.fd(), nobody, nobody) == 0);
        REQUIRE(::seteuid(nobody) == 0);
    }
    REQUIRE(make_directories(scratch.fd(), "mod/cache/v1/sub"));
    REQUIRE(append_file(scratch.fd(), "mod/cache/v1/file", "x"));
    REQUIRE(append_file(scratch.fd(), "mod/cache/v1/sub/file", "x"));
    REQUIRE(append_file(scratch.fd(), "outside", "x"));
    REQUIRE(symlink_at("../outside", scratch.fd(), "mod/link"));
    struct stat outside = **stat_at(scratch.fd(), "outside");
    REQUIRE(::fchmodat(scratch.fd(), "mod/cache/v1/sub", 0, 0) == 0);
    for (const char* locked : {"mod/cache/v1", "mod/cache", "mod"})
        REQUIRE(::fchmodat(scratch.fd(), locked, 0555, 0) == 0);
    auto removed = remove_tree(scratch.fd(), "mod");
    bool is_left = exists(scratch.fd(), "mod");
    struct stat outside_now = **stat_at(scratch.fd(), "outside");
    if (is_root)
        REQUIRE(::seteuid(0) == 0);
    CHECK((removed ? "" : removed.error().message) == "");
    CHECK_FALSE(is_left);
    CHECK(outside_now.st_mode == outside.st_mode);
}

TEST_CASE("stat_at tells absent from failed and does not follow symlinks")
{
    tests::Scratch scratch;
    REQUIRE(symlink_at("nowhere", scratch.fd(), "dangling"));
    CHECK(S_ISLNK((*stat_at(scratch.fd(), "dangling"))->st_mode));
    CHECK(*read_link(scratch.fd(), "dangling") == "nowhere");
    CHECK(exists(scratch.fd(), "dangling"));
    CHECK_FALSE(stat_at(scratch.fd(), "nothing")->has_value());
    CHECK_FALSE(stat_at(scratch.fd(), "dangling/below")->has_value());
    CHECK_FALSE(stat_at(-1, "x"));
    CHECK_FALSE(read_link(scratch.fd(), "nothing"));
}

TEST_CASE("only regular files with the x bit are executable")
{
    tests::Scratch scratch;
    REQUIRE(append_file(scratch.fd(), "plain", "", 0644));
    REQUIRE(append_file(scratch.fd(), "program", "", 0755));
    REQUIRE(make_directory(scratch.fd(), "directory"));
    CHECK_FALSE(is_executable_file(scratch.fd(), "plain"));
    CHECK(is_executable_file(scratch.fd(), "program"));
    CHECK_FALSE(is_executable_file(scratch.fd(), "directory"));
    CHECK_FALSE(is_executable_file(scratch.fd(), "nothing"));
}

TEST_CASE("real_path resolves, and refuses what is not there")
{
    tests::Scratch scratch;
    REQUIRE(make_directory(scratch.fd(), "d"));
    REQUIRE(symlink_at("d", scratch.fd(), "l"));
    CHECK(*real_path(scratch.path() + "/l/../l") == scratch.path() + "/d");
    CHECK_FALSE(real_path(scratch.path() + "/nothing"));
}
