// Ledger: counts every answer, and knows what an address and its network have cost lately.
//
// What was spent for an anonymous reader is a debt of its address and of its network (IPv4: /24, IPv6: /48), which is
// forgiven over time. Nobody is refused because of a debt alone: it decides who is served first, and who must leave
// when there is no room. Several threads may use it. What event threads call takes no lock if nothing was spent.
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

    /// `kinds` are the names of the kinds of page by which answers are counted.
    explicit Ledger(std::vector<std::string> kinds);

    struct Entry {
        size_t kind = 0;
        bool is_anonymous = true;
        std::string_view address; ///< the reader's; empty: unknown
        Answer answer = Answer::made;
        int64_t cost = 0; ///< nanoseconds of processor time
    };
    void enter(const Entry& entry);

    /// The debt of an anonymous reader, in nanoseconds of processor time.
    int64_t debt_of(std::string_view address, Instant now = monotonic_now());
    /// In how many seconds the debt will be small again.
    static int64_t seconds_to_pay(int64_t debt);

    /// The counts as OpenMetrics, with the networks that owe most.
    std::string metrics();

private:
    static constexpr size_t answers = 4, readers = 2;
    struct Count {
        std::atomic<uint64_t> times = 0;
        std::atomic<int64_t> cost = 0;
    };
    struct Account {
        int64_t debt = 0;
        Instant at = 0; ///< the time of this debt
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
    std::array<uint64_t, answers> m_reported{}; ///< of anonymous readers, at the last report
    int64_t m_reported_cost = 0;
};

/// "203.0.113.0/24", "2001:db8:1::/48"; text that is not an address is returned unchanged.
std::string network_of(std::string_view address);

} // namespace quire::web
