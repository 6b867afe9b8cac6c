// A mail as text for any sendmail: headers, an empty line, the body; lines end in "\n".
//
// This is the only place where text from outside (names of branches, subjects of commits, errors) becomes one harmless
// header line, or well-formed body text: a line break in it can't make a header.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.h"

namespace quire::deliver {

struct Mail {
    std::string from, to; ///< addresses that store::is_mail_address accepts
    std::string subject;
    std::string id;     ///< of the message, without brackets: "ci-failed.foo.42.1a2b@example.org"
    std::string thread; ///< an id of that form, shared by mails that belong together; "": it stands alone
    std::string list;   ///< "work/bar" or "the forge", for readers who sort their mail by it
    std::string event;  ///< "ci-failed"
    Instant at = 0;
    std::string body;
};

std::string write_mail(const Mail& mail);

/// The text after "Name: ", folded, and as encoded words (RFC 2047) if it is not plain ASCII.
std::string encode_header(std::string_view name, std::string_view text);
/// RFC 2045: lines of at most 76 characters, all of them ASCII.
std::string quoted_printable(std::string_view text);
/// "Thu, 26 Nov 2026 02:12:50 +0000"
std::string mail_date(Instant at);
/// The part of an address after its @; "localhost" if there is none.
std::string_view domain_of(std::string_view address);
/// Any text as a part of a message's or list's id: letters, digits, dots and dashes.
std::string id_word(std::string_view text);

} // namespace quire::deliver
