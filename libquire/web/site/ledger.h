// Ledger: who costs what. Counts every answer, and knows what an address and its network have lately cost.
//
// What was spent for an anonymous reader is a debt of its address and of its network (IPv4: /24, IPv6: /48), which is
// forgiven with time. Nobody is refused for a debt alone: it decides who is served first, and who goes away when there
// is no room. Safe to use from several threads; what the event threads call takes no lock where nothing was spent.
#pragma once

#include <array>
#include <atomic>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"

namespace quire::web {

class Ledger {
public:
    enum class Answer { kept, made, refused, failed };

    /// `kinds`: names of the kinds of page, by which answers are counted.
    explicit Ledger(std::vector<std::string> kinds);

    struct Entry {
        size_t kind = 0;
        bool is_anonymous = true;
        std::string_view address; ///< whose; empty: nobody knows
        Answer answer = Answer::made;
        int64_t cost = 0; ///< nanoseconds of processor time
    };
    void enter(const Entry& entry);

    /// What counts against an anonymous reader, in nanoseconds of processor time.
    int64_t debt_of(std::string_view address, Instant now = monotonic_now());
    /// In how many seconds a debt is small again.
    static int64_t seconds_to_pay(int64_t debt);

    /// As OpenMetrics has it, with the networks that owe most.
    std::string metrics();

private:
    static constexpr size_t answers = 4, readers = 2;
    struct Count {
        std::atomic<uint64_t> times = 0;
        std::atomic<int64_t> cost = 0;
    };
    struct Account {
        int64_t debt = 0;
        Instant at = 0; ///< when it was so
        int64_t forgiven(Instant now) const;
    };
    using Accounts = std::map<std::string, Account, std::less<>>;

    Count& count_of(size_t kind, bool is_anonymous, Answer answer);
    void charge(std::string_view address, int64_t cost, Instant now);
    void make_room(Accounts& accounts, Instant now);
    std::vector<std::pair<int64_t, std::string>> largest_debts(size_t most, Instant now);
    void report(Instant now);

    std::vector<std::string> m_kinds;
    std::vector<Count> m_counts;
    std::mutex m_mutex;
    Accounts m_addresses, m_networks;
    Instant m_reported_at;
    std::array<uint64_t, answers> m_reported{}; ///< of anonymous readers, at that time
    int64_t m_reported_cost = 0;
};

/// "203.0.113.0/24", "2001:db8:1::/48"; what is no address stays as it is.
std::string network_of(std::string_view address);

} // namespace quire::web
