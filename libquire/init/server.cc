#include "init/server.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <ctime>

#include "sys/process_tree.h"
#include "sys/retry.h"

namespace quire::init {

namespace {

int64_t clock_now()
{
    timespec now{};
    ::clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1'000'000'000 + now.tv_nsec;
}

std::string numbers(uint32_t a, uint32_t b)
{
    std::string payload;
    append_u32(payload, a);
    append_u32(payload, b);
    return payload;
}

} // namespace

bool Server::serve()
{
    send(FrameType::ready, 0, numbers(protocol_version, static_cast<uint32_t>(m_isolation)));
    bool sound = true;
    while (sound && !m_hung_up) {
        flush();
        std::vector<Polled> polled;
        std::vector<pollfd> polls = poll_set(polled);
        if (sys::retry([&] { return ::poll(polls.data(), polls.size(), pause()); }) < 0)
            break;
        if (polls[0].revents != 0)
            sound = take_requests();
        for (size_t i = 1; i < polls.size(); ++i) {
            if (polls[i].revents == 0)
                continue;
            if (polled[i].source == Source::report)
                read_report(polled[i].id);
            else
                forward(polled[i].id, polled[i].source);
        }
        check_room();
        kill_marked();
    }
    end_everything();
    return sound;
}

/// How long to wait for something to happen, in milliseconds.
int Server::pause() const
{
    constexpr int kill_pause = 5, room_pause = 25;
    if (std::any_of(m_commands.begin(), m_commands.end(), [](const auto& c) { return c.second.killing; }))
        return kill_pause;
    return m_limits.are_watched() && !m_commands.empty() ? room_pause : -1;
}

bool Server::are_all_killed() const
{
    return std::all_of(m_commands.begin(), m_commands.end(), [](const auto& c) { return c.second.killing; });
}

/// Ends all commands if together they use more than they may.
void Server::check_room()
{
    if (!m_limits.are_watched() || are_all_killed())
        return;
    RoomUse use = room_use(::getpid(), m_commands.size(), m_limits.memory);
    if (m_group) // what a fork bomb does while one looks is missed in /proc
        use.processes = std::max(use.processes, m_group->processes(m_commands.size()));
    Excess excess = judge_room(use, m_limits);
    for (auto& [id, command] : m_commands) {
        command.peak = std::max(command.peak, use.memory);
        if (excess != Excess::none && !command.killing) {
            command.killing = true;
            command.excess = excess;
        }
    }
}

std::vector<pollfd> Server::poll_set(std::vector<Polled>& polled) const
{
    std::vector<pollfd> polls = {{m_input, POLLIN, 0}};
    polled = {{0, Source::report}};
    for (const auto& [id, command] : m_commands)
        for (auto [fd, source] :
             {std::pair(command.keeper.out.get(), Source::out), std::pair(command.keeper.err.get(), Source::err),
              std::pair(command.keeper.report.get(), Source::report)})
            if (fd >= 0) {
                polls.push_back({fd, POLLIN, 0});
                polled.push_back({id, source});
            }
    return polls;
}

bool Server::take_requests()
{
    char buffer[65536];
    ssize_t got = sys::retry([&] { return ::read(m_input, buffer, sizeof buffer); });
    if (got <= 0) {
        m_hung_up = true;
        return true;
    }
    m_requests.append(buffer, static_cast<size_t>(got));
    size_t at = 0;
    while (m_requests.size() - at >= header_size) {
        auto header = parse_header(std::string_view(m_requests).substr(at));
        if (!header)
            return false;
        if (m_requests.size() - at - header_size < header->length)
            break;
        if (!handle(*header, std::string_view(m_requests).substr(at + header_size, header->length)))
            return false;
        at += header_size + header->length;
    }
    m_requests.erase(0, at);
    return true;
}

bool Server::handle(const FrameHeader& header, std::string_view payload)
{
    auto found = m_commands.find(header.id);
    bool known = found != m_commands.end(); // an unknown one may have just ended, while the request was on its way
    switch (header.type) {
    case FrameType::run:
        if (known)
            return false;
        run(header.id, payload);
        return true;
    case FrameType::signal:
        if (payload.size() != 1)
            return false;
        if (known)
            sys::signal_descendants(found->second.keeper.pid, payload[0]);
        return true;
    case FrameType::kill:
        if (known)
            found->second.killing = true;
        return true;
    case FrameType::discard:
        if (known)
            found->second.discard = true;
        return true;
    default:
        return false;
    }
}

void Server::run(uint32_t id, std::string_view payload)
{
    int64_t started = clock_now();
    GroupMemory group = m_group ? m_group->memory() : GroupMemory();
    uint64_t kills = m_group ? 0 : machine_kills();
    auto request = decode_run(payload);
    errno = EINVAL;
    auto keeper = request ? start_keeper(*request, m_group ? m_group->to_enter() : "") : std::nullopt;
    if (!keeper) {
        send(FrameType::failed, id, numbers(static_cast<uint32_t>(FailedStep::prepare), static_cast<uint32_t>(errno)));
        send(FrameType::end, id, {}, 1);
        send(FrameType::end, id, {}, 2);
        send(FrameType::gone, id);
        return;
    }
    m_commands.emplace(
        id, Command{.keeper = std::move(*keeper), .started = started, .machine_kills = kills, .group = group});
}

/// Why it ended as it did, if the kernel has something to say to that. It also learns of the group's peak.
Excess Server::judge_end(Command& command, uint32_t status) const
{
    bool is_killed = status == 128 + SIGKILL;
    if (m_group) {
        GroupMemory now = m_group->memory();
        if (now.peak > command.group.peak) // it was reached while the command ran
            command.peak = std::max(command.peak, now.peak);
        if (status != 0 && !command.killing)
            return judge_group(command.group, now, is_killed, m_limits.memory != 0);
    } else if (is_killed && !command.killing && machine_kills() > command.machine_kills) {
        return Excess::machine;
    }
    return command.excess;
}

void Server::tell_exit(uint32_t id, Command& command, const KeeperReport& report)
{
    Excess excess = judge_end(command, report.value);
    std::string payload;
    append_u32(payload, report.value);
    append_u64(payload, static_cast<uint64_t>(report.detail - command.started));
    append_u64(payload, static_cast<uint64_t>(report.cpu));
    append_u64(payload, std::max(report.peak, command.peak));
    append_u32(payload, static_cast<uint32_t>(excess));
    send(FrameType::exited, id, payload);
    command.ended = true;
}

void Server::read_report(uint32_t id)
{
    auto found = m_commands.find(id);
    if (found == m_commands.end())
        return;
    Command& command = found->second;
    KeeperReport report{};
    ssize_t got = sys::retry([&] { return ::read(command.keeper.report.get(), &report, sizeof report); });
    if (got == sizeof report) {
        if (report.kind == KeeperReport::started) {
            command.leader = static_cast<pid_t>(report.value);
            return;
        }
        if (command.ended)
            return; // a process that failed to become the command
        if (report.kind == KeeperReport::exited) {
            tell_exit(id, command, report);
        } else {
            send(FrameType::failed, id, numbers(report.value, static_cast<uint32_t>(report.detail)));
            command.ended = true;
        }
        return;
    }
    if (!command.ended) // somebody killed the keeper, and with it the command
        tell_exit(id, command,
                  {.kind = KeeperReport::exited, .value = 128 + SIGKILL, .detail = clock_now(), .cpu = 0, .peak = 0});
    command.keeper.report.reset();
    drop_if_over(id);
}

void Server::forward(uint32_t id, Source source)
{
    auto found = m_commands.find(id);
    if (found == m_commands.end())
        return;
    UniqueFd& from = source == Source::out ? found->second.keeper.out : found->second.keeper.err;
    uint8_t stream = source == Source::out ? 1 : 2;
    int available = 0;
    ::ioctl(from.get(), FIONREAD, &available);
    if (available > 0) {
        forward_bytes(id, from.get(), stream, std::min(static_cast<size_t>(available), largest_output));
        return;
    }
    if (!found->second.discard)
        send(FrameType::end, id, {}, stream);
    from.reset();
    drop_if_over(id);
}

void Server::forward_bytes(uint32_t id, int from, uint8_t stream, size_t size)
{
    char buffer[65536];
    bool discard = m_commands.at(id).discard;
    if (!discard) {
        append_header(m_replies, {static_cast<uint32_t>(size), FrameType::output, stream, id});
        flush();
    }
    while (size > 0 && !m_hung_up) {
        if (!discard) {
            ssize_t moved = sys::retry([&] { return ::splice(from, nullptr, m_output, nullptr, size, SPLICE_F_MOVE); });
            if (moved > 0) {
                size -= static_cast<size_t>(moved);
                continue;
            }
            if (errno != EINVAL) { // the executor is gone
                m_hung_up = true;
                return;
            }
        }
        ssize_t got = sys::retry([&] { return ::read(from, buffer, std::min(size, sizeof buffer)); });
        if (got <= 0)
            return;
        size -= static_cast<size_t>(got);
        if (!discard) {
            m_replies.assign(buffer, static_cast<size_t>(got));
            flush();
        }
    }
}

void Server::drop_if_over(uint32_t id)
{
    const Keeper& keeper = m_commands.at(id).keeper;
    if (keeper.report || keeper.out || keeper.err)
        return;
    send(FrameType::gone, id);
    m_commands.erase(id);
}

void Server::send(FrameType type, uint32_t id, std::string_view payload, uint8_t stream)
{
    m_replies += make_frame(type, id, payload, stream);
}

void Server::flush()
{
    std::string_view rest = m_replies;
    while (!rest.empty()) {
        ssize_t written = sys::retry([&] { return ::write(m_output, rest.data(), rest.size()); });
        if (written < 0) {
            m_hung_up = true;
            break;
        }
        rest.remove_prefix(static_cast<size_t>(written));
    }
    m_replies.clear();
}

void Server::kill_marked()
{
    bool all = are_all_killed();
    if (m_commands.empty())
        return;
    if (m_group && all)
        m_group->kill();
    // A fork bomb makes processes faster than they can be listed, and leaves no processor to list them. The first
    // process of a namespace can stop all others in it by one call, which no fork escapes. The keepers go on: they reap
    // the dead, and know what the commands' processors did.
    bool is_still = all && ::getpid() == 1 && ::kill(-1, SIGSTOP) == 0;
    for (auto& [id, command] : m_commands)
        if (is_still && command.keeper.report)
            ::kill(command.keeper.pid, SIGCONT);
    for (auto& [id, command] : m_commands)
        if (command.killing && command.keeper.report) {
            sys::stop_group_of(command.leader, command.keeper.pid);
            sys::kill_descendants(command.keeper.pid);
        }
}

void Server::end_everything()
{
    if (m_group)
        m_group->kill();
    if (::getpid() == 1) { // the kernel ends the rest with us, and a fork bomb is not given the time until then
        ::kill(-1, SIGKILL);
        return;
    }
    for (const auto& [id, command] : m_commands)
        sys::stop_group_of(command.leader, command.keeper.pid);
    constexpr int most_rounds = 1000; // after that, only processes asleep in the kernel are left
    for (int round = 0; round < most_rounds && sys::kill_descendants(::getpid()) > 0; ++round)
        ::poll(nullptr, 0, 2);
}

} // namespace quire::init
