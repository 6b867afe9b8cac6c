#include "ci/language/schedule.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <span>

#include "base/strings.h"

namespace quire::ci {

namespace {

constexpr std::array<std::string_view, 12> month_names = {"jan", "feb", "mar", "apr", "may", "jun",
                                                          "jul", "aug", "sep", "oct", "nov", "dec"};
constexpr std::array<std::string_view, 7> day_names = {"sun", "mon", "tue", "wed", "thu", "fri", "sat"};

struct Field {
    std::string_view name;
    int lowest, highest;
    std::span<const std::string_view> names; ///< the names of lowest, lowest + 1 and so on
};

std::optional<int> parse_number(const Field& field, std::string_view text)
{
    for (size_t i = 0; i < field.names.size(); ++i)
        if (equal_ignoring_case(text, field.names[i]))
            return field.lowest + static_cast<int>(i);
    auto number = parse_decimal(text.size() == 2 && text[0] == '0' ? text.substr(1) : text);
    if (!number || *number > 99)
        return std::nullopt;
    int value = static_cast<int>(*number);
    return value >= field.lowest && value <= field.highest ? std::optional(value) : std::nullopt;
}

/// Calls `set` with every value of a field: "*", "*/15", "1-5", "1-31/2", "mon,thu".
template <class Set>
bool parse_field(const Field& field, std::string_view text, Set set)
{
    for (std::string_view part : split(text, ',')) {
        std::string_view range = take_until(part, '/');
        int step = 1, first = field.lowest, last = field.highest;
        if (!part.empty()) {
            auto number = parse_decimal(part);
            if (!number || *number == 0 || *number > 60)
                return false;
            step = static_cast<int>(*number);
        }
        if (range != "*") {
            std::string_view rest = range;
            auto begin = parse_number(field, take_until(rest, '-'));
            bool has_end = range.find('-') != range.npos;
            auto end = has_end ? parse_number(field, rest) : begin;
            if (!begin || !end || *end < *begin)
                return false;
            first = *begin;
            last = !has_end && !part.empty() ? field.highest : *end;
        }
        for (int value = first; value <= last; value += step)
            set(value);
    }
    return true;
}

} // namespace

Result<Schedule> Schedule::parse(std::string_view text)
{
    static constexpr std::pair<std::string_view, std::string_view> shorthands[] = {{"hourly", "0 * * * *"},
                                                                                   {"daily", "0 0 * * *"},
                                                                                   {"weekly", "0 0 * * 1"},
                                                                                   {"monthly", "0 0 1 * *"},
                                                                                   {"yearly", "0 0 1 1 *"}};
    Schedule schedule;
    std::string_view fields_text = text;
    if (strip_prefix(fields_text, "every ")) {
        schedule.m_interval = TRY(parse_duration(fields_text));
        if (schedule.m_interval < 60 * nanoseconds_per_second)
            return fail(ErrorKind::invalid, "'{}' is too often; once a minute is the most", text);
        return schedule;
    }
    for (auto& [name, fields] : shorthands)
        if (text == name)
            fields_text = fields;
    std::vector<std::string_view> fields;
    for (std::string_view field : split(fields_text, ' '))
        if (!field.empty())
            fields.push_back(field);
    if (fields.size() != 5)
        return fail(ErrorKind::invalid,
                    "'{}' is not a schedule; write :hourly, :daily, :weekly, :monthly, :yearly, "
                    ":every \"2h\", or five fields such as \"0 3 * * 1\"",
                    text);
    const Field kinds[] = {{"minute", 0, 59, {}},
                           {"hour", 0, 23, {}},
                           {"day of the month", 1, 31, {}},
                           {"month", 1, 12, month_names},
                           {"day of the week", 0, 7, day_names}};
    auto set = [&](size_t kind, int value) {
        auto bit = static_cast<size_t>(value);
        switch (kind) {
        case 0:
            schedule.m_minutes.set(bit);
            break;
        case 1:
            schedule.m_hours.set(bit);
            break;
        case 2:
            schedule.m_days.set(bit);
            break;
        case 3:
            schedule.m_months.set(bit);
            break;
        default:
            schedule.m_weekdays.set(bit % 7);
            break;
        }
    };
    for (size_t i = 0; i < 5; ++i)
        if (!parse_field(kinds[i], fields[i], [&](int value) { set(i, value); }))
            return fail(ErrorKind::invalid, "'{}' is not a schedule: '{}' is no {} ({} to {})", text, fields[i],
                        kinds[i].name, kinds[i].lowest, kinds[i].highest);
    schedule.m_any_day = fields[2].starts_with('*');
    schedule.m_any_weekday = fields[4].starts_with('*');
    return schedule;
}

/// As in cron(8): if both fields for days are given, it is enough that one of them matches.
bool Schedule::fits_day(int64_t day) const
{
    std::chrono::sys_days date{std::chrono::days(day)};
    std::chrono::year_month_day parts(date);
    if (!m_months.test(unsigned{parts.month()}))
        return false;
    bool day_fits = m_days.test(unsigned{parts.day()});
    bool weekday_fits = m_weekdays.test(std::chrono::weekday(date).c_encoding());
    return m_any_day || m_any_weekday ? day_fits && weekday_fits : day_fits || weekday_fits;
}

Instant Schedule::next_after(Instant instant) const
{
    if (m_interval > 0)
        return (instant / m_interval + 1) * m_interval;
    int64_t minute = instant / nanoseconds_per_second / 60 + 1;
    constexpr int64_t minutes_per_day = 24 * 60;
    for (int64_t day = minute / minutes_per_day, last = day + 5 * 366; day <= last; ++day) {
        if (!fits_day(day))
            continue;
        for (int64_t at = std::max(minute, day * minutes_per_day); at < (day + 1) * minutes_per_day; ++at) {
            auto of_day = static_cast<size_t>(at % minutes_per_day);
            if (m_hours.test(of_day / 60) && m_minutes.test(of_day % 60))
                return at * 60 * nanoseconds_per_second;
        }
    }
    return 0;
}

} // namespace quire::ci
