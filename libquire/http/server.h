// Server: HTTP/1.1 on listening sockets, through libmicrohttpd.
//
// A few event-loop threads own the connections and never run a handler. They parse requests, refuse malformed ones,
// answer what needs no work, and otherwise suspend the connection and pass the request to the workers (worker_pool.h).
// So a handler may block; a slow one costs a worker, not the server. It is called from several threads at once. If it
// runs out of memory, the answer is 503.
//
// Refused here, although libmicrohttpd would accept them: two Host headers, Content-Length beside Transfer-Encoding, a
// body where none belongs, a target that is not strictly well-formed, methods other than GET, HEAD (405) and, where
// `body_limit` allows, POST. A body is received whole, in limited memory, before the handler is called.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/unique_fd.h"
#include "http/connections.h"
#include "http/identity.h"
#include "http/request.h"
#include "http/response.h"
#include "http/troubles.h"
#include "http/worker_pool.h"

namespace quire::http {

struct Admission {
    Lane lane = Lane::page;
    int64_t debt = 0;
};

struct ServerOptions {
    /// Answers at once what needs no work, or returns nothing, for the workers. Called on the event threads: it may use
    /// the disk for a few calls of stat(2) only, and take no lock that somebody holds while waiting.
    std::function<std::optional<Response>(const Request&)> from_memory = {};
    unsigned event_threads = 2;
    WorkerLimits workers = {};
    /// What pages for anonymous readers make way for; closed when the server ends.
    std::shared_ptr<Way> way = std::make_shared<Way>();
    /// Which workers a request is for, and how many nanoseconds of work were spent on similar ones. Called on the event
    /// threads.
    std::function<Admission(const Request&)> admit = [](const Request& request) -> Admission {
        return {request.is_authenticated() ? Lane::reader : Lane::page, 0};
    };
    /// The answer for a reader for whom there was no room. Called on a thread that others wait for.
    std::function<Response(const Request&, int64_t debt)> refuse = {};
    /// What a browser is shown of trouble that the server itself tells. Called when the server starts, and on the event
    /// threads for a request that can't be used.
    MakePage make_page = {};
    /// Told about every answer: its cost, or nothing if it was in memory. Called from any thread; must not wait.
    std::function<void(const Request&, const Response&, std::optional<int64_t> cost)> account = {};
    size_t max_connections = 4000;
    FollowerLimits followers = {};
    /// If fewer connections are possible, reduces the limits of each kind of reader in proportion.
    void allow_connections(size_t most);
    /// In seconds. Also of one who sends a part of a request and leaves at once: libmicrohttpd takes a read that does
    /// not fill its buffer for the last one, and hears of no end that came along with it. To hear of it here, each
    /// connection would have to be watched a second time, and woken until libmicrohttpd reads again. Meanwhile one with
    /// half a head is among the first to give its place to a new one.
    unsigned idle_timeout = 30;
    /// A reader that takes no block of a streamed answer for this long is cut off.
    int64_t stream_patience = 30 * nanoseconds_per_second;
    /// How many bytes a POST to this target may have; 0: refuse it. Called on the event threads: no disk.
    std::function<size_t(const Target&)> body_limit = [](const Target&) -> size_t { return 0; };
};

class Server {
public:
    using Handler = std::function<Response(const Request&)>;
    /// Decides who a request is from. Called on the event threads: must not wait.
    using Identify = std::function<Identity(const Arrival&, const Claims&)>;

    /// Serves from the moment it returns until the object is destroyed, which waits for running handlers.
    static Result<Server> start(std::vector<UniqueFd> sockets, Handler handler, Identify identify,
                                const ServerOptions& options = {});
    Server(Server&&) noexcept;
    ~Server();

private:
    struct State;
    explicit Server(std::unique_ptr<State> state);
    std::unique_ptr<State> m_state;
};

} // namespace quire::http
