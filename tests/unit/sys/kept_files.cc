#include "sys/kept_files.h"

#include <catch2/catch_test_macros.hpp>

#include <filesystem>

#include "support/scratch.h"
#include "sys/file.h"

using namespace quire;

static std::optional<std::string> read(sys::KeptFiles& files, const std::string& name)
{
    auto file = files.open(name);
    return file ? std::optional(sys::read_all(file->get(), 1 << 20, name).value()) : std::nullopt;
}

TEST_CASE("kept files: those used last stay within the bound, after a new start too")
{
    tests::Scratch scratch;
    auto open = [&] { return sys::open_directory(AT_FDCWD, scratch.path()).value(); };
    auto bytes = [&] {
        uintmax_t sum = 0;
        for (const auto& file : std::filesystem::directory_iterator(scratch.path()))
            sum += file.file_size();
        return sum;
    };
    sys::KeptFiles files(open(), 100'000);
    files.keep("first", std::string(10'000, 'x'), now());
    for (int i = 0; i < 30; ++i) {
        files.keep(std::to_string(i), std::string(10'000, 'x'), now());
        REQUIRE(files.open("first")); // used just now
        CHECK(bytes() <= 100'000);
    }
    CHECK_FALSE(files.open("1"));
    CHECK(files.open("29"));
    files.keep("large", std::string(60'000, 'x'), now());
    CHECK_FALSE(files.open("large"));
    sys::KeptFiles again(open(), 100'000);
    CHECK(read(again, "first") == std::string(10'000, 'x'));
    again.keep("first", "other", now());
    CHECK(read(again, "first") == "other");
    for (int i = 100; i < 112; ++i)
        again.keep(std::to_string(i), std::string(10'000, 'x'), now());
    CHECK(bytes() <= 100'000);
    again.drop("first");
    CHECK_FALSE(again.open("first"));
    CHECK_FALSE(sys::exists(scratch.fd(), "first"));
}

TEST_CASE("kept files: without a directory, or when it is gone, nothing is kept, and nothing fails")
{
    sys::KeptFiles none;
    none.keep("a", "x", now());
    CHECK_FALSE(none.open("a"));
    none.drop("a");
    tests::Scratch scratch;
    sys::KeptFiles files(sys::open_directory(AT_FDCWD, scratch.path()).value(), 1000);
    files.keep("a", "x", now());
    std::filesystem::remove_all(scratch.path());
    CHECK_FALSE(files.open("a"));
    files.keep("b", "x", now());
    CHECK_FALSE(files.open("b"));
}
