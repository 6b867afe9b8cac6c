// Passes a mail to msmtp, or to the sendmail that the config names, and reports what it says.
//
// msmtp gets its account, with the password, as a file in memory that nobody else can open, so nothing of it is in an
// argument, in an environment or on a disk. A command of the operator gets only the mail, on its standard input, as
// `sendmail -t -i` would.
#pragma once

#include "store/config.h"

namespace quire::deliver {

/// The longest that an attempt may take.
constexpr int64_t sending_takes = 120 * nanoseconds_per_second;

/// Returns when the server has accepted the mail. The error is one line: what the server said, if it said anything.
Result<void> send_mail(const store::Root& root, const store::GlobalConfig& config, const std::string& text);

/// msmtp's configuration. Fails if a value can't be expressed in it.
Result<std::string> msmtp_account(const store::SmtpConfig& smtp, const std::string& from, const std::string& password);

} // namespace quire::deliver
