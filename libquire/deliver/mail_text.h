// The text of a mail, which a person can act upon. One event is described in full, several become a summary.
#pragma once

#include "deliver/mail_book.h"

namespace quire::deliver {

/// The sender: config's :from, or quire@ the forge's own host.
std::string sender_of(const store::GlobalConfig& config);

/// How a person runs quire on this forge: "ssh git@example.org quire", or "quire" if :host is not set.
std::string command_line(const store::GlobalConfig& config);

Letter compose_letter(const store::Root& root, const store::GlobalConfig& config, const std::string& to,
                      const std::vector<Event>& events, size_t left_out);

} // namespace quire::deliver
