// Checks that the head of a request in the connection's memory is as RFC 9112 wants it. Private to http/.
//
// libmicrohttpd before 1.0 accepts a bare LF or CR as the end of a line, a blank before the colon and an empty header
// name, and it ends a value at a NUL. A proxy in front may understand such a request differently than quire does
// ("Remote-User: me\0"). libmicrohttpd cuts the head into strings in place, by writing NULs over what was there, so the
// positions of the strings show how much was between them. Anything but a single CRLF, colon or blank there is refused.
// If libmicrohttpd kept its strings elsewhere, every request would be refused, and none let through unchecked. Since
// 1.0 it refuses all of this itself.
#pragma once

#include <microhttpd.h>

#include "base/result.h"

namespace quire::http {

/// The addresses of the strings that libmicrohttpd hands out. `target` has the length that it had before it was cut.
struct RawHead {
    const char* method;
    std::string_view target;
    const char* version;
};

/// REQUIRES: the head has been read, and no header was changed.
Result<void> check_raw_head(MHD_Connection* connection, const RawHead& head);

} // namespace quire::http
