// InitChannel speaks the protocol of init/protocol.h with one quire-init, in the loop's turns.
//
// Requests are queued and written when the pipe takes them. Frames are checked and handed on as they arrive, output
// even before its frame is complete. The other end is not trusted: a malformed frame closes the channel.
#pragma once

#include <memory>
#include <string>
#include <string_view>

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
        /// Everything that has arrived was handed on.
        virtual void on_settled() = 0;
        /// The last call. `reason` is empty if the other side just closed.
        virtual void on_closed(std::string reason) = 0;
    };

    /// Makes both descriptors non-blocking. The listener must outlive the channel, and not destroy it during a call.
    InitChannel(sys::Loop& loop, UniqueFd to, UniqueFd from, Listener& listener);
    ~InitChannel();

    void send(std::string_view frame);
    /// Closes our end after what is queued; the other side then ends everything and leaves.
    void close_input();

private:
    void write_queue();
    void read_some();
    /// Returns false if the bytes are malformed.
    bool take(std::string_view bytes);
    void closed(std::string reason);

    sys::Loop& m_loop;
    Listener& m_listener;
    UniqueFd m_to, m_from;
    sys::Loop::Id m_reading = 0, m_writing = 0;
    std::string m_queue;
    bool m_close_wanted = false;
    std::unique_ptr<char[]> m_buffer;
    std::string m_partial;      ///< a header or control frame that is not complete yet
    init::FrameHeader m_output; ///< the output frame that is being received
    size_t m_output_left = 0;
};

} // namespace quire::ci
