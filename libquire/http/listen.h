// The address of a listening socket, as an operator writes it: "127.0.0.1:8080", "[::1]:8080", "unix:/run/quire.sock".
#pragma once

#include <string>

#include "base/result.h"
#include "base/unique_fd.h"
#include "sys/socket.h"

namespace quire::http {

/// Opens the socket and logs its address (port 0 takes any free port and the log says which).
Result<UniqueFd> listen(const std::string& address);

} // namespace quire::http
