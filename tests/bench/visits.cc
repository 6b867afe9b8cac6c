// visits PORT FILE SECONDS CONNECTIONS [--pause MS] [--spread] [--forwarded] [--slowest N] [--header LINE]...
//        [--odd] [--seed N] [--answers FILE]
//
// Asks 127.0.0.1:PORT for random lines of FILE (a path each) over so many connections at a time, and prints how many
// answers of which status came, and within how many milliseconds (for each status, too). With --pause a visitor waits
// before it asks again; with --spread each connection comes from an address of its own (127.0.0.x), and with
// --forwarded every request says that it was forwarded for a random one (X-Forwarded-For). A connection is kept while
// it can be.
//
// With --odd every other request is an odd one: for the head alone, for what has changed since the last time, for a
// range, without compression, as a browser asks, with a method that nobody answers; or it is left off in its middle, or
// its answer is. --seed has other lines taken than usual, and --answers writes the status, method and path of each
// answer to a file.
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <map>
#include <random>
#include <unordered_map>

#include "base/strings.h"
#include "base/time.h"
#include "base/unique_fd.h"
#include "cli/tool.h"

namespace {

using namespace quire;

struct Options {
    uint16_t port = 0;
    std::vector<std::string> paths, headers;
    std::string answers;
    int64_t time = 0, pause = 0;
    size_t connections = 1, slowest = 0;
    bool spread = false, forwarded = false, odd = false;
};

enum class Manner { usual, head, unchanged, range, uncompressed, browser, other_method, half_asked, half_taken };
constexpr uint32_t odd_manners = static_cast<uint32_t>(Manner::half_taken);

struct Visitor {
    UniqueFd socket;
    uint32_t address = INADDR_LOOPBACK;
    std::string path, method, to_send, received;
    Manner manner = Manner::usual;
    size_t takes = 0;                  ///< of an answer that is left off
    int64_t asked_at = 0, asks_at = 0; ///< asks_at: when it asks next, if it has no question out
    bool is_waiting = false;
};

struct Figures {
    std::map<std::string, std::vector<int64_t>> times; ///< by status
    std::vector<std::pair<int64_t, std::string>> slowest;
    size_t broken = 0, left_off = 0;
    std::ofstream answers;
    std::unordered_map<std::string, std::string> tags; ///< of what was sent, by path
};

std::mt19937 chance(20261126); // NOLINT: the same questions each time

uint32_t pick(size_t below) { return static_cast<uint32_t>(chance() % below); }

void connect_to(Visitor& visitor, uint16_t port)
{
    visitor.socket = UniqueFd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    int yes = 1;
    ::setsockopt(visitor.socket.get(), IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &yes, sizeof yes);
    ::setsockopt(visitor.socket.get(), IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    sockaddr_in from{};
    from.sin_family = AF_INET;
    from.sin_addr.s_addr = htonl(visitor.address);
    ::bind(visitor.socket.get(), reinterpret_cast<sockaddr*>(&from), sizeof from);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    to.sin_port = htons(port);
    if (::connect(visitor.socket.get(), reinterpret_cast<sockaddr*>(&to), sizeof to) != 0)
        visitor.socket.reset();
    else
        ::fcntl(visitor.socket.get(), F_SETFL, O_NONBLOCK);
}

std::string odd_headers(Visitor& visitor, const Figures& figures)
{
    constexpr size_t most_taken = 65536;
    switch (visitor.manner) {
    case Manner::unchanged: {
        auto tag = figures.tags.find(visitor.path);
        return tag == figures.tags.end() ? "" : fmt::format("If-None-Match: {}\r\n", tag->second);
    }
    case Manner::range:
        return fmt::format("Range: bytes={}-{}\r\n", pick(100), pick(10000));
    case Manner::browser:
        return "Accept: text/html,*/*;q=0.8\r\n";
    case Manner::half_taken:
        visitor.takes = pick(most_taken);
        return {};
    default:
        return {};
    }
}

void ask(Visitor& visitor, const Options& options, const Figures& figures)
{
    constexpr std::array<const char*, 4> other_methods = {"PUT", "DELETE", "OPTIONS", "POST"};
    if (!visitor.socket)
        connect_to(visitor, options.port);
    visitor.path = options.paths[pick(options.paths.size())];
    visitor.manner = options.odd && pick(2) == 0 ? Manner(1 + pick(odd_manners)) : Manner::usual;
    visitor.method = visitor.manner == Manner::head           ? "HEAD"
                     : visitor.manner == Manner::other_method ? other_methods[pick(other_methods.size())]
                                                              : "GET";
    std::string question = fmt::format("{} {} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\n{}{}", visitor.method, visitor.path,
                                       options.port, odd_headers(visitor, figures),
                                       visitor.manner == Manner::uncompressed ? "" : "Accept-Encoding: gzip\r\n");
    if (options.forwarded)
        question +=
            fmt::format("X-Forwarded-For: {}.{}.{}.{}\r\n", 11 + pick(200), pick(256), pick(256), 1 + pick(254));
    for (const std::string& header : options.headers)
        question += header + "\r\n";
    visitor.to_send = question + "\r\n";
    if (visitor.manner == Manner::half_asked)
        visitor.to_send.resize(1 + pick(visitor.to_send.size() - 1));
    visitor.received.clear();
    visitor.asked_at = monotonic_now();
    visitor.is_waiting = true;
}

constexpr size_t status_at = 9;

bool has_body(const Visitor& visitor)
{
    return visitor.manner != Manner::head && visitor.received.find(" 304 ") != status_at - 1;
}

/// How long the answer is that begins here; nothing while that can't be told, 0 for one that ends with its connection.
std::optional<size_t> whole_size(const Visitor& visitor)
{
    const std::string& received = visitor.received;
    size_t end = received.find("\r\n\r\n");
    if (end == std::string::npos)
        return std::nullopt;
    if (!has_body(visitor))
        return end + 4;
    std::string head = to_lower(std::string_view(received).substr(0, end));
    constexpr std::string_view length = "content-length: ";
    if (size_t at = head.find(length); at != std::string::npos)
        return end + 4 + static_cast<size_t>(std::atoll(head.c_str() + at + length.size()));
    if (head.find("transfer-encoding: chunked") != std::string::npos)
        return received.ends_with("\r\n0\r\n\r\n") ? received.size() : SIZE_MAX;
    return 0;
}

void note_tag(const Visitor& visitor, Figures& figures)
{
    constexpr std::string_view name = "\r\nETag: ";
    size_t at = visitor.received.find(name);
    if (at != std::string::npos && at < visitor.received.find("\r\n\r\n"))
        figures.tags[visitor.path] =
            visitor.received.substr(at + name.size(), visitor.received.find('\r', at + name.size()) - at - name.size());
}

/// What became of the request: a whole answer, an answer that the visitor left off, or none.
enum class Outcome { whole, left_off, broken };

void finish(Visitor& visitor, const Options& options, Figures& figures, Outcome outcome)
{
    int64_t now = monotonic_now();
    figures.slowest.emplace_back(now - visitor.asked_at, visitor.path);
    bool is_whole = outcome == Outcome::whole;
    if (is_whole && visitor.received.size() > status_at + 3) {
        std::string status = visitor.received.substr(status_at, 3);
        figures.times[status].push_back(now - visitor.asked_at);
        if (options.odd && status == "200")
            note_tag(visitor, figures);
        if (figures.answers.is_open())
            figures.answers << status << ' ' << visitor.method << ' ' << visitor.path << '\n';
    } else {
        ++(outcome == Outcome::left_off ? figures.left_off : figures.broken);
        if (outcome == Outcome::broken && figures.answers.is_open())
            figures.answers << "broken " << visitor.method << ' ' << visitor.path << '\n';
    }
    if (!is_whole || visitor.received.find("Connection: close\r\n") != std::string::npos)
        visitor.socket.reset();
    visitor.is_waiting = false;
    visitor.asks_at = now + options.pause;
}

void go_on(Visitor& visitor, const Options& options, Figures& figures)
{
    if (!visitor.to_send.empty()) {
        ssize_t sent = ::send(visitor.socket.get(), visitor.to_send.data(), visitor.to_send.size(), MSG_NOSIGNAL);
        if (sent < 0)
            return finish(visitor, options, figures, Outcome::broken);
        visitor.to_send.erase(0, static_cast<size_t>(sent));
        bool is_left_off =
            visitor.manner == Manner::half_asked || (visitor.manner == Manner::half_taken && visitor.takes == 0);
        if (visitor.to_send.empty() && is_left_off)
            finish(visitor, options, figures, Outcome::left_off);
        return;
    }
    char block[65536];
    ssize_t got = ::recv(visitor.socket.get(), block, sizeof block, 0);
    if (got < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (got > 0)
        visitor.received.append(block, static_cast<size_t>(got));
    auto size = whole_size(visitor);
    if (got <= 0) {
        finish(visitor, options, figures, size == 0U ? Outcome::whole : Outcome::broken);
        visitor.socket.reset();
    } else if (size && *size > 0 && visitor.received.size() >= *size) {
        finish(visitor, options, figures, Outcome::whole);
    } else if (visitor.manner == Manner::half_taken && visitor.received.size() >= visitor.takes) {
        finish(visitor, options, figures, Outcome::left_off);
    }
}

Figures visit(const Options& options)
{
    Figures figures;
    if (!options.answers.empty())
        figures.answers.open(options.answers, std::ios::app);
    std::vector<Visitor> visitors(options.connections);
    for (size_t i = 0; i < visitors.size(); ++i)
        if (options.spread)
            visitors[i].address = INADDR_LOOPBACK + 1 + static_cast<uint32_t>(i);
    int64_t end = monotonic_now() + options.time;
    for (int64_t now = 0; (now = monotonic_now()) < end;) {
        std::vector<pollfd> polled;
        std::vector<Visitor*> whose;
        int64_t next = end;
        for (Visitor& visitor : visitors) {
            if (!visitor.is_waiting && visitor.asks_at <= now)
                ask(visitor, options, figures);
            if (visitor.is_waiting && !visitor.socket) {
                finish(visitor, options, figures, Outcome::broken);
                continue;
            }
            if (!visitor.is_waiting) {
                next = std::min(next, visitor.asks_at);
                continue;
            }
            polled.push_back({visitor.socket.get(), static_cast<short>(visitor.to_send.empty() ? POLLIN : POLLOUT), 0});
            whose.push_back(&visitor);
        }
        timespec wait{0, static_cast<long>(std::clamp<int64_t>(next - monotonic_now(), 0, nanoseconds_per_second - 1))};
        ::ppoll(polled.data(), polled.size(), &wait, nullptr);
        for (size_t i = 0; i < polled.size(); ++i)
            if (polled[i].revents != 0)
                go_on(*whose[i], options, figures);
    }
    return figures;
}

double at(const std::vector<int64_t>& sorted, double part)
{
    return sorted.empty() ? 0
                          : static_cast<double>(sorted[static_cast<size_t>(double(sorted.size() - 1) * part)]) / 1e6;
}

void print(const std::string& status, std::vector<int64_t> times)
{
    std::sort(times.begin(), times.end());
    fmt::print("{:<4} {:>7} answers, half within {:>8.2f} ms, 99 % {:>8.2f}, all {:>8.2f}\n", status, times.size(),
               at(times, 0.5), at(times, 0.99), at(times, 1));
}

Result<Options> parse_options(const cli::Arguments& arguments)
{
    if (arguments.size() < 4)
        return fail(ErrorKind::usage,
                    "usage: visits PORT FILE SECONDS CONNECTIONS [--pause MS] [--spread] [--forwarded] "
                    "[--slowest N] [--header LINE]... [--odd] [--seed N] [--answers FILE]");
    Options options{.port = static_cast<uint16_t>(parse_decimal(arguments[0]).value_or(0)),
                    .time = static_cast<int64_t>(parse_decimal(arguments[2]).value_or(1)) * nanoseconds_per_second,
                    .connections = parse_decimal(arguments[3]).value_or(1)};
    for (size_t i = 4; i < arguments.size(); ++i) {
        if (arguments[i] == "--spread")
            options.spread = true;
        else if (arguments[i] == "--forwarded")
            options.forwarded = true;
        else if (arguments[i] == "--odd")
            options.odd = true;
        else if (arguments[i] == "--seed" && i + 1 < arguments.size())
            chance.seed(static_cast<uint32_t>(parse_decimal(arguments[++i]).value_or(0)));
        else if (arguments[i] == "--answers" && i + 1 < arguments.size())
            options.answers = arguments[++i];
        else if (arguments[i] == "--pause" && i + 1 < arguments.size())
            options.pause = static_cast<int64_t>(parse_decimal(arguments[++i]).value_or(0)) * 1'000'000;
        else if (arguments[i] == "--slowest" && i + 1 < arguments.size())
            options.slowest = parse_decimal(arguments[++i]).value_or(0);
        else if (arguments[i] == "--header" && i + 1 < arguments.size())
            options.headers.push_back(arguments[++i]);
        else
            return fail(ErrorKind::usage, "unknown argument '{}'", arguments[i]);
    }
    return options;
}

Result<int> run(const cli::Arguments& arguments)
{
    Options options = TRY(parse_options(arguments));
    std::ifstream file(arguments[1]);
    for (std::string line; std::getline(file, line);)
        options.paths.push_back(line);
    if (options.paths.empty())
        return fail(ErrorKind::usage, "'{}' names no paths", arguments[1]);
    Figures figures = visit(options);
    std::vector<int64_t> all;
    for (const auto& [status, times] : figures.times)
        all.insert(all.end(), times.begin(), times.end());
    for (const auto& [status, times] : figures.times)
        if (figures.times.size() > 1)
            print(status, times);
    print("all", all);
    std::sort(figures.slowest.begin(), figures.slowest.end(), std::greater<>());
    for (size_t i = 0; i < std::min(options.slowest, figures.slowest.size()); ++i)
        fmt::print("{:>10.2f} ms {}\n", static_cast<double>(figures.slowest[i].first) / 1e6, figures.slowest[i].second);
    if (figures.broken > 0)
        fmt::print("{} broken off\n", figures.broken);
    if (figures.left_off > 0)
        fmt::print("{} left off\n", figures.left_off);
    return cli::exit_yes;
}

} // namespace

int main(int argc, char** argv) { return quire::cli::run_tool("visits", argc, argv, run); }
