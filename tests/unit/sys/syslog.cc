#include "sys/syslog.h"

#include <catch2/catch_test_macros.hpp>

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>

#include "support/scratch.h"

using namespace quire;

/// What a log daemon would have received; "" if nothing came.
static std::string received(int socket)
{
    char buffer[4096];
    ssize_t size = ::recv(socket, buffer, sizeof buffer, MSG_DONTWAIT);
    return std::string(buffer, size > 0 ? static_cast<size_t>(size) : 0);
}

TEST_CASE("a line reaches the log as one datagram, with its control bytes shown")
{
    tests::Scratch scratch;
    std::string path = scratch.path() + "/log";
    UniqueFd socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, path.c_str(), path.size());
    REQUIRE(::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);

    sys::send_to_syslog("refused: a\nb\x1b[2J", path);
    std::string line = received(socket.get());
    CHECK(line.starts_with("<85>"));
    CHECK(line.ends_with("[" + std::to_string(::getpid()) + "]: refused: a\\x0ab\\x1b[2J"));
    CHECK(received(socket.get()).empty());
}

TEST_CASE("without a log daemon nothing happens")
{
    tests::Scratch scratch;
    sys::send_to_syslog("x", scratch.path() + "/nobody");
    sys::send_to_syslog("x", scratch.path() + "/" + std::string(200, 'a'));
    CHECK(sys::list_directory(scratch.fd(), ".")->empty());
}
