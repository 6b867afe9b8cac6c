#include "store/event_reader.h"

#include "store/root.h"
#include "sys/file.h"
#include "text/json.h"

namespace quire::store {

Result<std::optional<text::Data>> EventReader::next()
{
    if (!m_file) {
        auto opened = sys::open_regular(m_run, paths::run_events, O_NOFOLLOW);
        if (!opened && opened.error().kind == ErrorKind::not_found)
            return std::optional<text::Data>();
        m_file = TRY(std::move(opened));
    }
    for (;;) {
        constexpr size_t piece = 64u << 10;
        size_t end = m_buffer.find('\n', m_at);
        if (end == std::string::npos) {
            m_buffer.erase(0, std::exchange(m_at, 0));
            if (m_buffer.size() > text::max_json_bytes)
                return fail(ErrorKind::invalid, "{} has a line of more than {} MiB", paths::run_events,
                            text::max_json_bytes >> 20);
            std::string more = TRY(sys::read_at(m_file.get(), m_offset, piece));
            if (more.empty())
                return std::optional<text::Data>();
            m_offset += more.size();
            m_buffer += more;
            continue;
        }
        std::string_view line = std::string_view(m_buffer).substr(m_at, end - m_at);
        m_at = end + 1;
        // A line that a crash cut off, and that another writer continued, is not an event.
        auto event = text::read_json(line, paths::run_events);
        if (event && event->table())
            return std::optional(std::move(*event));
    }
}

} // namespace quire::store
