// Costly requests (blame, search, compare, histories of a path; archives and clones): only a few at a time, each with a
// deadline, and for anonymous readers fewer and shorter. A reader who finds no place waits for a moment, unless too
// many wait already, and must then come back later (503, with Retry-After).
#pragma once

#include <memory>

#include "base/patience.h"
#include "web/site/visit.h"

namespace quire::web {

/// What a request may cost: little, a worker's time, or a process that sends as long as its reader reads. Clones are
/// transfers with places of their own: git doesn't ask again, and a build farm begins twenty at once.
enum class Cost { low, high, transfer, clone };

class CostlyPlaces;

/// A place among the costly requests, which is free again when the object is destroyed.
class CostlyPlace {
public:
    /// ErrorKind::busy if all places stay taken for half a second. Only for workers, because it waits.
    static Result<CostlyPlace> take(const http::Request& request, Cost cost = Cost::high);
    CostlyPlace(CostlyPlace&& other) noexcept : m_places(std::exchange(other.m_places, nullptr)) {}
    CostlyPlace& operator=(CostlyPlace&&) = delete;
    ~CostlyPlace();

private:
    explicit CostlyPlace(CostlyPlaces* places) : m_places(places) {}
    CostlyPlaces* m_places; ///< null: moved from
};

/// How many nanoseconds a costly request may work.
int64_t costly_time(const http::Request& request);
/// A patience of that time, which also ends when the reader leaves.
Patience costly_patience(const http::Request& request);
/// For work that is allowed without a place among the costly requests.
Patience short_patience(const http::Request& request, int64_t time);
/// How many nanoseconds a transfer may take.
int64_t transfer_time(const http::Request& request);

/// The page for a request that had no place or ran out of time. For a reader who owes much (site/ledger.h) it is a 429.
http::Response busy_page(const http::Request& request, int64_t debt = 0);

} // namespace quire::web
