#include "ci/executors/init_channel.h"

#include <algorithm>

#include "sys/file.h"

namespace quire::ci {

constexpr size_t read_size = 256u << 10;

InitChannel::InitChannel(sys::Loop& loop, UniqueFd to, UniqueFd from, Listener& listener)
    : m_loop(loop), m_listener(listener), m_to(std::move(to)), m_from(std::move(from)),
      m_buffer(std::make_unique_for_overwrite<char[]>(read_size)) // nobody writes to most of it
{
    for (int fd : {m_to.get(), m_from.get()})
        static_cast<void>(sys::set_nonblocking(fd).has_value()); // can't fail on our own pipe
    sys::enlarge_pipe(m_from.get(), 1 << 20);
    m_reading = m_loop.watch(m_from.get(), sys::Interest::readable, [this] { read_some(); });
}

InitChannel::~InitChannel()
{
    m_loop.cancel(m_reading);
    m_loop.cancel(m_writing);
}

void InitChannel::send(std::string_view frame)
{
    m_queue += frame;
    write_queue();
}

void InitChannel::close_input()
{
    m_close_wanted = true;
    write_queue();
}

void InitChannel::write_queue()
{
    while (m_to && !m_queue.empty()) {
        auto written = sys::write_ready(m_to.get(), m_queue);
        if (written && !*written) {
            if (m_writing == 0)
                m_writing = m_loop.watch(m_to.get(), sys::Interest::writable, [this] { write_queue(); });
            return;
        }
        if (!written) { // the other end is gone; reading will show that
            m_queue.clear();
            m_close_wanted = true;
            break;
        }
        m_queue.erase(0, **written);
    }
    m_loop.cancel(std::exchange(m_writing, 0));
    if (m_close_wanted)
        m_to.reset();
}

void InitChannel::read_some()
{
    auto got = sys::read_ready(m_from.get(), m_buffer.get(), read_size);
    if (got && !*got)
        return;
    if (!got || **got == 0) {
        closed({});
        return;
    }
    bool sound = take({m_buffer.get(), **got});
    m_listener.on_settled();
    if (!sound)
        closed("quire-init sent what is no frame");
}

bool InitChannel::take(std::string_view bytes)
{
    auto complete_partial = [&](size_t wanted) { // moves bytes to m_partial until it has that many
        size_t missing = std::min(wanted - std::min(wanted, m_partial.size()), bytes.size());
        m_partial += bytes.substr(0, missing);
        bytes.remove_prefix(missing);
        return m_partial.size() >= wanted;
    };
    while (!bytes.empty()) {
        if (m_output_left > 0) {
            std::string_view piece = bytes.substr(0, m_output_left);
            bytes.remove_prefix(piece.size());
            m_output_left -= piece.size();
            m_listener.on_output(m_output.id, m_output.stream, piece);
            continue;
        }
        if (!complete_partial(init::header_size))
            return true;
        auto header = init::parse_header(m_partial);
        if (!header || header->type < init::FrameType::ready)
            return false;
        if (header->type == init::FrameType::output) {
            m_output = *header;
            m_output_left = header->length;
        } else {
            if (!complete_partial(init::header_size + header->length))
                return true;
            m_listener.on_frame(*header, std::string_view(m_partial).substr(init::header_size));
        }
        m_partial.clear();
    }
    return true;
}

void InitChannel::closed(std::string reason)
{
    m_loop.cancel(std::exchange(m_reading, 0));
    m_listener.on_closed(std::move(reason));
}

} // namespace quire::ci
