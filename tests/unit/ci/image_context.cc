// What an image is built from, and the tag that follows from it.
#include "ci/executors/image_context.h"

#include <sys/stat.h>

#include <catch2/catch_test_macros.hpp>

#include "support/scratch.h"
#include "sys/file.h"

using namespace quire;
using namespace quire::ci;

namespace {

/// A checkout with a Dockerfile and a script.
struct Checkout {
    tests::Scratch scratch;
    Checkout()
    {
        REQUIRE(sys::make_directories(scratch.fd(), ".quire/files").has_value());
        write("Dockerfile", "FROM scratch\n");
        write("files/tool", "#!/bin/sh\n");
    }
    std::string path(const std::string& name) const { return scratch.path() + "/.quire/" + name; }
    void write(const std::string& name, std::string_view content)
    {
        static_cast<void>(sys::unlink_at(scratch.fd(), ".quire/" + name).has_value());
        REQUIRE(sys::append_file(scratch.fd(), ".quire/" + name, content).has_value());
    }
    ImageContext read() const
    {
        auto context = read_image_context(scratch.fd());
        INFO((context ? "" : context.error().message));
        REQUIRE(context.has_value());
        return *context;
    }
    std::string tag() const { return read().tag; }
};

} // namespace

TEST_CASE("the tag follows from all that a Dockerfile may copy, and from nothing else")
{
    Checkout checkout;
    std::string first = checkout.tag();
    CHECK(first.starts_with("localhost/quire-image:"));
    CHECK(first.size() == std::string("localhost/quire-image:").size() + 40);
    Checkout twin;
    CHECK(twin.tag() == first);
    checkout.write("../elsewhere", "not below .quire");
    CHECK(checkout.tag() == first);

    checkout.write("Dockerfile", "FROM other\n");
    std::string second = checkout.tag();
    CHECK(second != first);
    checkout.write("Dockerfile", "FROM scratch\n");
    CHECK(checkout.tag() == first);

    ::chmod(checkout.path("files/tool").c_str(), 0755);
    CHECK(checkout.tag() != first);
    ::chmod(checkout.path("files/tool").c_str(), 0640); // a umask is no difference
    CHECK(checkout.tag() == first);
    REQUIRE(sys::rename_at(checkout.scratch.fd(), ".quire/files/tool", checkout.scratch.fd(), ".quire/files/toot")
                .has_value());
    CHECK(checkout.tag() != first);
}

TEST_CASE("bytes can't move from a file's name or content into another's without a change of the tag")
{
    Checkout a, b;
    a.write("x", "1");
    a.write("y", "23");
    b.write("x", "12");
    b.write("y", "3");
    CHECK(a.tag() != b.tag());
    Checkout link, file;
    REQUIRE(sys::symlink_at("target", link.scratch.fd(), ".quire/z").has_value());
    file.write("z", "target");
    CHECK(link.tag() != file.tag());
}

TEST_CASE("the context is written as it was read, whatever has become of the files")
{
    Checkout checkout;
    ::chmod(checkout.path("files/tool").c_str(), 0755);
    REQUIRE(sys::symlink_at("/etc/passwd", checkout.scratch.fd(), ".quire/link").has_value());
    ImageContext context = checkout.read();
    checkout.write("files/tool", "changed since");
    tests::Scratch target;
    REQUIRE(write_image_context(context, target.fd()).has_value());
    CHECK(sys::read_file(target.fd(), "files/tool").value_or("") == "#!/bin/sh\n");
    CHECK(sys::is_executable_file(target.fd(), "files/tool"));
    CHECK_FALSE(sys::is_executable_file(target.fd(), "Dockerfile"));
    CHECK(sys::read_link(target.fd(), "link").value_or("") == "/etc/passwd"); // a link, not what it leads to
}

TEST_CASE("what can't be part of an image is refused by name")
{
    Checkout checkout;
    REQUIRE(::mkfifo(checkout.path("pipe").c_str(), 0600) == 0);
    auto context = read_image_context(checkout.scratch.fd());
    REQUIRE_FALSE(context.has_value());
    CHECK(context.error().message.starts_with(".quire/pipe: "));

    Checkout deep;
    std::string below = ".quire";
    for (int i = 0; i < 20; ++i)
        below += "/d";
    REQUIRE(sys::make_directories(deep.scratch.fd(), below).has_value());
    auto too_deep = read_image_context(deep.scratch.fd());
    REQUIRE_FALSE(too_deep.has_value());
    CHECK(too_deep.error().message.find("nested deeper than 16") != std::string::npos);

    Checkout large;
    std::string megabyte(1u << 20, 'x');
    for (int i = 0; i < 65; ++i)
        large.write("part" + std::to_string(i), megabyte);
    auto too_large = read_image_context(large.scratch.fd());
    REQUIRE_FALSE(too_large.has_value());
    CHECK(too_large.error().message.find("64 MiB") != std::string::npos);
}
