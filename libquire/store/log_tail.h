// The end of a command's log as a terminal would have shown it, for whoever is told that the command failed.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"

namespace quire::store {

struct TailOptions {
    size_t lines = 10;
    size_t longest_line = 500;   ///< bytes; longer ones are cut
    uint64_t bytes = 512u << 10; ///< of the file's end that are read
};

/// The last lines of both streams, harmless, without colours. `run` is the run's open directory. Empty if there is no
/// log, or it can't be read.
std::vector<std::string> log_tail(int run, const std::string& job, int64_t number, const TailOptions& options = {});

/// One line, in the same form.
std::string as_terminal_shows(std::string_view line, size_t longest);

} // namespace quire::store
