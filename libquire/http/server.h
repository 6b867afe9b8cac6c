// Server: HTTP/1.1 on listening sockets, through libmicrohttpd.
//
// A few event-loop threads own the connections and never run a handler: they parse, refuse what is malformed, answer
// what needs no work, else suspend the connection and hand the request to the workers (worker_pool.h). A handler may
// therefore block, and a slow one costs a worker, not the server. The handler is called from several threads at once;
// when it finds no memory the answer is 503.
//
// What libmicrohttpd would let pass is refused here: two Host headers, Content-Length beside Transfer-Encoding,
// a body where none belongs, a target that is not strictly well-formed, a method other than GET, HEAD (405) and, where
// `body_limit` allows a body, POST. A body is received whole, in bounded memory, before the handler is called.
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
#include "http/worker_pool.h"

namespace quire::http {

struct Admission {
    Lane lane = Lane::page;
    int64_t debt = 0;
};

struct ServerOptions {
    /// Answers at once what needs no work, or nothing. Called on the event threads: a few calls of stat(2) are all that
    /// it may ask of the disk, and no lock that somebody holds while waiting. What it leaves goes to the workers.
    std::function<std::optional<Response>(const Request&)> from_memory = {};
    unsigned event_threads = 2;
    WorkerLimits workers = {};
    /// Which workers a request is for, and how many nanoseconds of work were spent on its like. Called on the event
    /// threads.
    std::function<Admission(const Request&)> admit = [](const Request& request) -> Admission {
        return {request.is_authenticated() ? Lane::reader : Lane::page, 0};
    };
    /// What somebody is told for whom there was no room. Called on a thread that others wait for.
    std::function<Response(const Request&, int64_t debt)> refuse = {};
    /// Told of every answer: what it cost, or nothing, where it was in memory. From any thread; it must not wait.
    std::function<void(const Request&, const Response&, std::optional<int64_t> cost)> account = {};
    size_t max_connections = 4000;
    FollowerLimits followers = {};
    /// Where there can't be as many, and leaves each kind of reader its part of them.
    void allow_connections(size_t most);
    unsigned idle_timeout = 30; ///< seconds
    /// A reader that takes no block of a streamed answer for so long is cut off.
    int64_t stream_patience = 30 * nanoseconds_per_second;
    /// How many bytes a POST to this target may bring; 0: it is refused. Called on the event threads: no disk.
    std::function<size_t(const Target&)> body_limit = [](const Target&) -> size_t { return 0; };
};

class Server {
public:
    using Handler = std::function<Response(const Request&)>;
    /// Who a request is from. Called on the event threads: it must not wait for anything.
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
