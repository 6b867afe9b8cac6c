// Wall-clock instants in nanoseconds, and their one textual form: RFC 3339 in UTC with nine decimals.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace quire {

/// Nanoseconds since the epoch.
using Instant = int64_t;

constexpr Instant nanoseconds_per_second = 1'000'000'000;

Instant now();
/// A clock that never goes back. Use it only for measuring and for deadlines.
int64_t monotonic_now();

/// "340 ms", "12 s", "3 min 20 s", "2 h": at most two units, for messages.
std::string show_duration(int64_t nanoseconds);

/// "2026-11-21T11:34:37.123456789Z"
std::string format_instant(Instant instant);
/// The inverse of format_instant. Accepts zero to nine decimals and only "Z" as the zone; refuses times before 1970 and
/// after 2262, which an Instant can't hold.
std::optional<Instant> parse_instant(std::string_view text);

/// How long something took, for people to read: "340 ms", "4.2 s", "3 min 05 s", "2 h 10 min".
std::string format_duration(int64_t nanoseconds);

} // namespace quire
