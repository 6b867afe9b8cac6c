// A mail as a text that any sendmail takes: headers, an empty line, the body; lines end in "\n".
//
// Whatever comes from outside (names of branches, a commit's subject, an error) becomes one harmless line of a header
// or well-formed text of the body here and nowhere else: a line break in it makes no header.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.h"

namespace quire::deliver {

struct Mail {
    std::string from, to; ///< addresses, as store::is_mail_address has them
    std::string subject;
    std::string id;     ///< of the message, without brackets: "ci-failed.foo.42.1a2b@example.org"
    std::string thread; ///< what mails that belong together have in common, such an id too; "": it stands alone
    std::string list;   ///< "work/bar" or "the forge": what its reader may want to sort by
    std::string event;  ///< "ci-failed"
    Instant at = 0;
    std::string body;
};

std::string write_mail(const Mail& mail);

/// What stands behind "Name: ": folded, and as encoded words (RFC 2047) where it is not plain ASCII.
std::string encode_header(std::string_view name, std::string_view text);
/// RFC 2045: lines of at most 76 characters, all of them ASCII.
std::string quoted_printable(std::string_view text);
/// "Thu, 26 Nov 2026 02:12:50 +0000"
std::string mail_date(Instant at);
/// The part of an address behind its @; "localhost" where there is none.
std::string_view domain_of(std::string_view address);
/// Any text as a part of a message's or list's id: letters, digits, dots and dashes.
std::string id_word(std::string_view text);

} // namespace quire::deliver
