#include "cli/table.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/display_width.h"

namespace quire::cli {

std::string format_table(const std::vector<std::vector<std::string>>& rows, const std::vector<Align>& columns)
{
    std::vector<size_t> widths(columns.size(), 0);
    for (const auto& row : rows)
        for (size_t i = 0; i < row.size(); ++i)
            widths[i] = std::max(widths[i], display_width(row[i]));
    std::string out;
    for (const auto& row : rows) {
        std::string line;
        for (size_t i = 0; i < row.size(); ++i) {
            if (widths[i] == 0)
                continue; // a column that no row uses takes no space
            std::string padding(widths[i] - display_width(row[i]), ' ');
            if (!line.empty())
                line += "  ";
            line += columns[i] == Align::right ? padding + row[i] : row[i] + padding;
        }
        line.erase(line.find_last_not_of(' ') + 1);
        out += line + "\n";
    }
    return out;
}

std::string format_size(uint64_t bytes)
{
    if (bytes < 1000)
        return fmt::format("{} B", bytes);
    constexpr std::array units = {"kB", "MB", "GB", "TB", "PB"};
    auto value = static_cast<double>(bytes) / 1000;
    size_t unit = 0;
    for (; value >= 999.5 && unit + 1 < units.size(); ++unit)
        value /= 1000;
    return value < 9.95 ? fmt::format("{:.1f} {}", value, units[unit]) : fmt::format("{:.0f} {}", value, units[unit]);
}

std::string format_age(Instant then, Instant now)
{
    struct Unit {
        int64_t seconds;
        const char* name;
    };
    constexpr Unit units[] = {{86400, "day"}, {3600, "hour"}, {60, "minute"}};
    int64_t seconds = (now - then) / nanoseconds_per_second;
    if (seconds > 60 * 86400)
        return format_instant(then).substr(0, 10);
    for (const Unit& unit : units)
        if (int64_t count = seconds / unit.seconds; count > 0)
            return fmt::format("{} {}{} ago", count, unit.name, count == 1 ? "" : "s");
    return "just now";
}

} // namespace quire::cli
