#include "sys/random.h"

#include <sys/random.h>

#include "sys/retry.h"

namespace quire::sys {

Result<std::string> random_hex(size_t bytes)
{
    std::string raw(bytes, '\0');
    for (size_t have = 0; have < bytes;) {
        ssize_t got = retry([&] { return ::getrandom(raw.data() + have, bytes - have, 0); });
        if (got < 0)
            return fail_errno("get random bytes");
        have += static_cast<size_t>(got);
    }
    std::string hex;
    for (char byte : raw)
        hex += fmt::format("{:02x}", static_cast<unsigned char>(byte));
    return hex;
}

} // namespace quire::sys
