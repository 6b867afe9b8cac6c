#include "base/show_time.h"

#include "base/result.h"

namespace quire {

std::string_view time_of_day(std::string_view instant)
{
    constexpr size_t date = 11, milliseconds = 12;
    return parse_instant(instant) && instant.size() >= date + milliseconds ? instant.substr(date, milliseconds)
                                                                           : instant;
}

std::string show_moment(Instant instant)
{
    std::string full = format_instant(instant);
    return fmt::format("{} {} UTC", full.substr(0, 10), full.substr(11, 8));
}

} // namespace quire
