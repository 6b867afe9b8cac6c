// Signals reads signals from a descriptor in a loop; they are blocked, so that they interrupt nothing.
#pragma once

#include <initializer_list>
#include <optional>

#include "base/result.h"
#include "base/unique_fd.h"

namespace quire::sys {

class Signals {
public:
    /// Blocks these signals from now on. Children that sys::spawn starts have them unblocked.
    static Result<Signals> take(std::initializer_list<int> numbers);
    int fd() const { return m_fd.get(); }
    /// The next signal that arrived; nullopt when there is none.
    std::optional<int> next();

private:
    explicit Signals(UniqueFd fd) : m_fd(std::move(fd)) {}
    UniqueFd m_fd;
};

} // namespace quire::sys
