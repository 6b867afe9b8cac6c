#include "web/budget/costly.h"

#include "web/html/layout.h"

namespace quire::web {

namespace {

struct Limits {
    int everyone, anonymous;
};

} // namespace

// Fewer than there are workers, so that pages that cost nothing always find one.
constexpr Limits page_limits{3, 2};
// A slow reader holds a process, not a worker.
constexpr Limits transfer_limits{12, 6};

static std::atomic<int> pages = 0, transfers = 0;

Result<CostlyPlace> CostlyPlace::take(const http::Request& request, Cost cost)
{
    const Limits& limits = cost == Cost::transfer ? transfer_limits : page_limits;
    std::atomic<int>& taken = cost == Cost::transfer ? transfers : pages;
    if (taken.fetch_add(1) < (request.is_authenticated() ? limits.everyone : limits.anonymous))
        return CostlyPlace(&taken);
    taken.fetch_sub(1);
    return fail(ErrorKind::busy, "all places are taken");
}

CostlyPlace::~CostlyPlace()
{
    if (m_taken)
        m_taken->fetch_sub(1);
}

int64_t costly_time(const http::Request& request)
{
    return (request.is_authenticated() ? 15 : 5) * nanoseconds_per_second;
}

int64_t transfer_time(const http::Request& request)
{
    return (request.is_authenticated() ? 3600 : 900) * nanoseconds_per_second;
}

int64_t costly_deadline(const http::Request& request) { return monotonic_now() + costly_time(request); }

http::Response busy_page(const http::Request& request)
{
    http::Response busy =
        notice(request, 503, "busy", "That takes long, or others are at it right now. Try again in a moment.");
    busy.caching = http::Caching::none;
    busy.headers.emplace_back("Retry-After", "3");
    return busy;
}

} // namespace quire::web
