// Nobody who says nothing, looks on or works hard keeps others out: connections, followers, workers.
#include <future>

#include "client.h"

using namespace quire::http;

namespace {

/// Says a word, then goes on until it is destroyed.
class Live : public BodySource {
public:
    bool is_live() const override { return true; }
    quire::Result<Pull> pull(char* buffer, size_t) override
    {
        if (std::exchange(m_has_begun, true))
            return Pull::wait(-1);
        std::string_view("begun").copy(buffer, 5);
        return Pull::some(5);
    }

private:
    bool m_has_begun = false;
};

Response answer(const Request& request)
{
    Response response = text_response(200, "plain");
    if (request.raw_target == "/follow")
        response.stream = std::make_shared<Live>();
    return response;
}

/// A test's "proxy": believed in what it says.
Identity believe(const Arrival&, const Claims& claims) { return {claims.user, claims.forwarded}; }

std::string follow(Client& client, const std::string& headers)
{
    client.get("/follow", headers);
    std::string head = client.receive_until("\r\n\r\n");
    if (status_of(head) == "200" && head.find("begun") == std::string::npos)
        client.receive_until("begun");
    return status_of(head);
}

std::string plain(uint16_t port)
{
    Client client(port);
    client.get("/plain");
    return status_of(client.receive_until("plain"));
}

bool is_closed(Client& client) { return client.receive_all().find("HTTP") == std::string::npos; }

} // namespace

TEST_CASE("limits: who connects takes the place of the one that has said nothing for longest")
{
    ServerOptions options;
    options.max_connections = 8;
    TestServer server(answer, options);
    std::vector<std::unique_ptr<Client>> idle;
    for (int i = 0; i < 8; ++i)
        idle.push_back(std::make_unique<Client>(server.port()));
    for (int i = 0; i < 100; ++i)
        CHECK(plain(server.port()) == "200");
    CHECK(is_closed(*idle[0]));
    // Half a request is nothing said.
    Client half(server.port());
    half.send("GET /plain HTTP/1.1\r\nHost: x\r\nA: ");
    std::vector<std::unique_ptr<Client>> more;
    for (int i = 0; i < 8; ++i) {
        more.push_back(std::make_unique<Client>(server.port()));
        more.back()->get("/plain");
        CHECK(status_of(more.back()->receive_until("plain")) == "200");
    }
    CHECK(is_closed(half));
    // Who has just been answered is the last to go.
    more.back()->get("/plain");
    CHECK(status_of(more.back()->receive_until("plain")) == "200");
}

TEST_CASE("limits: who leaves with half a request gives its place up, at the latest when its time is over")
{
    ServerOptions options;
    options.idle_timeout = 1;
    options.body_limit = [](const Target&) -> size_t { return 100; };
    TestServer server(answer, options);
    for (const char* half : {"GET /pl", "GET /plain HTTP/1.1\r\nHost: x\r\n",
                             "POST /plain HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nbody"}) {
        Client client(server.port());
        client.send(half);
        client.end();
        CHECK(is_closed(client));
    }
    CHECK(plain(server.port()) == "200");
}

TEST_CASE("limits: followers of an address, and anonymous ones, are refused when there are enough")
{
    ServerOptions options;
    options.followers = {.everyone = 6, .anonymous = 4, .of_an_address = 2};
    TestServer server(answer, options, believe);
    std::vector<std::unique_ptr<Client>> clients;
    auto come = [&](const std::string& headers) {
        clients.push_back(std::make_unique<Client>(server.port()));
        return follow(*clients.back(), headers);
    };
    CHECK(come("X-Forwarded-For: a\r\n") == "200");
    CHECK(come("X-Forwarded-For: a\r\n") == "200");
    CHECK(come("X-Forwarded-For: a\r\n") == "503");
    CHECK(come("X-Forwarded-For: b\r\n") == "200");
    CHECK(come("X-Forwarded-For: c\r\n") == "200");
    CHECK(come("X-Forwarded-For: d\r\n") == "503");
    for (int i = 0; i < 2; ++i)
        CHECK(come("Remote-User: me\r\nX-Forwarded-For: a\r\n") == "200");
    CHECK(come("Remote-User: me\r\n") == "503");
    CHECK(plain(server.port()) == "200");
    // Asking for the headers alone is not following.
    Client head(server.port());
    head.send("HEAD /follow HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: a\r\n\r\n");
    CHECK(status_of(head.receive_until("\r\n\r\n")) == "200");
    // A place is free again when its reader has gone.
    clients[0]->close();
    CHECK(eventually([&] { return come("X-Forwarded-For: a\r\n") == "200"; }));
    Client refused(server.port());
    refused.get("/follow", "X-Forwarded-For: a\r\n");
    CHECK(refused.receive_until("\r\n\r\n").find("Retry-After: ") != std::string::npos);
}

TEST_CASE("limits: anonymous followers make room, the oldest first; who is logged in stays")
{
    ServerOptions options;
    options.max_connections = 8;
    TestServer server(answer, options, believe);
    Client owner(server.port());
    REQUIRE(follow(owner, "Remote-User: me\r\n") == "200");
    std::vector<std::unique_ptr<Client>> anonymous;
    for (int i = 0; i < 40; ++i) {
        anonymous.push_back(std::make_unique<Client>(server.port()));
        CHECK(follow(*anonymous.back(), "") == "200");
    }
    CHECK(plain(server.port()) == "200");
    CHECK(is_closed(*anonymous[0]));
    // The owner's stream is as it was: nothing more has come, and it has not ended.
    CHECK_FALSE(owner.has_news());
    CHECK_FALSE(anonymous.back()->has_news());
}

TEST_CASE("limits: who is logged in has a worker when all others are taken")
{
    std::promise<void> go_on;
    std::shared_future<void> gone_on = go_on.get_future().share();
    std::atomic<int> entered = 0;
    ServerOptions options;
    options.workers = {.readers = 1, .prompt = 1, .idle = 1, .patience = 600 * quire::nanoseconds_per_second};
    TestServer server(
        [&, gone_on](const Request& request) {
            ++entered;
            if (!request.is_authenticated())
                gone_on.wait();
            return text_response(200, "plain");
        },
        options, believe);
    std::vector<std::unique_ptr<Client>> anonymous;
    for (int i = 0; i < 20; ++i) {
        anonymous.push_back(std::make_unique<Client>(server.port()));
        anonymous.back()->get("/slow");
    }
    REQUIRE(eventually([&] { return entered == 2; }));
    Client owner(server.port());
    for (int i = 0; i < 10; ++i) {
        owner.get("/mine", "Remote-User: me\r\n");
        CHECK(status_of(owner.receive_until("plain")) == "200");
    }
    CHECK(entered == 12);
    go_on.set_value();
    for (auto& client : anonymous)
        CHECK(status_of(client->receive_until("plain")) == "200");
}

TEST_CASE("limits: without memory for an answer it is 503, and the server goes on")
{
    TestServer server([](const Request& request) -> Response {
        if (request.raw_target == "/large")
            throw std::bad_alloc();
        if (request.raw_target == "/odd")
            throw std::runtime_error("odd");
        return text_response(200, "plain");
    });
    for (int i = 0; i < 5; ++i) {
        Client client(server.port());
        client.get("/large");
        std::string head = client.receive_until("in a moment");
        CHECK(status_of(head) == "503");
        CHECK(head.find("Retry-After: ") != std::string::npos);
        client.get("/odd");
        CHECK(status_of(client.receive_until("something went wrong")) == "500");
        CHECK(plain(server.port()) == "200");
    }
}

TEST_CASE("limits: trouble is a page for a browser and a line for a program, and refusals too")
{
    ServerOptions options;
    int made = 0;
    options.make_page = [&](std::string_view title, std::string_view text) {
        ++made;
        Response page = text_response(200, fmt::format("<h1>{}</h1><p>{}</p>", title, text));
        page.content_type = "text/html; charset=utf-8";
        return page;
    };
    TestServer server(
        [](const Request& request) -> Response {
            if (request.raw_target == "/large")
                throw std::bad_alloc();
            throw std::runtime_error("odd");
        },
        options);
    CHECK(made == 4);
    auto ask = [&](const std::string& path, const std::string& headers) {
        Client client(server.port());
        client.get(path, headers + "Connection: close\r\n");
        return client.receive_all();
    };
    const std::string browser = "Accept: text/html,*/*;q=0.8\r\n";
    for (int i = 0; i < 3; ++i) {
        std::string page = ask("/large", browser);
        CHECK(status_of(page) == "503");
        CHECK(page.find("Retry-After: 10\r\n") != std::string::npos);
        CHECK(page.find("Content-Type: text/html") != std::string::npos);
        CHECK(page.find("no-store") != std::string::npos);
        CHECK(page.find("<h1>busy</h1><p>There is no memory left") != std::string::npos);
        std::string line = ask("/large", "Accept: */*\r\n");
        CHECK(status_of(line) == "503");
        CHECK(line.find("Retry-After: 10\r\n") != std::string::npos);
        CHECK(line.find("Content-Type: text/plain") != std::string::npos);
        CHECK(line.find("\r\n\r\nbusy: There is no memory left") != std::string::npos);
    }
    CHECK(status_of(ask("/odd", browser)) == "500");
    CHECK(made == 4); // with no work when it is sent
    std::string refused = ask("/a//b", browser);
    CHECK(status_of(refused) == "400");
    CHECK(refused.find("<h1>bad request</h1>") != std::string::npos);
    CHECK(ask("/a//b", "").find("\r\n\r\nbad request: ") != std::string::npos);
}

TEST_CASE("limits: fewer connections leave each kind its part")
{
    ServerOptions options;
    options.allow_connections(100);
    CHECK(options.max_connections == 100);
    CHECK(options.followers.everyone == 75);
    CHECK(options.followers.anonymous == 50);
    CHECK(options.followers.of_an_address == 12);
    options = {};
    options.allow_connections(1'000'000);
    CHECK(options.max_connections == ServerOptions().max_connections);
}
