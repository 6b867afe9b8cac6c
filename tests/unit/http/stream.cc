#include <fcntl.h>
#include <signal.h>

#include <deque>
#include <fstream>
#include <mutex>
#include <thread>

#include "client.h"
#include "support/scratch.h"
#include "sys/file.h"

using namespace quire;
using namespace quire::http;

static Response streamed(std::shared_ptr<BodySource> source)
{
    Response response;
    response.stream = std::move(source);
    return response;
}

static Response of_shell(const std::string& script, ProcessBodyOptions options = {})
{
    return streamed(process_body({.argv = {"sh", "-c", script}}, std::move(options)).value());
}

namespace {

/// Says what it is told, when it is told.
class Spoken : public BodySource {
public:
    struct Mouth {
        std::mutex mutex;
        std::deque<std::string> words; ///< an empty one is the end
        Waker waker;
        int alive = 0;

        void say(std::string word)
        {
            std::unique_lock lock(mutex);
            words.push_back(std::move(word));
            Waker copy = waker;
            lock.unlock();
            copy.wake();
        }
    };
    explicit Spoken(Mouth& mouth) : m_mouth(mouth)
    {
        std::lock_guard lock(m_mouth.mutex);
        ++m_mouth.alive;
    }
    ~Spoken() override
    {
        std::lock_guard lock(m_mouth.mutex);
        --m_mouth.alive;
    }
    void start(Waker waker) override
    {
        std::lock_guard lock(m_mouth.mutex);
        m_mouth.waker = waker;
    }
    Result<Pull> pull(char* buffer, size_t size) override
    {
        std::lock_guard lock(m_mouth.mutex);
        if (m_mouth.words.empty())
            return Pull::wait(-1);
        std::string word = m_mouth.words.front();
        m_mouth.words.pop_front();
        if (word.empty())
            return Pull::end();
        return Pull::some(word.copy(buffer, size));
    }

private:
    Mouth& m_mouth;
};

} // namespace

static bool is_gone(pid_t pid) { return ::kill(pid, 0) != 0 && errno == ESRCH; }
static int alive(Spoken::Mouth& mouth)
{
    std::lock_guard lock(mouth.mutex);
    return mouth.alive;
}
/// The number in "pid=N#".
static pid_t receive_pid(Client& client)
{
    std::string answer = client.receive_until("#");
    size_t at = answer.find("pid=");
    REQUIRE(at != std::string::npos);
    return std::stoi(answer.substr(at + 4));
}

TEST_CASE("what a process prints arrives whole, in chunks, and the connection stays")
{
    TestServer server([](const Request&) { return of_shell("seq 1 200000"); });
    std::string expected;
    for (int i = 1; i <= 200000; ++i)
        expected += std::to_string(i) + "\n";
    Client client(server.port());
    for (int round = 0; round < 2; ++round) {
        client.get("/");
        std::string answer = client.receive_until("\r\n0\r\n\r\n");
        CHECK(answer.find("Transfer-Encoding: chunked") != std::string::npos);
        CHECK(unchunk(answer) == expected);
    }
}

TEST_CASE("what a process prints after much else arrives while it still works, however little it is")
{
    tests::Scratch scratch;
    std::string go = scratch.path() + "/go";
    TestServer server([&](const Request&) {
        return of_shell("head -c 300000 /dev/zero; echo 'first#'; until [ -e '" + go +
                        "' ]; do sleep 0.01; done; echo 'second#'");
    });
    Client client(server.port());
    client.get("/");
    REQUIRE(client.receive_until("first#").find("first#") != std::string::npos);
    REQUIRE(sys::append_file(AT_FDCWD, go, ""));
    CHECK(client.receive_until("\r\n0\r\n\r\n").find("second#") != std::string::npos);
}

TEST_CASE("HTTP/1.0 gets a body that ends with the connection, HEAD none")
{
    TestServer server([](const Request&) { return of_shell("echo one; echo two"); });
    Client old(server.port());
    old.send("GET / HTTP/1.0\r\nHost: x\r\n\r\n");
    CHECK(old.receive_all().ends_with("\r\n\r\none\ntwo\n"));
    Client head(server.port());
    head.send("HEAD / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    CHECK(head.receive_all().ends_with("\r\n\r\n"));
}

TEST_CASE("a process that fails breaks the connection off")
{
    TestServer server([](const Request&) { return of_shell("echo part; exit 3"); });
    Client client(server.port());
    client.get("/");
    CHECK(unchunk(client.receive_all()) == "part\n<broken>");
}

TEST_CASE("a process reads its input")
{
    std::string input(300000, 'x');
    TestServer server([&](const Request&) { return of_shell("wc -c", {.input = input}); });
    Client client(server.port());
    client.get("/", "Connection: close\r\n");
    CHECK(unchunk(client.receive_all()) == "300000\n");
}

TEST_CASE("a process, and what it starts, lets others finish their turn")
{
    // The 41st word is the policy (proc_pid_stat(5)). It is set when the process already runs.
    TestServer server([](const Request&) {
        return of_shell("policy() { cut -d' ' -f41 /proc/self/stat; }; until [ $(policy) = 3 ]; do :; done; policy");
    });
    Client client(server.port());
    client.get("/", "Connection: close\r\n");
    CHECK(unchunk(client.receive_all()) == "3\n");
}

TEST_CASE("a process ends with its reader, and all that it started")
{
    TestServer server([](const Request&) { return of_shell("sleep 1000 & echo 'pid='$!'#'; wait"); });
    Client client(server.port());
    client.get("/");
    pid_t pid = receive_pid(client);
    CHECK_FALSE(is_gone(pid));
    client.close();
    CHECK(eventually([&] { return is_gone(pid); }));
}

TEST_CASE("a reader that takes nothing is cut off")
{
    ServerOptions options;
    options.stream_patience = nanoseconds_per_second / 2;
    TestServer server([](const Request&) { return of_shell("sleep 1000 & echo 'pid='$!'#'; cat /dev/zero"); }, options);
    Client client(server.port(), 4096);
    client.get("/");
    pid_t pid = receive_pid(client);
    CHECK(eventually([&] { return is_gone(pid); }));
}

TEST_CASE("a process that takes too long is ended")
{
    TestServer server([](const Request&) { return of_shell("echo part; exec sleep 1000", {.lifetime = 1}); });
    Client client(server.port());
    client.get("/");
    CHECK(unchunk(client.receive_all()).ends_with("<broken>"));
}

TEST_CASE("a file has a length, and one that became shorter is broken off")
{
    UniqueFd file = sys::memory_file("0123456789").value();
    TestServer server([&](const Request& request) {
        uint64_t size = request.raw_target == "/short" ? 20 : 7;
        return streamed(file_body(sys::duplicate(file.get()).value(), size, 3));
    });
    Client client(server.port());
    client.get("/", "Connection: close\r\n");
    std::string answer = client.receive_all();
    CHECK(answer.find("Content-Length: 7\r\n") != std::string::npos);
    CHECK(answer.ends_with("\r\n\r\n3456789"));
    Client second(server.port());
    second.get("/short");
    CHECK(second.receive_all().ends_with("3456789"));
}

TEST_CASE("a source is woken from any thread and loses nothing")
{
    Spoken::Mouth mouth;
    TestServer server([&](const Request&) { return streamed(std::make_shared<Spoken>(mouth)); });
    Client client(server.port());
    client.get("/");
    std::string expected;
    std::thread speaker([&] {
        for (int i = 0; i < 20000; ++i) {
            mouth.say(std::to_string(i) + " ");
            if (i % 100 == 0)
                ::poll(nullptr, 0, 1);
        }
        mouth.say("");
    });
    for (int i = 0; i < 20000; ++i)
        expected += std::to_string(i) + " ";
    CHECK(unchunk(client.receive_until("\r\n0\r\n\r\n")) == expected);
    speaker.join();
    CHECK(eventually([&] { return alive(mouth) == 0; }));
    mouth.waker.wake(); // the stream is over: nothing happens
}

TEST_CASE("a waiting source ends with its reader and with the server")
{
    Spoken::Mouth mouth;
    TestServer server([&](const Request&) { return streamed(std::make_shared<Spoken>(mouth)); });
    Client gone(server.port()), stays(server.port());
    gone.get("/");
    stays.get("/");
    REQUIRE(eventually([&] { return alive(mouth) == 2; }));
    gone.close();
    CHECK(eventually([&] { return alive(mouth) == 1; }));
    server.stop();
    CHECK(alive(mouth) == 0);
    CHECK(unchunk(stays.receive_all()) == "<broken>");
}

TEST_CASE("a response lets go of what it holds when it has been sent, or given up")
{
    auto slot = std::make_shared<int>();
    TestServer server([&](const Request& request) {
        Response response = of_shell(request.raw_target == "/long" ? "echo x; exec sleep 1000" : "echo x");
        response.held = slot;
        return response;
    });
    Client whole(server.port()), broken(server.port());
    whole.get("/");
    broken.get("/long");
    CHECK(unchunk(whole.receive_until("\r\n0\r\n\r\n")) == "x\n");
    (void)broken.receive_until("x\n\r\n");
    CHECK(eventually([&] { return slot.use_count() == 2; }));
    broken.close();
    CHECK(eventually([&] { return slot.use_count() == 1; }));
}

static size_t anonymous_kilobytes()
{
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);)
        if (line.starts_with("RssAnon:"))
            return std::stoul(line.substr(8));
    return 0;
}

TEST_CASE("memory does not grow with the body")
{
    TestServer server([](const Request&) { return of_shell("head -c 300000000 /dev/zero"); });
    size_t before = anonymous_kilobytes();
    Client client(server.port());
    client.get("/", "Connection: close\r\n");
    size_t received = 0;
    for (std::string more = client.receive(); !more.empty(); more = client.receive())
        received += more.size();
    CHECK(received > 300000000);
#ifdef __SANITIZE_ADDRESS__
    constexpr size_t grows = 512'000; // what was freed stays for a while, to catch who uses it
#else
    constexpr size_t grows = 8'000;
#endif
    CHECK(anonymous_kilobytes() < before + grows);
}

TEST_CASE("a POST is refused where no body is wanted")
{
    TestServer server([](const Request&) { return text_response(200, "handled"); });
    Client client(server.port());
    client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc");
    CHECK(status_of(client.receive_all()) == "405");
}

static std::string posted(TestServer& server, const std::string& headers, std::string_view body)
{
    Client client(server.port());
    client.send("POST /echo HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + headers + "\r\n" + std::string(body));
    return client.receive_all();
}

TEST_CASE("a POST's body is received whole, decoded and within its limit")
{
    ServerOptions options;
    options.body_limit = [](const Target& target) { return target.path.empty() ? size_t{0} : size_t{1000}; };
    TestServer server([](const Request& request) { return text_response(200, "<" + request.body + ">"); }, options);
    CHECK(posted(server, "Content-Length: 3\r\n", "abc").ends_with("\r\n\r\n<abc>"));
    CHECK(posted(server, "Content-Length: 0\r\n", "").ends_with("\r\n\r\n<>"));
    CHECK(
        posted(server, "Transfer-Encoding: chunked\r\n", "2\r\nab\r\n1\r\nc\r\n0\r\n\r\n").ends_with("\r\n\r\n<abc>"));
    std::string packed = gzip(std::string(900, 'a'));
    std::string length = "Content-Length: " + std::to_string(packed.size()) + "\r\nContent-Encoding: gzip\r\n";
    CHECK(posted(server, length, packed).ends_with("<" + std::string(900, 'a') + ">"));

    CHECK(status_of(posted(server, "Content-Length: 1001\r\n", "")) == "413");
    CHECK(
        posted(server, "Transfer-Encoding: chunked\r\n", "3e9\r\n" + std::string(1001, 'a') + "\r\n0\r\n\r\n").empty());
    std::string bomb = gzip(std::string(1001, 'a'));
    CHECK(status_of(posted(server, "Content-Length: " + std::to_string(bomb.size()) + "\r\nContent-Encoding: gzip\r\n",
                           bomb)) == "400");
    CHECK(status_of(posted(server, "Content-Length: 3\r\nContent-Encoding: gzip\r\n", "abc")) == "400");
    CHECK(status_of(posted(server, "Content-Length: 3\r\nContent-Encoding: br\r\n", "abc")) == "400");
    CHECK(status_of(posted(server, "", "")) == "400");
    CHECK(status_of(posted(server, "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n", "3\r\nabc\r\n0\r\n\r\n")) ==
          "400");
    CHECK(status_of(posted(server, "Content-Length: 3\r\nContent-Length: 4\r\n", "abc")) == "400");
}

TEST_CASE("many readers wait at no cost and are all served when there is news")
{
    constexpr size_t count = 300;
    std::vector<Spoken::Mouth> mouths(count);
    std::atomic<size_t> next = 0;
    TestServer server([&](const Request&) { return streamed(std::make_shared<Spoken>(mouths[next++])); });
    std::deque<Client> clients;
    for (size_t i = 0; i < count; ++i)
        clients.emplace_back(server.port()).get("/");
    REQUIRE(eventually([&] { return next == count; }));
    for (auto& mouth : mouths)
        mouth.say("news");
    for (auto& mouth : mouths)
        mouth.say("");
    for (Client& client : clients)
        CHECK(unchunk(client.receive_until("\r\n0\r\n\r\n")) == "news");
}
