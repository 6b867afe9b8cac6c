// EventLog: what happened in a run, in order, one JSON object a line. quire-run(5) lists the events.
//
// Every line has "at" and "event". Text from commands or pipelines must have passed the redactor before.
#pragma once

#include "base/result.h"
#include "base/unique_fd.h"
#include "text/data.h"

namespace quire::ci {

class EventLog {
public:
    /// `target` is "null", "stdout", or the path of a file to append to.
    static Result<EventLog> open(const std::string& target);

    void write(std::string_view event, text::Data fields);
    /// Writes the event and waits until it is on the disk; for the end of the run.
    void write_durable(std::string_view event, text::Data fields);
    /// The first failure. After that nothing more is written.
    const std::optional<Error>& error() const { return m_error; }

private:
    explicit EventLog(UniqueFd fd) : m_fd(std::move(fd)) {}
    UniqueFd m_fd; ///< none: events are not wanted
    std::optional<Error> m_error;
};

} // namespace quire::ci
