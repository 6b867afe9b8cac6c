// Answers that are kept: sent by the event threads, in the form that each reader wants.
#include <atomic>
#include <future>

#include "client.h"

using namespace quire::http;

static Response kept(std::string text)
{
    Response response;
    response.content_type = "text/html; charset=utf-8";
    response.body = std::make_shared<const std::string>(std::move(text));
    finish_body(response);
    compress_body(response);
    share_forms(response);
    return response;
}

static std::string body_of(const std::string& answer)
{
    size_t head = answer.find("\r\n\r\n");
    return head == std::string::npos ? std::string() : answer.substr(head + 4);
}

static std::string ask(uint16_t port, const std::string& headers, const std::string& method = "GET")
{
    Client client(port);
    client.send(method + " /kept HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + headers + "\r\n");
    return client.receive_all();
}

TEST_CASE("kept: answered while every worker is busy, and no worker hears of it")
{
    std::promise<void> go_on;
    std::shared_future<void> gone_on = go_on.get_future().share();
    std::atomic<int> entered = 0;
    ServerOptions options;
    options.workers = {.readers = 1, .prompt = 1, .idle = 0};
    options.from_memory = [page = kept("still here")](const Request& request) {
        return request.raw_target == "/kept" ? std::optional(page) : std::nullopt;
    };
    TestServer server(
        [&, gone_on](const Request& request) {
            ++entered;
            gone_on.wait();
            return text_response(200, "worked on " + request.raw_target);
        },
        options);
    Client slow(server.port());
    slow.get("/slow");
    REQUIRE(eventually([&] { return entered == 1; }));
    for (int i = 0; i < 20; ++i)
        CHECK(body_of(ask(server.port(), "")) == "still here");
    CHECK(entered == 1);
    go_on.set_value();
    CHECK(body_of(slow.receive_until("/slow")) == "worked on /slow");
}

TEST_CASE("kept: each reader gets the form that it asked for, in any order")
{
    std::string text;
    for (int i = 0; i < 2000; ++i)
        text += "line " + std::to_string(i) + "\n";
    ServerOptions options;
    Response page = kept(text);
    page.headers.emplace_back("X-Own", "yes");
    options.from_memory = [page](const Request&) { return std::optional(page); };
    TestServer server([](const Request&) { return text_response(500, "not this one"); }, options);
    for (int round = 0; round < 3; ++round) {
        std::string plain = ask(server.port(), "");
        CHECK(status_of(plain) == "200");
        CHECK(body_of(plain) == text);
        CHECK(plain.find("Content-Encoding") == std::string::npos);
        CHECK(plain.find("X-Own: yes") != std::string::npos);
        std::string packed = ask(server.port(), "Accept-Encoding: gzip\r\n");
        CHECK(packed.find("Content-Encoding: gzip") != std::string::npos);
        CHECK(packed.find("Content-Security-Policy: ") != std::string::npos);
        CHECK(gunzip(body_of(packed), 1u << 20).value() == text);
        std::string same = ask(server.port(), "If-None-Match: " + page.etag + "\r\n");
        CHECK(status_of(same) == "304");
        CHECK(body_of(same).empty());
        CHECK(status_of(ask(server.port(), "If-None-Match: \"other\"\r\n")) == "200");
        std::string head = ask(server.port(), "", "HEAD");
        CHECK(status_of(head) == "200");
        CHECK(body_of(head).empty());
        CHECK(head.find(fmt::format("Content-Length: {}", text.size())) != std::string::npos);
    }
}

TEST_CASE("kept: an answer that is dropped while it is sent is sent whole")
{
    std::string text(8u << 20, 'x');
    std::optional<Response> page = kept(text);
    ServerOptions options;
    std::atomic<bool> is_asked = false;
    options.from_memory = [&](const Request&) {
        is_asked = true;
        return std::exchange(page, std::nullopt);
    };
    TestServer server([](const Request&) { return text_response(500, "not this one"); }, options);
    Client reader(server.port(), 4096);
    reader.send("GET /kept HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    REQUIRE(eventually([&] { return is_asked.load(); }));
    CHECK(body_of(reader.receive_all()) == text);
}
