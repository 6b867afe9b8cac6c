#include "ci/run/events.h"

#include <fcntl.h>

#include "base/time.h"
#include "sys/file.h"
#include "sys/file_status.h"
#include "text/json.h"

namespace quire::ci {

Result<EventLog> EventLog::open(const std::string& target)
{
    if (target == "null")
        return EventLog(UniqueFd());
    if (target == "stdout")
        return EventLog(TRY(sys::duplicate(1)));
    return EventLog(TRY(sys::open_at(AT_FDCWD, target, O_WRONLY | O_CREAT | O_APPEND, 0644)));
}

void EventLog::write(std::string_view event, text::Data fields)
{
    if (!m_fd || m_error)
        return;
    text::Data line{text::Data::Table{}};
    line.set("at", format_instant(now()));
    line.set("event", event);
    if (fields.table())
        for (auto& [key, value] : *fields.table())
            line.set(key, std::move(value));
    auto written = sys::write_all(m_fd.get(), text::write_json(line) + "\n");
    if (!written)
        m_error = std::move(written).error();
}

void EventLog::write_durable(std::string_view event, text::Data fields)
{
    write(event, std::move(fields));
    if (!m_fd || m_error)
        return;
    if (auto status = sys::stat_of(m_fd.get(), "the events"); !status || !S_ISREG(status->st_mode))
        return;
    auto synced = sys::sync_data(m_fd.get(), "the events");
    if (!synced)
        m_error = std::move(synced).error();
}

} // namespace quire::ci
