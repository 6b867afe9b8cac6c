// Listening sockets and waiting for signals, for long-lived servers.
//
// Descriptors are close-on-exec and non-blocking. Hosts must be numeric: no name is looked up.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>

#include <sys/types.h>

#include "base/result.h"
#include "base/unique_fd.h"

namespace quire::sys {

/// `host` is "127.0.0.1", "::1", "0.0.0.0" or "::"; port 0 takes any free one.
Result<UniqueFd> listen_tcp(const std::string& host, uint16_t port);
/// Replaces a socket on which nobody listens any more. If anything else is there, that is an error.
Result<UniqueFd> listen_unix(const std::string& path, mode_t mode);
/// The port a TCP socket is bound to.
Result<uint16_t> bound_port(int socket);

/// Whether a socket is of the Unix domain.
Result<bool> is_unix_socket(int socket);

/// Whether the peer has closed its side of a connection.
bool has_hung_up(int socket);
/// Ends a connection in both directions; whoever waits on it notices.
void shut_down(int socket);

/// Blocks the signals in this thread and in all that it starts from now on; wait_for_signal then receives them.
Result<void> block_signals(std::initializer_list<int> signals);
/// Waits for one of the blocked signals and returns it; 0 if none arrives within so many nanoseconds.
Result<int> wait_for_signal(std::initializer_list<int> signals, int64_t time);

/// Raises the limit of open files as far as the system allows, and returns it.
size_t raise_file_limit();

} // namespace quire::sys
