#include "http/server.h"

#include <algorithm>
#include <atomic>
#include <cstdarg>
#include <cstdio>
#include <deque>
#include <new>

#include "base/log.h"
#include "http/exchange.h"
#include "http/raw_head.h"
#include "http/stream.h"
#include "http/troubles.h"
#include "sys/memory.h"
#include "sys/socket.h"
#include "sys/thread.h"

namespace quire::http {

constexpr size_t connection_memory = 32u << 10;
/// How many connections may be leaving while new ones have taken their places.
constexpr unsigned changing_places = 256;

struct Server::State {
    /// What the callbacks of a daemon know: the server, and the socket through which its connections come.
    struct Listening {
        State* server;
        Door door;
    };

    State(const ServerOptions& given, Handler handle, Identify identify_user)
        : options(given), handler(std::move(handle)), identify(std::move(identify_user)), pump(given.stream_patience),
          connections(given.max_connections, given.followers), troubles(given.make_page),
          workers(given.workers, given.way)
    {}
    State(const State&) = delete;
    State& operator=(const State&) = delete;

    ~State()
    {
        // No connection may be suspended when its daemon stops; these two resume theirs. The pump goes first, since it
        // tells workers that write to a reader that nobody reads any more.
        pump.stop();
        workers.stop();
        for (MHD_Daemon* daemon : daemons)
            MHD_stop_daemon(daemon);
    }

    MHD_Result on_request(Door door, MHD_Connection* connection, const char* method, const char* version,
                          Exchange& exchange);
    MHD_Result announce(Door door, MHD_Connection* connection, const char* method, const char* version,
                        Exchange& exchange);
    MHD_Result submit(MHD_Connection* connection, Exchange& exchange);
    MHD_Result refuse(MHD_Connection* connection, Exchange& exchange, int status, std::string_view reason);
    Response respond(Exchange& exchange);
    struct Suspended;
    int64_t work_on(Exchange& exchange, Suspended& suspended);
    static void write_rest(Exchange& exchange, Writer& writer, Suspended& suspended);
    void account(const Request& request, const Response& response, std::optional<int64_t> cost) const;
    static void on_completed(void* listening, MHD_Connection* connection, void** closure,
                             MHD_RequestTerminationCode why);
    static void on_connection(void* listening, MHD_Connection* connection, void** context,
                              MHD_ConnectionNotificationCode happened);

    ServerOptions options;
    Handler handler;
    Identify identify;
    std::atomic<size_t> received = 0;
    Pump pump;
    Connections connections;
    const Troubles troubles;
    WorkerPool workers;
    std::vector<MHD_Daemon*> daemons;
    std::deque<Listening> listening; ///< one for each daemon, with stable addresses
};

/// A connection that waits for a worker. It goes on when the job is done, even if that was dropped before it began.
struct Server::State::Suspended {
    explicit Suspended(MHD_Connection* suspended) : connection(suspended) { MHD_suspend_connection(suspended); }
    Suspended(const Suspended&) = delete;
    Suspended& operator=(const Suspended&) = delete;
    ~Suspended() { resume(); }

    /// From then on the exchange is the event thread's.
    void resume()
    {
        if (MHD_Connection* waiting = std::exchange(connection, nullptr))
            MHD_resume_connection(waiting);
    }

    MHD_Connection* connection;
};

void ServerOptions::allow_connections(size_t most)
{
    constexpr size_t fewest = 64;
    max_connections = std::clamp(most, fewest, max_connections);
    followers.everyone = std::min(followers.everyone, max_connections * 3 / 4);
    followers.anonymous = std::min(followers.anonymous, max_connections / 2);
    followers.of_an_address = std::min(followers.of_an_address, max_connections / 8);
}

/// For requests whose end is unknown: the rest of the connection is not read.
MHD_Result Server::State::refuse(MHD_Connection* connection, Exchange& exchange, int status, std::string_view reason)
{
    const char* accept = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_ACCEPT);
    Response response = troubles.refuse(status, reason, accept && allows_html(accept));
    response.headers.emplace_back("Connection", "close");
    if (status == 405)
        response.headers.emplace_back("Allow", "GET, HEAD");
    exchange.response = std::move(response);
    return send_response(connection, exchange, pump);
}

/// Never null: each connection was registered when it came.
static Connections::Connection* known(MHD_Connection* connection)
{
    const MHD_ConnectionInfo* info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return static_cast<Connections::Connection*>(info->socket_context);
}

static const sockaddr* peer_address(MHD_Connection* connection)
{
    const MHD_ConnectionInfo* info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    return info ? info->client_addr : nullptr;
}

MHD_Result Server::State::on_request(Door door, MHD_Connection* connection, const char* method, const char* version,
                                     Exchange& exchange)
{
    if (exchange.response)
        return send_response(connection, exchange, pump);
    // libmicrohttpd announces a request before its body. A refusal must be sent then, because only then it neither
    // reads a body nor keeps the connection. Every other answer must wait for the last call.
    if (!std::exchange(exchange.is_announced, true))
        return announce(door, connection, method, version, exchange);
    return submit(connection, exchange);
}

MHD_Result Server::State::announce(Door door, MHD_Connection* connection, const char* method, const char* version,
                                   Exchange& exchange)
{
    std::string_view verb = method;
    if (verb != "GET" && verb != "HEAD" && verb != "POST")
        return refuse(connection, exchange, 405, "Only GET and HEAD are answered here.");
    if (std::string_view(version) != "HTTP/1.1" && std::string_view(version) != "HTTP/1.0")
        return refuse(connection, exchange, 505, "HTTP/1.1 is spoken here.");
    RawHead head{method, {exchange.target_begin, exchange.raw_target.size()}, version};
    if (auto checked = check_raw_head(connection, head); !checked)
        return refuse(connection, exchange, 400, checked.error().message);
    if (verb == "POST") {
        auto target = parse_target(exchange.raw_target);
        exchange.body.limit = target ? options.body_limit(*target) : 0;
        if (exchange.body.limit == 0)
            return refuse(connection, exchange, 405, "Only GET and HEAD are answered here.");
    }
    auto claims = read_request(connection, method, exchange);
    if (!claims)
        return refuse(connection, exchange, 400, claims.error().message);
    exchange.budget = &received;
    if (verb == "POST")
        if (auto announced = announce_body(connection, exchange); !announced)
            return refuse(connection, exchange, announced.error().kind == ErrorKind::refused ? 413 : 400,
                          announced.error().message);
    Identity identity = identify({door, address_of(peer_address(connection))}, *claims);
    exchange.request.user = std::move(identity.user);
    exchange.request.address = std::move(identity.address);
    exchange.request.is_operators_program = identity.is_operators_program;
    connections.begin(known(connection), exchange.request);
    return MHD_YES;
}

Response Server::State::respond(Exchange& exchange)
{
    if (auto decoded = decode_body(exchange); !decoded)
        return troubles.refuse(400, decoded.error().message, exchange.request.accepts_html);
    Response response = handler(exchange.request);
    if (exchange.request.accepts_gzip)
        compress_body(response);
    if (response.stream && response.stream->is_live() && exchange.request.method != Method::head) {
        exchange.follower_place = connections.follow(exchange.request);
        if (!exchange.follower_place)
            return troubles.answer(Trouble::too_many_followers, exchange.request.accepts_html);
    }
    return response;
}

/// Lets the response go out, and writes the rest of it. The exchange may be gone before this returns.
void Server::State::write_rest(Exchange& exchange, Writer& writer, Suspended& suspended)
{
    auto rest = std::move(exchange.response->rest);
    auto held = exchange.response->held;
    bool is_read = exchange.request.method != Method::head;
    std::string target = exchange.raw_target;
    exchange.is_packed = writer.is_packed();
    exchange.response->stream = writer.body();
    suspended.resume();
    if (!is_read)
        return;
    try {
        sys::DoesNotWait unless_given_up;
        if (auto written = rest(writer); written)
            writer.finish();
        else
            log("{}: {}", target, written.error().message);
    } catch (const std::bad_alloc&) {
        log("{}: no memory is left for the rest of it", target);
    } catch (const std::exception& wrong) {
        log("{}: {}", target, wrong.what());
    }
}

/// Runs on a worker. Returns the cost.
int64_t Server::State::work_on(Exchange& exchange, Suspended& suspended)
{
    int64_t before = sys::thread_cost();
    Request request;
    std::optional<Writer> writer;
    try {
        sys::DoesNotWait unless_given_up;
        exchange.response = respond(exchange);
        if (exchange.response->rest) {
            request = exchange.request;
            writer.emplace(request.accepts_gzip ? Writer::Coding::gzip : Writer::Coding::plain);
        }
    } catch (const std::bad_alloc&) {
        log("{}: no memory is left for it", exchange.request.raw_target);
        exchange.response = troubles.answer(Trouble::no_memory, exchange.request.accepts_html);
    } catch (const std::exception& wrong) {
        log("{}: {}", exchange.request.raw_target, wrong.what());
        exchange.response = troubles.answer(Trouble::failed, exchange.request.accepts_html);
    }
    if (writer && exchange.response->rest) {
        Response told = text_response(exchange.response->status, "");
        write_rest(exchange, *writer, suspended);
        int64_t cost = sys::thread_cost() - before;
        account(request, told, cost);
        return cost;
    }
    int64_t cost = sys::thread_cost() - before;
    account(exchange.request, *exchange.response, cost);
    return cost;
}

void Server::State::account(const Request& request, const Response& response, std::optional<int64_t> cost) const
{
    if (options.account)
        options.account(request, response, cost);
}

MHD_Result Server::State::submit(MHD_Connection* connection, Exchange& exchange)
{
    auto ready = options.from_memory ? options.from_memory(exchange.request) : std::nullopt;
    if (ready) {
        exchange.response = std::move(*ready);
        account(exchange.request, *exchange.response, std::nullopt);
        return send_response(connection, exchange, pump);
    }
    if (const auto* info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD))
        exchange.request.socket = info->connect_fd;
    Admission admission = options.admit(exchange.request);
    auto suspended = std::make_shared<Suspended>(connection);
    auto give_up = [this, suspended, &exchange, debt = admission.debt] {
        exchange.response = options.refuse ? options.refuse(exchange.request, debt)
                                           : troubles.answer(Trouble::too_busy, exchange.request.accepts_html);
        account(exchange.request, *exchange.response, 0);
    };
    auto work = [this, suspended, &exchange] { return work_on(exchange, *suspended); };
    bool is_taken = workers.submit(admission.lane, {std::move(work), std::move(give_up), admission.debt});
    if (!is_taken)
        exchange.response = troubles.answer(Trouble::too_busy, exchange.request.accepts_html);
    return MHD_YES;
}

/// Called before libmicrohttpd parses the target. It would store each parameter in the connection's own memory,
/// and never answer a query with some hundreds of them. Nobody asks it for parameters, so they are hidden from
/// it.
static void* on_target(void*, const char* target, MHD_Connection* connection)
{
    try {
        auto exchange = std::make_shared<Exchange>();
        exchange->raw_target = target;
        exchange->target_begin = target;
        if (size_t query = exchange->raw_target.find('?'); query != std::string::npos)
            const_cast<char*>(target)[query + 1] = '\0';
        known(connection)->exchange = exchange;
        return exchange.get();
    } catch (const std::bad_alloc&) {
        return nullptr; // closes the connection
    }
}

void Server::State::on_completed(void* listening, MHD_Connection* connection, void** closure,
                                 MHD_RequestTerminationCode)
{
    *closure = nullptr;
    known(connection)->exchange.reset();
    static_cast<Listening*>(listening)->server->connections.end(known(connection));
}

void Server::State::on_connection(void* listening, MHD_Connection* connection, void** context,
                                  MHD_ConnectionNotificationCode happened)
{
    Connections& connections = static_cast<Listening*>(listening)->server->connections;
    if (happened == MHD_CONNECTION_NOTIFY_STARTED)
        *context = connections.open(MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd);
    else if (auto* closed = static_cast<Connections::Connection*>(std::exchange(*context, nullptr))) {
        // A request with more than one fault may have ended without a call of on_completed.
        closed->exchange.reset();
        connections.close(closed);
    }
}

/// Leaves the target escaped: parse_target decodes it, once.
static size_t keep_escaped(void*, MHD_Connection*, char* text) { return std::string_view(text).size(); }

static void drop_message(void*, const char*, va_list) {}

Server::Server(std::unique_ptr<State> state) : m_state(std::move(state)) {}
Server::Server(Server&&) noexcept = default;
Server::~Server() = default;
Result<Server> Server::start(std::vector<UniqueFd> sockets, Handler handler, Identify identify,
                             const ServerOptions& options)
{
    auto state = std::make_unique<State>(options, std::move(handler), std::move(identify));
    TRY(state->pump.start());
    MHD_AccessHandlerCallback on_access = [](void* closure, MHD_Connection* connection, const char*, const char* method,
                                             const char* version, const char* upload, size_t* upload_size,
                                             void** held) {
        if (!*held)
            return MHD_NO;
        Exchange& exchange = *static_cast<Exchange*>(*held);
        if (exchange.is_announced && *upload_size > 0) {
            bool added = add_to_body(exchange, std::string_view(upload, std::exchange(*upload_size, 0)));
            return added ? MHD_YES : MHD_NO;
        }
        auto* listening = static_cast<State::Listening*>(closure);
        try {
            return listening->server->on_request(listening->door, connection, method, version, exchange);
        } catch (const std::bad_alloc&) {
            return MHD_NO;
        }
    };
    for (UniqueFd& socket : sockets) {
        Door door = TRY(sys::is_unix_socket(socket.get())) ? Door::unix_socket : Door::tcp;
        State::Listening& listening = state->listening.emplace_back(State::Listening{state.get(), door});
        int fd = socket.release(); // libmicrohttpd closes it
        MHD_Daemon* daemon = MHD_start_daemon(
            MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG, 0, nullptr, nullptr,
            on_access, &listening, MHD_OPTION_EXTERNAL_LOGGER, drop_message, nullptr, MHD_OPTION_LISTEN_SOCKET, fd,
            MHD_OPTION_URI_LOG_CALLBACK, on_target, nullptr, MHD_OPTION_NOTIFY_COMPLETED, State::on_completed,
            &listening, MHD_OPTION_NOTIFY_CONNECTION, State::on_connection, &listening, MHD_OPTION_UNESCAPE_CALLBACK,
            keep_escaped, nullptr, MHD_OPTION_THREAD_POOL_SIZE, options.event_threads, MHD_OPTION_CONNECTION_LIMIT,
            static_cast<unsigned>(options.max_connections + changing_places), MHD_OPTION_CONNECTION_TIMEOUT,
            options.idle_timeout, MHD_OPTION_CONNECTION_MEMORY_LIMIT, connection_memory, MHD_OPTION_STRICT_FOR_CLIENT,
            1, MHD_OPTION_SIGPIPE_HANDLED_BY_APP, 1, MHD_OPTION_END);
        if (!daemon)
            return fail(ErrorKind::system, "libmicrohttpd could not start");
        state->daemons.push_back(daemon);
    }
    return Server(std::move(state));
}

} // namespace quire::http
