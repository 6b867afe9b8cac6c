// Hands a mail to msmtp or to whatever sendmail the config names, and says what it says.
//
// msmtp gets its account as a file in memory that nobody else can open, and the password with it: nothing of it is in
// an argument, an environment or on a disk. A command of the operator's own gets the mail on its standard input, as
// `sendmail -t -i` would, and nothing else.
#pragma once

#include "store/config.h"

namespace quire::deliver {

/// An attempt takes this long at most.
constexpr int64_t sending_takes = 120 * nanoseconds_per_second;

/// Returns when the server has taken it. The error is one line: what the server said, where it said anything.
Result<void> send_mail(const store::Root& root, const store::GlobalConfig& config, const std::string& text);

/// msmtp's configuration. Fails on what msmtp could not be told.
Result<std::string> msmtp_account(const store::SmtpConfig& smtp, const std::string& from, const std::string& password);

} // namespace quire::deliver
