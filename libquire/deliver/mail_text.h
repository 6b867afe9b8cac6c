// What a mail says: plain text that a person can act on. One event is told in full, several become a summary.
#pragma once

#include "deliver/mail_book.h"

namespace quire::deliver {

/// Whoever sends: config's :from, or quire@ the forge's own host.
std::string sender_of(const store::GlobalConfig& config);

/// How a person asks this forge: "ssh git@example.org quire", or "quire" where :host is not set.
std::string command_line(const store::GlobalConfig& config);

Letter compose_letter(const store::Root& root, const store::GlobalConfig& config, const std::string& to,
                      const std::vector<Event>& events, size_t left_out);

} // namespace quire::deliver
