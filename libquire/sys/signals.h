// Signals as a descriptor: blocked for this process and read in a loop instead of interrupting it.
#pragma once

#include <initializer_list>
#include <optional>

#include "base/result.h"
#include "base/unique_fd.h"

namespace quire::sys {

class Signals {
public:
    /// Blocks these signals from now on. Children that sys::spawn starts get them unblocked.
    static Result<Signals> take(std::initializer_list<int> numbers);
    int fd() const { return m_fd.get(); }
    /// The next one that came; nullopt when there is none.
    std::optional<int> next();

private:
    explicit Signals(UniqueFd fd) : m_fd(std::move(fd)) {}
    UniqueFd m_fd;
};

} // namespace quire::sys
