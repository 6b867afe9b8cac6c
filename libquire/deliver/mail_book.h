// MailBook: the mail that waits and was sent lately, in one file that is replaced as a whole, runs/.queue/mail.fnl.
//
// An event waits for each of its addressees (pending) until it is put into a letter. A letter is complete, with a fixed
// id, and on the disk before it is sent, and is removed afterwards. So a kill loses none; at most it makes one be sent
// again with the same Message-ID. Nobody gets more letters in an hour than most_an_hour, or than most_of_a_group of one
// kind about one repository; further events wait and become one summary. Many events at once, and events that gather
// while an address can't be reached, also become one summary.
//
// It uses no clock, disk or network: tests say what time it is.
#pragma once

#include <functional>
#include <set>

#include "deliver/mail_event.h"

namespace quire::deliver {

constexpr size_t most_an_hour = 12;
constexpr size_t most_of_a_group = 3;
/// If events come from more kinds and repositories than this at once, they are one incident.
constexpr size_t most_groups_at_once = 4;
/// A letter that can't be sent for this long is given up, and that is reported.
constexpr int64_t letters_live = 5 * 86400 * nanoseconds_per_second;

struct Letter {
    std::string to;
    std::string id;
    std::string subject;
    std::string text; ///< the whole mail
    std::vector<std::string> groups;
    Instant made_at = 0, not_before = 0;
    uint64_t attempts = 0;
    std::string last_error = {};
};

/// Makes a letter of events. A single event is described in full.
using Compose = std::function<Letter(const std::string& to, const std::vector<Event>& events, size_t left_out)>;

class MailBook {
public:
    static Result<MailBook> from_data(const text::Data& data);
    text::Data to_data() const;

    /// Adds a notice only once: its name is remembered until forget() says that the notice is gone.
    void add(const std::string& notice, const Event& event, const std::vector<std::string>& to);
    void saw(const std::string& notice) { m_seen.insert(notice); }
    bool has_seen(const std::string& notice) const { return m_seen.contains(notice); }
    /// Forgets all notices but these, which still exist.
    void keep_seen(const std::set<std::string>& there);

    /// Makes letters of the events that may be sent now; returns whether there were any.
    bool make_letters(Instant at, const Compose& compose);
    /// The ids of the letters that may be tried now, the oldest first.
    std::vector<std::string> due(Instant at) const;
    const Letter* find(const std::string& id) const;
    void sent(const std::string& id, Instant at);
    void failed(const std::string& id, Instant at, std::string why);
    /// Makes all letters due.
    void hasten();

    /// When there will be something to do if nothing new happens; 0: nothing is waiting.
    Instant next_due(Instant at) const;
    const std::vector<Letter>& letters() const { return m_letters; }
    size_t pending() const;

    struct GivenUp {
        std::string to, subject, reason;
        Instant at = 0;
    };
    const std::vector<GivenUp>& given_up() const { return m_given_up; }

private:
    struct Pending {
        std::string to;
        std::vector<Event> events; ///< of one group, the oldest first
        size_t left_out = 0;       ///< how many more there are than anybody reads
    };
    struct Sent {
        std::string to;
        Instant at = 0;
        std::vector<std::string> groups;
    };

    void forget_old(Instant at);
    bool make_letters_for(const std::string& to, Instant at, const Compose& compose);
    void make_letter(const std::string& to, const std::vector<size_t>& which, Instant at, const Compose& compose);
    std::vector<Instant> counted(const std::string& to, const std::string& group) const;

    std::vector<Pending> m_pending;
    std::vector<Letter> m_letters;
    std::vector<Sent> m_sent; ///< in the last hour
    std::vector<GivenUp> m_given_up;
    std::set<std::string> m_seen;
};

} // namespace quire::deliver
