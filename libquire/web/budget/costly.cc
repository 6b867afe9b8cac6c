#include "web/budget/costly.h"

#include <chrono>
#include <condition_variable>
#include <mutex>

#include "web/html/layout.h"

namespace quire::web {

namespace {

/// The places for logged-in readers and those for anonymous ones; neither takes the other's.
struct Limits {
    int logged_in, anonymous;
};

/// Together with those who wait, fewer than there are workers, so that cheap pages always find one. Half of the
/// anonymous places are for pages that turn out to be costly while they are made; those known to be costly have few
/// workers anyway (http::Lane).
constexpr Limits page_limits{3, 4};
/// A slow reader uses a process, not a worker.
constexpr Limits transfer_limits{6, 6};
/// With a bitmap, which upkeep makes, each takes some 20 MiB of memory for git.git.
constexpr Limits clone_limits{32, 24};

/// Most costly pages end within this time, so a reader who comes a moment too early waits.
constexpr std::chrono::milliseconds moment{500};
constexpr int most_waiting = 2;

} // namespace

class CostlyPlaces {
public:
    explicit CostlyPlaces(int limit) : m_limit(limit) {}

    bool take()
    {
        std::unique_lock lock(m_mutex);
        auto is_free = [&] { return m_taken < m_limit; };
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
        m_freed.notify_one();
    }

private:
    const int m_limit;
    std::mutex m_mutex;
    std::condition_variable m_freed;
    int m_taken = 0, m_waiting = 0;
};

static CostlyPlaces& places_of(Cost cost, const http::Request& request)
{
    static CostlyPlaces pages(page_limits.logged_in), transfers(transfer_limits.logged_in);
    static CostlyPlaces anonymous_pages(page_limits.anonymous), anonymous_transfers(transfer_limits.anonymous);
    static CostlyPlaces clones(clone_limits.logged_in), anonymous_clones(clone_limits.anonymous);
    bool is_known = request.is_authenticated();
    if (cost == Cost::clone)
        return is_known ? clones : anonymous_clones;
    if (cost == Cost::transfer)
        return is_known ? transfers : anonymous_transfers;
    return is_known ? pages : anonymous_pages;
}

Result<CostlyPlace> CostlyPlace::take(const http::Request& request, Cost cost)
{
    CostlyPlaces& places = places_of(cost, request);
    if (places.take())
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

http::Response busy_page(const http::Request& request, int64_t debt)
{
    bool owes_much = debt > nanoseconds_per_second;
    int64_t wait = Ledger::seconds_to_pay(debt);
    http::Response busy =
        owes_much ? apology(request, 429, "too many requests",
                            fmt::format("Your address, or others in its network, asked for a lot lately, and other "
                                        "readers are waiting. Popular pages, feeds and clones still work. Try this "
                                        "page again in {} seconds.",
                                        wait))
                  : apology(request, 503, "busy",
                            "This takes too long, or too many others are asking for it. Try again in a moment.");
    busy.headers.emplace_back("Retry-After", std::to_string(wait));
    return busy;
}

} // namespace quire::web
