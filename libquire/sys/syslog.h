// Sends one line to the system's log. The C library's syslog(3) is not used because it reads time zones and locales.
#pragma once

#include <string>
#include <string_view>

namespace quire::sys {

constexpr const char* syslog_socket = "/dev/log";

/// Sends "<program>[<pid>]: <text>" with facility authpriv and level notice, as one datagram, without waiting. Does
/// nothing if nobody listens. Control bytes are shown as \xNN.
void send_to_syslog(std::string_view text, const std::string& socket_path = syslog_socket);

} // namespace quire::sys
