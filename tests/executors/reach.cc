// reach: asks whether something can be reached, and is what can be reached. Static, for images without a libc.
//
//   reach serve DIRECTORY PORT NAME ADDRESS...   answers TCP and UDP on PORT of every address, UDP also on 53 as a name
//                                                server that knows every name as 192.0.2.1, and the abstract socket
//                                                NAME; then makes DIRECTORY/ready
//   reach tcp|udp ADDRESS PORT                   prints "reached", or why not
//   reach abstract NAME
//   reach resolve                                asks the first name server of /etc/resolv.conf; prints the address
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

struct Address {
    sockaddr_storage storage{};
    socklen_t size = 0;
    const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
};

static Address internet(const char* text, int port)
{
    Address address;
    auto* v4 = reinterpret_cast<sockaddr_in*>(&address.storage);
    auto* v6 = reinterpret_cast<sockaddr_in6*>(&address.storage);
    if (::inet_pton(AF_INET, text, &v4->sin_addr) == 1) {
        v4->sin_family = AF_INET;
        v4->sin_port = htons(static_cast<uint16_t>(port));
        address.size = sizeof *v4;
    } else if (::inet_pton(AF_INET6, text, &v6->sin6_addr) == 1) {
        v6->sin6_family = AF_INET6;
        v6->sin6_port = htons(static_cast<uint16_t>(port));
        address.size = sizeof *v6;
    } else {
        std::fprintf(stderr, "reach: no address: %s\n", text);
        std::exit(100);
    }
    return address;
}

static Address abstract(const char* name)
{
    Address address;
    auto* local = reinterpret_cast<sockaddr_un*>(&address.storage);
    local->sun_family = AF_UNIX;
    std::strncpy(local->sun_path + 1, name, sizeof local->sun_path - 2);
    address.size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + std::strlen(name));
    return address;
}

static int fail(const char* what)
{
    std::printf("%s: %s\n", what, std::strerror(errno));
    return 1;
}

/// Sends `question`, prints nothing, yields what came back within a few seconds.
static std::string ask(const Address& to, int type, const std::string& question)
{
    int fd = ::socket(to.storage.ss_family, type, 0);
    timeval patience{4, 0};
    ::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    ::setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    char answer[512];
    ssize_t got = -1;
    if (fd >= 0 && ::connect(fd, to.get(), to.size) == 0 && ::send(fd, question.data(), question.size(), 0) > 0)
        got = ::recv(fd, answer, sizeof answer, 0);
    int reason = errno;
    ::close(fd);
    errno = reason;
    return std::string(answer, got > 0 ? static_cast<size_t>(got) : 0);
}

static int report(const std::string& answer)
{
    if (answer.empty())
        return fail("not reached");
    std::puts("reached");
    return 0;
}

static const std::string question("\x12\x34\x01\0\0\1\0\0\0\0\0\0\7outside\4test\0\0\1\0\1", 30);
static const std::string address_record("\xc0\x0c\0\1\0\1\0\0\0\x3c\0\4\xc0\0\2\1", 16);

static int resolve()
{
    std::FILE* file = std::fopen("/etc/resolv.conf", "r");
    char line[256], server[200] = "";
    while (file && std::fgets(line, sizeof line, file) && std::sscanf(line, "nameserver %199s", server) != 1) {
    }
    if (!*server)
        return fail("no name server");
    std::string answer = ask(internet(server, 53), SOCK_DGRAM, question);
    if (answer.size() != question.size() + address_record.size())
        return fail("not resolved");
    char text[64];
    std::puts(::inet_ntop(AF_INET, answer.data() + answer.size() - 4, text, sizeof text));
    return 0;
}

static void serve_one(const pollfd& ready)
{
    char bytes[512];
    Address from;
    from.size = sizeof from.storage;
    int type = 0;
    socklen_t size = sizeof type;
    ::getsockopt(ready.fd, SOL_SOCKET, SO_TYPE, &type, &size);
    if (type == SOCK_STREAM) {
        int client = ::accept(ready.fd, nullptr, nullptr);
        if (client >= 0 && ::recv(client, bytes, sizeof bytes, 0) > 0)
            (void)::send(client, "hello", 5, MSG_NOSIGNAL);
        ::close(client);
        return;
    }
    ssize_t got = ::recvfrom(ready.fd, bytes, sizeof bytes, 0, reinterpret_cast<sockaddr*>(&from.storage), &from.size);
    std::string answer(bytes, got > 0 ? static_cast<size_t>(got) : 0);
    if (answer == question) {
        answer[2] = '\x81', answer[3] = '\x80', answer[7] = 1;
        answer += address_record;
    }
    (void)::sendto(ready.fd, answer.data(), answer.size(), 0, from.get(), from.size);
}

static int serve(int argc, char** argv)
{
    std::vector<pollfd> polled;
    auto listen = [&](const Address& address, int type) {
        int fd = ::socket(address.storage.ss_family, type, 0), yes = 1;
        ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
        ::setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &yes, sizeof yes);
        if (::bind(fd, address.get(), address.size) < 0 || (type == SOCK_STREAM && ::listen(fd, 16) < 0))
            std::exit(fail("cannot listen"));
        polled.push_back({fd, POLLIN, 0});
    };
    for (int i = 5; i < argc; ++i) {
        listen(internet(argv[i], std::atoi(argv[3])), SOCK_STREAM);
        listen(internet(argv[i], std::atoi(argv[3])), SOCK_DGRAM);
        listen(internet(argv[i], 53), SOCK_DGRAM);
    }
    listen(abstract(argv[4]), SOCK_STREAM);
    ::close(::open((std::string(argv[2]) + "/ready").c_str(), O_CREAT | O_WRONLY, 0666));
    ::alarm(600); // nobody needs us longer
    for (;;) {
        ::poll(polled.data(), polled.size(), -1);
        for (const pollfd& entry : polled)
            if (entry.revents != 0)
                serve_one(entry);
    }
}

int main(int argc, char** argv)
{
    std::string what = argc > 1 ? argv[1] : "";
    if (what == "serve" && argc > 5)
        return serve(argc, argv);
    if (what == "resolve")
        return resolve();
    if (what == "abstract" && argc == 3)
        return report(ask(abstract(argv[2]), SOCK_STREAM, "hello?"));
    if ((what == "tcp" || what == "udp") && argc == 4)
        return report(ask(internet(argv[2], std::atoi(argv[3])), what == "tcp" ? SOCK_STREAM : SOCK_DGRAM, "hello?"));
    std::fputs("usage: see the head of reach.cc\n", stderr);
    return 100;
}
