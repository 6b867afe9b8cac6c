#include "base/result.h"

#include <cstring>

namespace quire {

Unexpected fail_errno(std::string call, int code)
{
    ErrorKind kind = ErrorKind::system;
    if (code == ENOENT)
        kind = ErrorKind::not_found;
    else if (code == EEXIST)
        kind = ErrorKind::exists;
    // strerrordesc_np is the thread-safe, locale-free text of an errno value.
    const char* text = strerrordesc_np(code);
    return Unexpected(Error{kind, code, fmt::format("{}: {}", call, text ? text : "unknown error")});
}

Unexpected with_context(Error error, std::string_view context)
{
    error.message = fmt::format("{}: {}", context, error.message);
    return Unexpected(std::move(error));
}

} // namespace quire
