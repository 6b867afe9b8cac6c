// EventReader reads a run's events.jsonl line by line, even while it grows. It holds one line in memory.
#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "base/unique_fd.h"
#include "text/data.h"

namespace quire::store {

class EventReader {
public:
    /// `run` is the run's open directory and must outlive the object.
    explicit EventReader(int run) : m_run(run) {}
    /// The next complete line that is an event; nullopt if there is none yet.
    Result<std::optional<text::Data>> next();
    /// Whether the file existed when next() last looked.
    bool has_file() const { return static_cast<bool>(m_file); }

private:
    int m_run;
    UniqueFd m_file;
    uint64_t m_offset = 0; ///< where the unread part of the file begins
    std::string m_buffer;
    size_t m_at = 0; ///< position in the buffer
};

} // namespace quire::store
