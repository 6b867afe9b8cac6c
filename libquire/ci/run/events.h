// EventLog: what happened in a run, in order, one JSON object a line; quire-run(5) lists the kinds.
//
// Every line has "at" and "event". Text that commands or pipelines made has passed the redactor before it gets here.
#pragma once

#include "base/result.h"
#include "base/unique_fd.h"
#include "text/data.h"

namespace quire::ci {

class EventLog {
public:
    /// "null", "stdout", or the path of a file that is appended to.
    static Result<EventLog> open(const std::string& target);

    void write(std::string_view event, text::Data fields);
    /// The same, and on the disk when it returns: for the run's end.
    void write_durable(std::string_view event, text::Data fields);
    /// The first failure; writing goes on trying nothing after it.
    const std::optional<Error>& error() const { return m_error; }

private:
    explicit EventLog(UniqueFd fd) : m_fd(std::move(fd)) {}
    UniqueFd m_fd; ///< none: nobody wants to know
    std::optional<Error> m_error;
};

} // namespace quire::ci
