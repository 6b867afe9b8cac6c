#include "web/site/ledger.h"

#include <algorithm>

#include "base/log.h"
#include "base/strings.h"

namespace quire::web {

/// The share of a debt that each second forgives.
constexpr double forgiven_part = 0.05;
/// A network may owe a few times as much as a single address.
constexpr int64_t addresses_of_a_network = 4;
constexpr size_t max_accounts = 8192;
constexpr Instant minute = 60 * nanoseconds_per_second;
/// A minute that cost at least this much gets a line in the log, even without refusals.
constexpr int64_t worth_a_line = 10 * nanoseconds_per_second;

constexpr std::array<const char*, 4> answer_names = {"kept", "made", "refused", "failed"};

std::string network_of(std::string_view address)
{
    if (size_t dot = address.rfind('.'); dot != std::string_view::npos && address.find(':') == std::string_view::npos)
        return fmt::format("{}.0/24", address.substr(0, dot));
    size_t colons = 0;
    for (size_t i = 0; i < address.size(); ++i) {
        if (address[i] != ':')
            continue;
        bool is_gap = address.substr(i).starts_with("::");
        if (++colons == 3 || is_gap)
            return fmt::format("{}::/48", address.substr(0, i));
    }
    return std::string(address);
}

Ledger::Ledger(std::vector<std::string> kinds)
    : m_kinds(std::move(kinds)), m_counts((m_kinds.size() + 1) * readers * answers), m_reported_at(monotonic_now())
{
    m_kinds.emplace_back("other");
}

Ledger::Count& Ledger::count_of(size_t kind, bool is_anonymous, Answer answer)
{
    kind = std::min(kind, m_kinds.size() - 1);
    return m_counts[(kind * readers + (is_anonymous ? 1 : 0)) * answers + static_cast<size_t>(answer)];
}

void Ledger::enter(const Entry& entry)
{
    Count& count = count_of(entry.kind, entry.is_anonymous, entry.answer);
    ++count.times;
    count.cost += entry.cost;
    if (entry.cost == 0 && entry.answer != Answer::refused)
        return;
    Instant now = monotonic_now();
    if (entry.is_anonymous && entry.cost > 0 && !entry.address.empty())
        charge(entry.address, entry.cost, now);
    report(now);
}

int64_t Ledger::Account::forgiven(Instant now) const
{
    return std::max<int64_t>(0, debt - static_cast<int64_t>(static_cast<double>(now - at) * forgiven_part));
}

/// Forgets those who owe least first. REQUIRES: the mutex is held.
void Ledger::make_room(Accounts& accounts, Instant now)
{
    if (accounts.size() < max_accounts)
        return;
    std::vector<int64_t> debts;
    for (const auto& [name, account] : accounts)
        debts.push_back(account.forgiven(now));
    auto middle = debts.begin() + static_cast<ptrdiff_t>(debts.size() / 2);
    std::nth_element(debts.begin(), middle, debts.end());
    std::erase_if(accounts, [&](const auto& item) { return item.second.forgiven(now) <= *middle; });
}

void Ledger::charge(std::string_view address, int64_t cost, Instant now)
{
    std::string network = network_of(address);
    std::lock_guard lock(m_mutex);
    make_room(m_addresses, now);
    make_room(m_networks, now);
    for (Account* account : {&m_addresses[std::string(address)], &m_networks[network]})
        *account = {account->forgiven(now) + cost, now};
}

int64_t Ledger::debt_of(std::string_view address, Instant now)
{
    if (address.empty())
        return 0;
    std::string network = network_of(address);
    // On a busy machine an idle thread may hold the lock for a long time; an event thread must not wait for that.
    std::unique_lock lock(m_mutex, std::try_to_lock);
    if (!lock)
        return 0;
    auto own = m_addresses.find(address);
    auto all = m_networks.find(network);
    return std::max(own == m_addresses.end() ? 0 : own->second.forgiven(now),
                    all == m_networks.end() ? 0 : all->second.forgiven(now) / addresses_of_a_network);
}

int64_t Ledger::seconds_to_pay(int64_t debt)
{
    constexpr int64_t least = 3, most = 120;
    auto seconds = static_cast<int64_t>(static_cast<double>(debt) / forgiven_part / nanoseconds_per_second);
    return std::clamp(seconds, least, most);
}

std::vector<std::pair<int64_t, std::string>> Ledger::largest_debts(size_t most, Instant now)
{
    std::vector<std::pair<int64_t, std::string>> debts;
    {
        std::lock_guard lock(m_mutex);
        for (const auto& [name, account] : m_networks)
            if (int64_t debt = account.forgiven(now); debt > 0)
                debts.emplace_back(debt, name);
    }
    size_t kept = std::min(most, debts.size());
    std::partial_sort(debts.begin(), debts.begin() + static_cast<ptrdiff_t>(kept), debts.end(), std::greater<>());
    debts.resize(kept);
    return debts;
}

static double seconds(int64_t nanoseconds) { return static_cast<double>(nanoseconds) / nanoseconds_per_second; }

/// Logs a line each minute in which anonymous readers are refused or cost much.
void Ledger::report(Instant now)
{
    std::array<uint64_t, answers> times{};
    int64_t cost = 0;
    {
        std::lock_guard lock(m_mutex);
        if (now < m_reported_at + minute)
            return;
        m_reported_at = now;
        for (size_t kind = 0; kind < m_kinds.size(); ++kind)
            for (size_t answer = 0; answer < answers; ++answer) {
                Count& count = count_of(kind, true, static_cast<Answer>(answer));
                times[answer] += count.times;
                cost += count.cost;
            }
        std::swap(times, m_reported);
        std::swap(cost, m_reported_cost);
        for (size_t answer = 0; answer < answers; ++answer)
            times[answer] = m_reported[answer] - times[answer];
        cost = m_reported_cost - cost;
    }
    uint64_t refused = times[static_cast<size_t>(Answer::refused)];
    if (refused == 0 && cost < worth_a_line)
        return;
    std::string who;
    for (const auto& [debt, name] : largest_debts(3, now))
        who += fmt::format("{}{} ({:.1f} s)", who.empty() ? "; most owe " : ", ", name, seconds(debt));
    log("anonymous readers: {} pages made in {:.1f} s of processor time, {} kept, {} refused{}",
        times[static_cast<size_t>(Answer::made)], seconds(cost), times[static_cast<size_t>(Answer::kept)], refused,
        who);
}

std::string Ledger::metrics()
{
    std::string answered = "# TYPE quire_answers counter\n# HELP quire_answers Answers, by reader and kind of page.\n";
    std::string spent = "# TYPE quire_cost_seconds counter\n# UNIT quire_cost_seconds seconds\n"
                        "# HELP quire_cost_seconds Processor time of pages, with that of the gits run for them.\n";
    for (size_t kind = 0; kind < m_kinds.size(); ++kind)
        for (bool is_anonymous : {false, true}) {
            std::string labels =
                fmt::format("reader=\"{}\",page=\"{}\"", is_anonymous ? "anonymous" : "owner", m_kinds[kind]);
            int64_t cost = 0;
            for (size_t answer = 0; answer < answers; ++answer) {
                Count& count = count_of(kind, is_anonymous, static_cast<Answer>(answer));
                cost += count.cost;
                if (count.times > 0)
                    answered += fmt::format("quire_answers_total{{{},answer=\"{}\"}} {}\n", labels,
                                            answer_names[answer], count.times.load());
            }
            if (cost > 0)
                spent += fmt::format("quire_cost_seconds_total{{{}}} {:.6f}\n", labels, seconds(cost));
        }
    std::string owed = "# TYPE quire_debt_seconds gauge\n# UNIT quire_debt_seconds seconds\n"
                       "# HELP quire_debt_seconds What was spent for a network lately; the largest.\n";
    constexpr size_t shown = 20;
    for (const auto& [debt, name] : largest_debts(shown, monotonic_now()))
        owed += fmt::format("quire_debt_seconds{{network=\"{}\"}} {:.3f}\n", name, seconds(debt));
    return answered + spent + owed + "# EOF\n";
}

} // namespace quire::web
