// Tells a supervisor that a program does its work now, which is later than that it was started.
//
// s6 gives a descriptor (its notification-fd), which the program learns by an option; systemd gives a socket in
// NOTIFY_SOCKET. A program may have both, or neither, and then tells nobody.
#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "base/unique_fd.h"

namespace quire::sys {

class Readiness {
public:
    /// `descriptor`: the option's value. ErrorKind::usage unless it is the number of an open descriptor above the
    /// standard ones. No child inherits it.
    static Result<Readiness> take(const std::optional<std::string>& descriptor);

    /// Tells both, once. Who supervises may have gone meanwhile, so nothing depends on it.
    void tell();

private:
    UniqueFd m_descriptor;
};

} // namespace quire::sys
