// Bodies that a worker writes while they are sent (http/writer.h).
#include <atomic>
#include <catch2/generators/catch_generators.hpp>
#include <condition_variable>
#include <mutex>

#include "client.h"

using namespace quire;
using namespace quire::http;

namespace {

/// A worker waits here until the test lets it go on.
class Gate {
public:
    void open()
    {
        std::lock_guard lock(m_mutex);
        m_is_open = true;
        m_changed.notify_all();
    }
    /// False after a minute.
    bool wait()
    {
        std::unique_lock lock(m_mutex);
        return m_changed.wait_for(lock, std::chrono::seconds(60), [&] { return m_is_open; });
    }

private:
    std::mutex m_mutex;
    std::condition_variable m_changed;
    bool m_is_open = false;
};

} // namespace

static Response written(std::function<void(Writer&)> rest)
{
    Response response;
    response.rest = [rest = std::move(rest)](Writer& writer) -> Result<void> {
        rest(writer);
        return {};
    };
    return response;
}

TEST_CASE("the reader has the beginning while the rest is being made")
{
    Gate gate;
    TestServer server([&](const Request&) {
        return written([&](Writer& writer) {
            writer.write("beginning;");
            writer.write(gate.wait() ? "end." : "nobody came.");
        });
    });
    Client client(server.port());
    client.get("/");
    std::string first = client.receive_until("beginning;");
    CHECK(first.find("200 OK") != std::string::npos);
    CHECK(first.find("end.") == std::string::npos);
    gate.open();
    CHECK(client.receive_until("\r\n0\r\n\r\n").find("end.") != std::string::npos);
    client.get("/"); // the connection stays
    CHECK(client.receive_until("\r\n0\r\n\r\n").find("end.") != std::string::npos);
}

TEST_CASE("what is written is compressed for who accepts that, and can be unpacked as it comes")
{
    std::string piece;
    for (int i = 0; i < 3000; ++i)
        piece += std::to_string(i) + "\n";
    TestServer server([&](const Request&) {
        return written([&](Writer& writer) {
            for (int i = 0; i < 20; ++i)
                writer.write(piece);
        });
    });
    std::string whole;
    for (int i = 0; i < 20; ++i)
        whole += piece;
    Client client(server.port());
    client.get("/", "Accept-Encoding: gzip\r\n");
    std::string answer = client.receive_until("\r\n0\r\n\r\n");
    CHECK(answer.find("Content-Encoding: gzip") != std::string::npos);
    CHECK(answer.size() < whole.size() / 2);
    CHECK(gunzip(unchunk(answer), 10u << 20).value() == whole);
    client.get("/");
    CHECK(unchunk(client.receive_until("\r\n0\r\n\r\n")) == whole);
}

TEST_CASE("a writer is told when its reader has left")
{
    Gate gone;
    std::shared_ptr<int> held = std::make_shared<int>(1);
    TestServer server([&](const Request&) {
        Response response = written([&](Writer& writer) {
            writer.write("beginning;");
            auto has_left = writer.left();
            if (eventually([&] { return writer.has_left() && has_left(); }))
                gone.open();
            writer.write("to nobody");
        });
        response.held = held;
        return response;
    });
    {
        Client client(server.port());
        client.get("/");
        CHECK(client.receive_until("beginning;").find("beginning;") != std::string::npos);
    }
    CHECK(gone.wait());
    CHECK(eventually([&] { return held.use_count() == 1; }));
}

TEST_CASE("what a worker holds for its answer is held until the rest is made, also when the reader has left")
{
    Gate gate, gone;
    std::shared_ptr<int> held = std::make_shared<int>(1);
    TestServer server([&](const Request&) {
        Response response = written([&](Writer& writer) {
            writer.write("beginning;");
            CHECK(eventually([&] { return writer.has_left(); }));
            gone.open();
            CHECK(gate.wait());
        });
        response.held = held;
        return response;
    });
    {
        Client client(server.port());
        client.get("/");
        client.receive_until("beginning;");
    }
    CHECK(gone.wait());
    CHECK(held.use_count() > 1);
    gate.open();
    CHECK(eventually([&] { return held.use_count() == 1; }));
}

TEST_CASE("a rest that fails breaks the connection")
{
    bool throws = GENERATE(true, false);
    TestServer server([&](const Request&) {
        Response response;
        response.rest = [&](Writer& writer) -> Result<void> {
            writer.write("beginning;");
            if (throws)
                throw std::runtime_error("on purpose");
            return fail(ErrorKind::system, "on purpose");
        };
        return response;
    });
    Client client(server.port());
    client.get("/");
    std::string answer = client.receive_all();
    CHECK(answer.find("beginning;") != std::string::npos);
    CHECK(answer.find("\r\n0\r\n\r\n") == std::string::npos);
}

TEST_CASE("HEAD has no rest")
{
    std::atomic<int> calls = 0;
    TestServer server([&](const Request&) { return written([&](Writer&) { ++calls; }); });
    Client head(server.port());
    head.send("HEAD / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    std::string answer = head.receive_all();
    CHECK(answer.find("200 OK") != std::string::npos);
    CHECK(answer.ends_with("\r\n\r\n"));
    server.stop();
    CHECK(calls == 0);
}

TEST_CASE("the rest counts as work, and takes its lane's place")
{
    std::atomic<int64_t> cost = 0;
    std::atomic<int> status = 0;
    Gate gate;
    ServerOptions options;
    options.workers = {.readers = 1, .prompt = 1, .idle = 1, .costly = 1};
    options.admit = [](const Request&) -> Admission { return {Lane::costly, 0}; };
    options.account = [&](const Request& request, const Response& response, std::optional<int64_t> spent) {
        if (request.raw_target == "/first") {
            status = response.status;
            cost = spent.value_or(0);
        }
    };
    TestServer server(
        [&](const Request& request) {
            if (request.raw_target != "/first")
                return text_response(200, "second");
            return written([&](Writer& writer) {
                writer.write("beginning;");
                CHECK(gate.wait());
                volatile unsigned sum = 0;
                for (unsigned i = 0; i < 3'000'000; ++i)
                    sum = sum + i;
            });
        },
        options);
    Client first(server.port()), second(server.port());
    first.get("/first");
    first.receive_until("beginning;");
    second.get("/second");
    CHECK(cost == 0);
    gate.open();
    CHECK(second.receive_until("second").find("200 OK") != std::string::npos);
    CHECK(cost > 0);
    CHECK(status == 200);
}

TEST_CASE("a server that stops tells its writers")
{
    Gate begun, told;
    TestServer server([&](const Request&) {
        return written([&](Writer& writer) {
            writer.write("beginning;");
            begun.open();
            if (eventually([&] { return writer.has_left(); }))
                told.open();
        });
    });
    Client client(server.port());
    client.get("/");
    CHECK(begun.wait());
    server.stop();
    CHECK(told.wait());
}
