// The loop of quire-init: reads requests from one descriptor, runs commands under keepers, and writes their output and
// their results to another. protocol.h describes the bytes.
//
// If the kernel can, output is moved from pipe to pipe with splice(2) and not copied here. If the executor is slow,
// writing blocks, and so do the commands: nothing piles up.
#pragma once

#include <map>
#include <string>
#include <vector>

#include <poll.h>

#include "init/command_group.h"
#include "init/keeper.h"
#include "init/protocol.h"
#include "init/room.h"

namespace quire::init {

class Server {
public:
    Server(int input, int output, Isolation isolation, RoomLimits limits = {}, std::optional<CommandGroup> group = {})
        : m_input(input), m_output(output), m_isolation(isolation), m_limits(limits), m_group(std::move(group))
    {}

    /// Runs until the other side closes, then kills everything. Returns false if it received an invalid request.
    bool serve();

private:
    struct Command {
        Keeper keeper;
        int64_t started;
        pid_t leader = 0;   ///< of the session and process group that the command began in
        bool ended = false; ///< `failed` or `exited` was sent
        bool discard = false;
        bool killing = false;
        uint64_t machine_kills = 0;   ///< when it started
        GroupMemory group = {};       ///< when it started
        uint64_t peak = 0;            ///< of all commands together, as far as that is watched
        Excess excess = Excess::none; ///< why it is being killed
    };

    enum class Source { report, out, err };
    struct Polled {
        uint32_t id;
        Source source;
    };

    std::vector<pollfd> poll_set(std::vector<Polled>& polled) const;
    bool take_requests();
    bool handle(const FrameHeader& header, std::string_view payload);
    void run(uint32_t id, std::string_view payload);
    void read_report(uint32_t id);
    void tell_exit(uint32_t id, Command& command, const KeeperReport& report);
    Excess judge_end(Command& command, uint32_t status) const;
    void forward(uint32_t id, Source source);
    void forward_bytes(uint32_t id, int from, uint8_t stream, size_t size);
    void drop_if_over(uint32_t id);
    void send(FrameType type, uint32_t id, std::string_view payload = {}, uint8_t stream = 0);
    void flush();
    void kill_marked();
    int pause() const;
    bool are_all_killed() const; ///< also if there are none
    void check_room();
    void end_everything();

    int m_input, m_output;
    Isolation m_isolation;
    RoomLimits m_limits;
    std::optional<CommandGroup> m_group; ///< where it is the commands' alone
    bool m_hung_up = false;
    std::string m_requests; ///< read, but not yet complete
    std::string m_replies;  ///< small frames, written together before the next wait or output
    std::map<uint32_t, Command> m_commands;
};

} // namespace quire::init
