// Schedule: when a cron source fires.
//
// "hourly", "daily", "weekly", "monthly", "yearly"; "every 90m"; or five fields as in crontab(5): minute, hour, day of
// the month, month, day of the week, with *, lists, ranges, steps, and names of months and days. Times are UTC.
#pragma once

#include <bitset>
#include <string>

#include "base/duration.h"
#include "base/result.h"
#include "base/time.h"

namespace quire::ci {

class Schedule {
public:
    static Result<Schedule> parse(std::string_view text);

    /// The first time after `instant`; 0 if there is none in the next five years (such as the 30th of February).
    Instant next_after(Instant instant) const;

private:
    bool fits_day(int64_t day) const;

    int64_t m_interval = 0; ///< nanoseconds; 0: it follows the calendar
    std::bitset<60> m_minutes;
    std::bitset<24> m_hours;
    std::bitset<32> m_days;
    std::bitset<13> m_months;
    std::bitset<7> m_weekdays;
    bool m_any_day = true, m_any_weekday = true;
};

} // namespace quire::ci
