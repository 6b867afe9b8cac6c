// One line to the system's log, as syslog(3) does, without the C library's: that one reads time zones and locales.
#pragma once

#include <string>
#include <string_view>

namespace quire::sys {

constexpr const char* syslog_socket = "/dev/log";

/// Sends "<program>[<pid>]: <text>" as facility authpriv, level notice: one datagram, never waited for. Where
/// nobody listens nothing happens. Control bytes are shown as \xNN.
void send_to_syslog(std::string_view text, const std::string& socket_path = syslog_socket);

} // namespace quire::sys
