#include "web/budget/costly.h"

#include <chrono>
#include <condition_variable>
#include <mutex>

#include "web/html/layout.h"

namespace quire::web {

namespace {

struct Limits {
    int everyone, anonymous;
};

/// Fewer than there are workers, together with those who wait, so that pages that cost nothing always find one.
constexpr Limits page_limits{3, 2};
/// A slow reader holds a process, not a worker.
constexpr Limits transfer_limits{12, 6};

/// Most costly pages are over within this time: whoever comes a moment too early need not come again.
constexpr std::chrono::milliseconds moment{500};
constexpr int most_waiting = 2;

} // namespace

class CostlyPlaces {
public:
    explicit CostlyPlaces(const Limits& limits) : m_limits(limits) {}

    bool take(const http::Request& request)
    {
        int limit = request.is_authenticated() ? m_limits.everyone : m_limits.anonymous;
        std::unique_lock lock(m_mutex);
        auto is_free = [&] { return m_taken < limit; };
        if (!is_free() && m_waiting < most_waiting) {
            ++m_waiting;
            m_freed.wait_for(lock, moment, is_free);
            --m_waiting;
        }
        if (!is_free())
            return false;
        ++m_taken;
        return true;
    }

    void leave()
    {
        {
            std::lock_guard lock(m_mutex);
            --m_taken;
        }
        m_freed.notify_all(); // the two kinds of reader have different limits
    }

private:
    const Limits& m_limits;
    std::mutex m_mutex;
    std::condition_variable m_freed;
    int m_taken = 0, m_waiting = 0;
};

static CostlyPlaces& places_of(Cost cost)
{
    static CostlyPlaces pages(page_limits), transfers(transfer_limits);
    return cost == Cost::transfer ? transfers : pages;
}

Result<CostlyPlace> CostlyPlace::take(const http::Request& request, Cost cost)
{
    CostlyPlaces& places = places_of(cost);
    if (places.take(request))
        return CostlyPlace(&places);
    return fail(ErrorKind::busy, "all places are taken");
}

CostlyPlace::~CostlyPlace()
{
    if (m_places)
        m_places->leave();
}

int64_t costly_time(const http::Request& request)
{
    return (request.is_authenticated() ? 15 : 5) * nanoseconds_per_second;
}

int64_t transfer_time(const http::Request& request)
{
    return (request.is_authenticated() ? 3600 : 900) * nanoseconds_per_second;
}

Patience short_patience(const http::Request& request, int64_t time)
{
    return Patience(monotonic_now() + time, [&request] { return request.has_left(); });
}

Patience costly_patience(const http::Request& request) { return short_patience(request, costly_time(request)); }

http::Response busy_page(const http::Request& request)
{
    http::Response busy = notice(request, 503, "busy",
                                 "This takes too long, or too many others are asking for it. Try again in a moment.");
    busy.caching = http::Caching::none;
    busy.headers.emplace_back("Retry-After", "3");
    return busy;
}

} // namespace quire::web
