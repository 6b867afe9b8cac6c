// Heads that a proxy and quire could read differently are refused; what clients and proxies do send is not.
#include <malloc.h>

#include "client.h"

using namespace quire::http;

static std::string ask(const std::string& request)
{
    TestServer server([](const Request& asked) { return text_response(200, "as " + asked.user); }, {},
                      [](const Arrival&, const Claims& claims) { return Identity{claims.user, ""}; });
    Client client(server.port());
    client.send(request);
    return client.receive_until("\r\n\r\n");
}

using std::literals::string_literals::operator""s;

TEST_CASE("strict: lines that end otherwise, NULs, and names that are none are bad requests")
{
    for (const std::string& request : {
             "GET / HTTP/1.1\r\nHost: x\r\nRemote-User: admin\0\r\n\r\n"s,
             "GET / HTTP/1.1\r\nHost: x\r\nRemote-User: admin\0x\r\nA: b\r\n\r\n"s,
             "GET / HTTP/1.1\r\nHost: x\r\nRemote-User: \0admin\r\n\r\n"s,
             "GET / HTTP/1.1\r\nHost: x\r\nRemote\0-User: admin\r\n\r\n"s,
             "GET / HTTP/1.1\r\nHost: x\r\nA: b\0\0\r\n\r\n"s,
             "GET /\0 HTTP/1.1\r\nHost: x\r\n\r\n"s,
             "GET / HTTP/1.1\0\r\nHost: x\r\n\r\n"s,
             "GET / HTTP/1.1\nHost: x\r\n\r\n"s,
             "GET / HTTP/1.1\r\nHost: x\n\r\n"s,
             "GET / HTTP/1.1\r\nHost: x\nRemote-User: admin\r\n\r\n"s,
             "GET / HTTP/1.1\r\nHost: x\r\nA: b\rRemote-User: admin\r\n\r\n"s,
             "GET / HTTP/1.1\r\nHost: x\r\n\n"s,
             "GET / HTTP/1.1\nHost: x\n\n"s,
             "GET / HTTP/1.1\r\nHost: x\r\nRemote-User : admin\r\n\r\n"s,
             "GET / HTTP/1.1\r\nHost: x\r\nRemote-User\t: admin\r\n\r\n"s,
             "GET / HTTP/1.1\r\nHost : x\r\n\r\n"s,
             "GET / HTTP/1.1\r\nHost: x\r\n: admin\r\n\r\n"s,
             "GET / HTTP/1.1\r\nHost: x\r\n : admin\r\n\r\n"s,
             "GET / HTTP/1.1\r\nHost: x\r\nA: b\r\n Remote-User: admin\r\n\r\n"s,
             "GET / HTTP/1.1\r\nHost: x\r\nRemote User: admin\r\n\r\n"s,
             "GET / HTTP/1.1\r\nHost: x\r\nRemote-User(: admin\r\n\r\n"s,
             "GET / HTTP/1.1\r\nHost: x\r\nA: b\x01\r\n\r\n"s,
             "GET / HTTP/1.1\r\nHost: x\r\nno colon\r\n\r\n"s,
             "GET  / HTTP/1.1\r\nHost: x\r\n\r\n"s,
         }) {
        INFO(request);
        std::string answer = ask(request);
        CHECK((answer.empty() || status_of(answer) == "400"));
    }
}

TEST_CASE("strict: what clients and proxies send is taken")
{
    for (const std::string& request : {
             "GET / HTTP/1.1\r\nHost: x\r\n\r\n"s,
             "GET /?a=b&c HTTP/1.1\r\nHost: x\r\n\r\n"s,
             "GET /? HTTP/1.1\r\nHost:x\r\nA:\r\nB: \t \r\nC:   d\r\n\r\n"s,
             "GET / HTTP/1.1\r\nHost: x\r\nCookie: a=b; c=d\r\nX_y.z: 1, 2; \"3\"\r\n\r\n"s,
             "\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n"s,
             "HEAD / HTTP/1.1\r\nHost: x\r\n\r\n"s,
             "GET / HTTP/1.0\r\n\r\n"s,
         }) {
        INFO(request);
        CHECK(status_of(ask(request)) == "200");
    }
    CHECK(ask("GET / HTTP/1.1\r\nHost: x\r\nRemote-User: me\r\nA: b\r\n\r\n").find("200") != std::string::npos);
}

TEST_CASE("strict: a head may come byte by byte, and behind another one, and be as long as there is room for")
{
    TestServer server([](const Request& asked) { return text_response(200, asked.raw_target); });
    Client client(server.port());
    std::string request = "GET /slow?x=y HTTP/1.1\r\nHost: x\r\nA: b\r\nCookie: c=d\r\n\r\n";
    for (char byte : request) {
        client.send({&byte, 1});
        ::poll(nullptr, 0, 1);
    }
    CHECK(client.receive_until("/slow?x=y").find("200") != std::string::npos);
    std::string many;
    for (int i = 0; i < 50; ++i)
        many += "GET /" + std::to_string(i) + " HTTP/1.1\r\nHost: x\r\nA" + std::to_string(i) + ": b\r\n\r\n";
    client.send(many);
    CHECK(client.receive_until("/49").find("HTTP/1.1 4") == std::string::npos);
    std::string long_head = "GET /long HTTP/1.1\r\nHost: x\r\n";
    for (int i = 0; i < 100; ++i)
        long_head += "Name-" + std::to_string(i) + ": " + std::string(100, 'v') + "\r\n";
    client.send(long_head + "\r\n");
    CHECK(client.receive_until("/long").find("HTTP/1.1 200") != std::string::npos);
    // The same connection is held to it at every request.
    client.send("GET /good HTTP/1.1\r\nHost: x\r\n\r\n");
    client.receive_until("/good");
    client.send("GET /bad HTTP/1.1\r\nHost: x\r\nRemote-User: me\0\r\n\r\n"s);
    CHECK(status_of(client.receive_until("\r\n\r\n")) == "400");
}

TEST_CASE("strict: HEAD says the length that GET has, if it has one")
{
    class Body : public BodySource {
    public:
        explicit Body(std::optional<uint64_t> size) : m_size(size) {}
        std::optional<uint64_t> size() const override { return m_size; }
        quire::Result<Pull> pull(char* buffer, size_t) override
        {
            if (std::exchange(m_sent, true))
                return Pull::end();
            std::string_view("12345").copy(buffer, 5);
            return Pull::some(5);
        }

    private:
        std::optional<uint64_t> m_size;
        bool m_sent = false;
    };
    TestServer server([](const Request& asked) {
        Response response = text_response(200, "a page of some bytes");
        if (asked.raw_target == "/sized")
            response.stream = std::make_shared<Body>(5);
        if (asked.raw_target == "/chunked")
            response.stream = std::make_shared<Body>(std::nullopt);
        if (asked.raw_target == "/zipped") {
            response.body = std::make_shared<const std::string>(5000, 'x');
            finish_body(response);
        }
        return response;
    });
    for (const char* path : {"/page", "/sized", "/chunked", "/zipped"}) {
        INFO(path);
        auto head_by = [&](const std::string& method) {
            Client client(server.port());
            client.send(method + " " + path +
                        " HTTP/1.1\r\nHost: x\r\nAccept-Encoding: gzip\r\nConnection: close\r\n\r\n");
            std::string answer = client.receive_all();
            size_t end = answer.find("\r\n\r\n");
            REQUIRE(end != std::string::npos);
            CHECK((method == "GET" || end + 4 == answer.size())); // HEAD has no body
            return answer.substr(0, end + 2);
        };
        std::string head = head_by("HEAD"), get = head_by("GET");
        auto length_in = [](const std::string& answer) {
            size_t at = answer.find("Content-Length: ");
            return at == std::string::npos ? std::string() : answer.substr(at, answer.find('\r', at) - at);
        };
        CHECK(status_of(head) == "200");
        CHECK(length_in(head) == length_in(get));
        CHECK(length_in(head).empty() == (std::string_view(path) == "/chunked"));
        CHECK(head.find("Content-Length: 0") == std::string::npos);
    }
}

TEST_CASE("strict: a head with more cookies than there is room for leaves nothing behind")
{
    constexpr size_t requests = 500, bearable = 100'000;
    TestServer server([](const Request&) { return text_response(200, "ok"); });
    std::string cookies;
    for (int i = 0; i < 3000; ++i)
        cookies += "a=b; ";
    std::string request = fmt::format("GET / HTTP/1.1\r\nHost: x\r\nCookie: {}\r\n\r\n", cookies);
    auto send_it = [&] {
        Client client(server.port());
        client.send(request);
        client.receive_until("\r\n\r\n");
    };
    send_it();
    size_t before = ::mallinfo2().uordblks;
    for (size_t i = 0; i < requests; ++i)
        send_it();
    // A sanitizer's own heap tells nothing here: it finds what was left when the program ends.
    CHECK(eventually([&] { return ::mallinfo2().uordblks < before + bearable; }));
}
