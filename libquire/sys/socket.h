// Listening sockets and waiting for a signal: what a long-lived server needs of the system.
//
// Descriptors are close-on-exec and non-blocking. No name is looked up anywhere: hosts are numeric.
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
/// Replaces a socket that nobody listens on any more; anything else in its place is an error.
Result<UniqueFd> listen_unix(const std::string& path, mode_t mode);
/// The port a TCP socket is bound to.
Result<uint16_t> bound_port(int socket);

/// Whether a socket is of the Unix domain.
Result<bool> is_unix_socket(int socket);

/// Whether the peer has closed its side of a connection.
bool has_hung_up(int socket);
/// Ends a connection both ways; whoever waits on it notices.
void shut_down(int socket);

/// Keeps the signals from ending this thread and all it starts from now on; wait_for_signal then takes them.
Result<void> block_signals(std::initializer_list<int> signals);
/// Waits until one of the blocked signals arrives, and yields it; 0 when none has for so many seconds.
Result<int> wait_for_signal(std::initializer_list<int> signals, unsigned seconds);

/// Lets this process have as many open files as the system allows, and yields how many.
size_t raise_file_limit();

} // namespace quire::sys
