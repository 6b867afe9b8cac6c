// Costly requests (blame, search, compare, histories of a path; archives and clones): a few at a time, each with a
// deadline, and for anonymous readers fewer and shorter. Who finds no place waits for a moment, if not too many do so,
// and is then told to come back (503, with Retry-After).
#pragma once

#include <memory>

#include "base/patience.h"
#include "web/site/visit.h"

namespace quire::web {

/// What a request may cost: nothing much, a worker's time, or a process that sends for as long as its reader reads.
enum class Cost { low, high, transfer };

class CostlyPlaces;

/// A place among the costly requests; free again when the object is gone.
class CostlyPlace {
public:
    /// An error of kind busy when all are taken, and stay so for half a second. For a worker: it may wait.
    static Result<CostlyPlace> take(const http::Request& request, Cost cost = Cost::high);
    CostlyPlace(CostlyPlace&& other) noexcept : m_places(std::exchange(other.m_places, nullptr)) {}
    CostlyPlace& operator=(CostlyPlace&&) = delete;
    ~CostlyPlace();

private:
    explicit CostlyPlace(CostlyPlaces* places) : m_places(places) {}
    CostlyPlaces* m_places; ///< where the place is; null: moved from
};

/// How long, in nanoseconds, a costly request may work.
int64_t costly_time(const http::Request& request);
/// For so long, and only while its reader is there.
Patience costly_patience(const http::Request& request);
/// What any request may take without a place among the costly ones.
Patience short_patience(const http::Request& request, int64_t time);
/// How long a transfer may take.
int64_t transfer_time(const http::Request& request);

/// What a page says that had no place or ran out of time. To whom owes much (site/ledger.h) it is a 429.
http::Response busy_page(const http::Request& request, int64_t debt = 0);

} // namespace quire::web
