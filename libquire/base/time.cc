#include "base/time.h"

#include <algorithm>
#include <chrono>
#include <ctime>

#include <fmt/format.h>

namespace quire {

static int64_t read_clock(clockid_t clock)
{
    timespec spec{};
    clock_gettime(clock, &spec);
    return static_cast<int64_t>(spec.tv_sec) * nanoseconds_per_second + spec.tv_nsec;
}

Instant now() { return read_clock(CLOCK_REALTIME); }

int64_t monotonic_now() { return read_clock(CLOCK_MONOTONIC); }

std::string show_duration(int64_t nanoseconds)
{
    if (nanoseconds < nanoseconds_per_second)
        return fmt::format("{} ms", nanoseconds / 1'000'000);
    int64_t seconds = nanoseconds / nanoseconds_per_second;
    struct Unit {
        int64_t seconds;
        const char* name;
    };
    constexpr Unit units[] = {{86400, "d"}, {3600, "h"}, {60, "min"}, {1, "s"}};
    std::string text;
    int shown = 0;
    for (const Unit& unit : units) {
        int64_t count = seconds / unit.seconds;
        seconds %= unit.seconds;
        if (count > 0 && shown < 2)
            text += fmt::format("{}{} {}", text.empty() ? "" : " ", count, unit.name);
        shown += count > 0 || shown > 0;
    }
    return text;
}

static void put_digits(std::string& text, size_t at, size_t count, int64_t number)
{
    for (; count > 0; number /= 10)
        text[at + --count] = static_cast<char>('0' + number % 10);
}

std::string format_instant(Instant instant)
{
    // gmtime_r would read the machine's time zone first.
    using namespace std::chrono;
    // In seconds, since the first day of all instants begins before the first nanosecond that can be said.
    auto time = floor<seconds>(nanoseconds(instant));
    auto day = floor<days>(time);
    year_month_day date{sys_days(day)};
    hh_mm_ss clock{time - day};
    int64_t part = (instant % nanoseconds_per_second + nanoseconds_per_second) % nanoseconds_per_second;
    // Years have four digits: 1677 to 2262.
    std::string text = "0000-00-00T00:00:00.000000000Z";
    put_digits(text, 0, 4, static_cast<int>(date.year()));
    put_digits(text, 5, 2, static_cast<unsigned>(date.month()));
    put_digits(text, 8, 2, static_cast<unsigned>(date.day()));
    put_digits(text, 11, 2, clock.hours().count());
    put_digits(text, 14, 2, clock.minutes().count());
    put_digits(text, 17, 2, clock.seconds().count());
    put_digits(text, 20, 9, part);
    return text;
}

/// Takes exactly `count` digits off the front of `text`; -1 if they are not there.
static int take_digits(std::string_view& text, size_t count)
{
    if (text.size() < count)
        return -1;
    int value = 0;
    for (size_t i = 0; i < count; ++i) {
        if (text[i] < '0' || text[i] > '9')
            return -1;
        value = value * 10 + (text[i] - '0');
    }
    text.remove_prefix(count);
    return value;
}

static bool take_char(std::string_view& text, char expected)
{
    if (text.empty() || text[0] != expected)
        return false;
    text.remove_prefix(1);
    return true;
}

std::optional<Instant> parse_instant(std::string_view text)
{
    tm parts{};
    int year = take_digits(text, 4);
    if (year < 1970 || !take_char(text, '-'))
        return std::nullopt;
    int month = take_digits(text, 2);
    if (month < 1 || month > 12 || !take_char(text, '-'))
        return std::nullopt;
    int day = take_digits(text, 2);
    if (day < 1 || day > 31 || !take_char(text, 'T'))
        return std::nullopt;
    int hour = take_digits(text, 2);
    if (hour < 0 || hour > 23 || !take_char(text, ':'))
        return std::nullopt;
    int minute = take_digits(text, 2);
    if (minute < 0 || minute > 59 || !take_char(text, ':'))
        return std::nullopt;
    int second = take_digits(text, 2);
    if (second < 0 || second > 59)
        return std::nullopt;
    int64_t fraction = 0;
    if (take_char(text, '.')) {
        int64_t scale = nanoseconds_per_second;
        if (text.empty() || text[0] == 'Z')
            return std::nullopt;
        while (!text.empty() && text[0] >= '0' && text[0] <= '9' && scale > 1) {
            scale /= 10;
            fraction += (text[0] - '0') * scale;
            text.remove_prefix(1);
        }
    }
    if (text != "Z")
        return std::nullopt;
    parts.tm_year = year - 1900;
    parts.tm_mon = month - 1;
    parts.tm_mday = day;
    parts.tm_hour = hour;
    parts.tm_min = minute;
    parts.tm_sec = second;
    int64_t instant = 0;
    // timegm turns the 30th of February into a day in March.
    time_t seconds = timegm(&parts);
    if (parts.tm_mday != day || __builtin_mul_overflow(int64_t{seconds}, nanoseconds_per_second, &instant) ||
        __builtin_add_overflow(instant, fraction, &instant))
        return std::nullopt;
    return instant;
}

std::string format_duration(int64_t nanoseconds)
{
    int64_t milliseconds = std::max<int64_t>(nanoseconds, 0) / 1'000'000;
    int64_t seconds = milliseconds / 1000;
    if (seconds < 1)
        return fmt::format("{} ms", milliseconds);
    if (seconds < 10)
        return fmt::format("{}.{} s", seconds, milliseconds % 1000 / 100);
    if (seconds < 60)
        return fmt::format("{} s", seconds);
    if (seconds < 3600)
        return fmt::format("{} min {:02} s", seconds / 60, seconds % 60);
    return fmt::format("{} h {:02} min", seconds / 3600, seconds % 3600 / 60);
}

} // namespace quire
