#include "deliver/mail_book.h"

#include <algorithm>

namespace quire::deliver {

using text::Data;

constexpr int64_t hour = 3600 * nanoseconds_per_second;
constexpr size_t most_events_kept = 50;
constexpr size_t most_given_up = 20;

void MailBook::add(const std::string& notice, const Event& event, const std::vector<std::string>& to)
{
    saw(notice);
    for (const std::string& address : to) {
        auto found = std::find_if(m_pending.begin(), m_pending.end(), [&](const Pending& pending) {
            return pending.to == address && pending.events[0].group() == event.group();
        });
        if (found == m_pending.end())
            found = m_pending.insert(m_pending.end(), {address, {}, 0});
        if (found->events.size() < most_events_kept)
            found->events.push_back(event);
        else
            ++found->left_out;
    }
}

void MailBook::keep_seen(const std::set<std::string>& there)
{
    std::erase_if(m_seen, [&](const std::string& name) { return !there.contains(name); });
}

void MailBook::forget_old(Instant at)
{
    // An entry from the future was written when the clock was ahead.
    std::erase_if(m_sent, [&](const Sent& sent) { return sent.at <= at - hour || sent.at > at + hour; });
}

/// The times of the last hour's letters to this address, and if a group is given, only those with that group. Letters
/// that wait to be sent count as sent now.
std::vector<Instant> MailBook::counted(const std::string& to, const std::string& group) const
{
    std::vector<Instant> all;
    auto holds = [&](const std::vector<std::string>& groups) {
        return group.empty() || std::find(groups.begin(), groups.end(), group) != groups.end();
    };
    for (const Sent& sent : m_sent)
        if (sent.to == to && holds(sent.groups))
            all.push_back(sent.at);
    std::sort(all.begin(), all.end());
    for (const Letter& letter : m_letters)
        if (letter.to == to && holds(letter.groups))
            all.push_back(std::max(letter.made_at, letter.not_before));
    return all;
}

bool MailBook::make_letters(Instant at, const Compose& compose)
{
    forget_old(at);
    std::set<std::string> addresses;
    for (const Pending& pending : m_pending)
        addresses.insert(pending.to);
    bool made = false;
    for (const std::string& to : addresses)
        made |= make_letters_for(to, at, compose);
    return made;
}

bool MailBook::make_letters_for(const std::string& to, Instant at, const Compose& compose)
{
    bool is_unreachable = std::any_of(m_letters.begin(), m_letters.end(),
                                      [&](const Letter& letter) { return letter.to == to && letter.attempts > 0; });
    size_t count = counted(to, "").size();
    if (is_unreachable || count >= most_an_hour)
        return false;
    std::vector<size_t> all, allowed;
    for (size_t i = 0; i < m_pending.size(); ++i) {
        if (m_pending[i].to != to)
            continue;
        all.push_back(i);
        if (counted(to, m_pending[i].events[0].group()).size() < most_of_a_group)
            allowed.push_back(i);
    }
    if (allowed.empty())
        return false;
    // The last letter of the hour includes everything, even events whose group is over its limit.
    bool is_last = count + allowed.size() >= most_an_hour;
    if (is_last || allowed.size() > most_groups_at_once)
        make_letter(to, is_last ? all : allowed, at, compose);
    else
        for (size_t i : allowed)
            make_letter(to, {i}, at, compose);
    std::erase_if(m_pending, [](const Pending& pending) { return pending.events.empty(); });
    return true;
}

/// Takes the events out of their entries.
void MailBook::make_letter(const std::string& to, const std::vector<size_t>& which, Instant at, const Compose& compose)
{
    std::vector<Event> events;
    std::vector<std::string> groups;
    size_t left_out = 0;
    for (size_t i : which) {
        groups.push_back(m_pending[i].events[0].group());
        left_out += m_pending[i].left_out;
        events.insert(events.end(), std::make_move_iterator(m_pending[i].events.begin()),
                      std::make_move_iterator(m_pending[i].events.end()));
        m_pending[i].events.clear();
    }
    std::stable_sort(events.begin(), events.end(), [](const Event& a, const Event& b) { return a.at < b.at; });
    Letter letter = compose(to, events, left_out);
    letter.to = to;
    letter.groups = std::move(groups);
    letter.made_at = at;
    m_letters.push_back(std::move(letter));
}

std::vector<std::string> MailBook::due(Instant at) const
{
    std::vector<std::string> ids;
    for (const Letter& letter : m_letters)
        if (letter.not_before <= at || letter.not_before > at + hour)
            ids.push_back(letter.id);
    return ids;
}

const Letter* MailBook::find(const std::string& id) const
{
    auto found = std::find_if(m_letters.begin(), m_letters.end(), [&](const Letter& one) { return one.id == id; });
    return found == m_letters.end() ? nullptr : &*found;
}

void MailBook::sent(const std::string& id, Instant at)
{
    auto found = std::find_if(m_letters.begin(), m_letters.end(), [&](const Letter& one) { return one.id == id; });
    if (found == m_letters.end())
        return;
    m_sent.push_back({found->to, at, std::move(found->groups)});
    std::erase_if(m_given_up, [&](const GivenUp& one) { return one.to == found->to; });
    m_letters.erase(found);
}

void MailBook::failed(const std::string& id, Instant at, std::string why)
{
    auto found = std::find_if(m_letters.begin(), m_letters.end(), [&](const Letter& one) { return one.id == id; });
    if (found == m_letters.end())
        return;
    if (at - found->made_at > letters_live) {
        m_given_up.push_back({found->to, found->subject, std::move(why), at});
        if (m_given_up.size() > most_given_up)
            m_given_up.erase(m_given_up.begin());
        m_letters.erase(found);
        return;
    }
    // A little shorter than the delay of the task that sends it (runner/tasks.h), so that the letter is due by then.
    constexpr int64_t first = 10 * nanoseconds_per_second;
    constexpr uint64_t most_doublings = 8;
    found->not_before = at + std::min(first << std::min(found->attempts, most_doublings), 50 * hour / 60);
    ++found->attempts;
    found->last_error = std::move(why);
}

void MailBook::hasten()
{
    for (Letter& letter : m_letters)
        letter.not_before = 0;
}

Instant MailBook::next_due(Instant at) const
{
    Instant due = 0;
    auto take = [&](Instant when) { due = due == 0 ? when : std::min(due, when); };
    for (const Letter& letter : m_letters)
        take(letter.not_before == 0 ? at : letter.not_before);
    for (const Pending& pending : m_pending) {
        auto all = counted(pending.to, "");
        auto own = counted(pending.to, pending.events[0].group());
        Instant when = at;
        if (all.size() >= most_an_hour)
            when = std::max(when, all[all.size() - most_an_hour] + hour + 1);
        if (own.size() >= most_of_a_group)
            when = std::max(when, own[own.size() - most_of_a_group] + hour + 1);
        bool waits_for_letter = std::any_of(m_letters.begin(), m_letters.end(), [&](const Letter& letter) {
            return letter.to == pending.to && letter.attempts > 0;
        });
        if (!waits_for_letter)
            take(when);
    }
    return due;
}

size_t MailBook::pending() const
{
    size_t count = 0;
    for (const Pending& one : m_pending)
        count += one.events.size() + one.left_out;
    return count;
}

static Data words(const std::vector<std::string>& list) { return Data::Sequence(list.begin(), list.end()); }

static std::vector<std::string> words_of(const Data& data, std::string_view key)
{
    std::vector<std::string> list;
    const Data* found = data.find(key);
    if (found && found->sequence())
        for (const Data& one : *found->sequence())
            if (one.string())
                list.push_back(*one.string());
    return list;
}

static Instant instant_of(const Data& data, std::string_view key)
{
    return parse_instant(data.string_or(key, "")).value_or(0);
}

static const Data::Sequence& list_of(const Data& data, std::string_view key)
{
    static const Data::Sequence none;
    const Data* found = data.find(key);
    return found && found->sequence() ? *found->sequence() : none;
}

Data MailBook::to_data() const
{
    Data::Sequence pending, letters, sent, given_up;
    for (const Pending& one : m_pending) {
        Data data{Data::Table{}};
        data.set("to", one.to);
        Data::Sequence events;
        for (const Event& event : one.events)
            events.push_back(deliver::to_data(event));
        data.set("events", std::move(events));
        data.set("left-out", one.left_out);
        pending.push_back(std::move(data));
    }
    for (const Letter& one : m_letters) {
        Data data{Data::Table{}};
        data.set("to", one.to);
        data.set("id", one.id);
        data.set("subject", one.subject);
        data.set("groups", words(one.groups));
        data.set("made-at", format_instant(one.made_at));
        if (one.not_before != 0)
            data.set("not-before", format_instant(one.not_before));
        data.set("attempts", one.attempts);
        if (!one.last_error.empty())
            data.set("last-error", one.last_error);
        data.set("text", one.text);
        letters.push_back(std::move(data));
    }
    for (const Sent& one : m_sent) {
        Data data{Data::Table{}};
        data.set("to", one.to);
        data.set("at", format_instant(one.at));
        data.set("groups", words(one.groups));
        sent.push_back(std::move(data));
    }
    for (const GivenUp& one : m_given_up) {
        Data data{Data::Table{}};
        data.set("to", one.to);
        data.set("subject", one.subject);
        data.set("reason", one.reason);
        data.set("at", format_instant(one.at));
        given_up.push_back(std::move(data));
    }
    Data data{Data::Table{}};
    data.set("pending", std::move(pending));
    data.set("letters", std::move(letters));
    data.set("sent", std::move(sent));
    data.set("given-up", std::move(given_up));
    data.set("seen", words({m_seen.begin(), m_seen.end()}));
    return data;
}

Result<MailBook> MailBook::from_data(const Data& data)
{
    if (!data.table() && !(data.sequence() && data.sequence()->empty()))
        return fail(ErrorKind::invalid, "not a table");
    MailBook book;
    for (const Data& one : list_of(data, "pending")) {
        Pending pending{one.string_or("to", ""), {}, static_cast<size_t>(one.integer_or("left-out", 0))};
        for (const Data& event : list_of(one, "events"))
            if (auto read = event_from_data(event))
                pending.events.push_back(std::move(*read));
        if (store::is_mail_address(pending.to) && !pending.events.empty())
            book.m_pending.push_back(std::move(pending));
    }
    for (const Data& one : list_of(data, "letters"))
        book.m_letters.push_back({.to = one.string_or("to", ""),
                                  .id = one.string_or("id", ""),
                                  .subject = one.string_or("subject", ""),
                                  .text = one.string_or("text", ""),
                                  .groups = words_of(one, "groups"),
                                  .made_at = instant_of(one, "made-at"),
                                  .not_before = instant_of(one, "not-before"),
                                  .attempts = static_cast<uint64_t>(one.integer_or("attempts", 0)),
                                  .last_error = one.string_or("last-error", "")});
    for (const Data& one : list_of(data, "sent"))
        book.m_sent.push_back({one.string_or("to", ""), instant_of(one, "at"), words_of(one, "groups")});
    for (const Data& one : list_of(data, "given-up"))
        book.m_given_up.push_back({one.string_or("to", ""), one.string_or("subject", ""), one.string_or("reason", ""),
                                   instant_of(one, "at")});
    for (const std::string& name : words_of(data, "seen"))
        book.m_seen.insert(name);
    return book;
}

} // namespace quire::deliver
