// EventReader: a run's events.jsonl, line by line, also while it grows. Memory: the longest line.
#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "base/unique_fd.h"
#include "text/data.h"

namespace quire::store {

class EventReader {
public:
    /// `run` is the run's open directory and outlives the object.
    explicit EventReader(int run) : m_run(run) {}
    /// The next whole line that is an event; nullopt: there is no more by now.
    Result<std::optional<text::Data>> next();
    /// Whether there is such a file at all, as far as next() was asked.
    bool has_file() const { return static_cast<bool>(m_file); }

private:
    int m_run;
    UniqueFd m_file;
    uint64_t m_offset = 0; ///< of what has not been read from the file
    std::string m_buffer;
    size_t m_at = 0; ///< in the buffer
};

} // namespace quire::store
