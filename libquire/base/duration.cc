#include "base/duration.h"

#include <algorithm>

#include "base/strings.h"
#include "base/time.h"

namespace quire {

constexpr int64_t seconds_per_day = 86'400;
constexpr int64_t longest_duration = 366 * seconds_per_day;

Result<int64_t> parse_duration(std::string_view text)
{
    auto refused = [&] {
        return fail(ErrorKind::invalid, "'{}' is not a duration; write \"90s\", \"15m\", \"2h\", \"1h30m\" or \"7d\"",
                    text);
    };
    if (auto seconds = parse_decimal(text)) {
        if (*seconds == 0 || *seconds > static_cast<uint64_t>(longest_duration))
            return refused();
        return static_cast<int64_t>(*seconds) * nanoseconds_per_second;
    }
    int64_t total = 0;
    for (std::string_view rest = text; !rest.empty();) {
        size_t digits = std::min(rest.find_first_not_of("0123456789"), rest.size());
        auto number = parse_decimal(rest.substr(0, digits));
        if (!number || digits == rest.size() || *number > static_cast<uint64_t>(longest_duration))
            return refused();
        int64_t unit = 0;
        switch (rest[digits]) {
        case 's':
            unit = 1;
            break;
        case 'm':
            unit = 60;
            break;
        case 'h':
            unit = 3600;
            break;
        case 'd':
            unit = seconds_per_day;
            break;
        default:
            return refused();
        }
        total += static_cast<int64_t>(*number) * unit;
        if (total > longest_duration)
            return refused();
        rest.remove_prefix(digits + 1);
    }
    if (total == 0)
        return refused();
    return total * nanoseconds_per_second;
}

} // namespace quire
