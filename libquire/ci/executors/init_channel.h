// InitChannel speaks init/protocol.h with one quire-init, in the loop's turns.
//
// Requests are queued and written as the pipe takes them; frames are checked, and handed on as they come, output in
// pieces and without waiting for a whole frame. The other end is not trusted: what is no frame ends the channel.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/unique_fd.h"
#include "init/protocol.h"
#include "sys/loop.h"

namespace quire::ci {

class InitChannel {
public:
    class Listener {
    public:
        virtual ~Listener() = default;
        virtual void on_output(uint32_t id, uint8_t stream, std::string_view bytes) = 0;
        virtual void on_frame(const init::FrameHeader& header, std::string_view payload) = 0;
        /// All that was there has been handed on.
        virtual void on_settled() = 0;
        /// Nothing more will come. `reason` is empty when the other side just closed.
        virtual void on_closed(std::string reason) = 0;
    };

    /// Both descriptors become non-blocking. The listener outlives the channel and never destroys it in a call.
    InitChannel(sys::Loop& loop, UniqueFd to, UniqueFd from, Listener& listener);
    ~InitChannel();

    void send(std::string_view frame);
    /// After what is queued; the other side then ends everything and leaves.
    void close_input();

private:
    void write_queue();
    void read_some();
    /// False when the bytes are no frames.
    bool take(std::string_view bytes);
    void closed(std::string reason);

    sys::Loop& m_loop;
    Listener& m_listener;
    UniqueFd m_to, m_from;
    sys::Loop::Id m_reading = 0, m_writing = 0;
    std::string m_queue;
    bool m_close_wanted = false;
    std::vector<char> m_buffer;
    std::string m_partial;      ///< a header, or a control frame, that is not complete yet
    init::FrameHeader m_output; ///< the output frame we are in
    size_t m_output_left = 0;
};

} // namespace quire::ci
