// Whether a request's head stands in the connection's memory as RFC 9112 wants it. Private to http/.
//
// libmicrohttpd before 1.0 ends lines at a bare LF or CR, takes a blank before the colon and an empty name for a
// header, and ends a value at a NUL: a proxy in front may read another request than quire does, or "Remote-User: me\0".
// It cuts the head into strings where it lies, by NULs in the place of what stood there. So from where the strings lie
// it can be told what stood between them: whatever is not one CRLF, colon or blank of a strict head is refused. A
// libmicrohttpd that kept its strings elsewhere would have every request refused, and none pass unseen. Since 1.0 it
// refuses all of this by itself.
#pragma once

#include <microhttpd.h>

#include "base/result.h"

namespace quire::http {

/// The strings that libmicrohttpd hands out, by their addresses. `target` is as long as it was before it was cut.
struct RawHead {
    const char* method;
    std::string_view target;
    const char* version;
};

/// REQUIRES: the head has been read, and no header changed.
Result<void> check_raw_head(MHD_Connection* connection, const RawHead& head);

} // namespace quire::http
