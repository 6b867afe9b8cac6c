// MailBook: what mail waits and what went lately, as one file that is replaced as a whole, runs/.queue/mail.fnl.
//
// An event waits for each of its addressees (pending) until it is put into a letter; a letter is complete, its id
// fixed, and on the disk before it is sent, and leaves after it was. So whoever is killed loses none, and at most sends
// one again, with the same Message-ID. Nobody gets more letters in an hour than most_an_hour, nor of one kind about one
// repository more than most_of_a_group; what comes then waits and becomes one summary. What many things at once would
// say, and what gathers while an address can't be reached, is one summary too.
//
// No clock, disk or network in here: a test says what time it is.
#pragma once

#include <functional>
#include <set>

#include "deliver/mail_event.h"

namespace quire::deliver {

constexpr size_t most_an_hour = 12;
constexpr size_t most_of_a_group = 3;
/// So many kinds and repositories at once are one incident.
constexpr size_t most_groups_at_once = 4;
/// A letter that can't be sent for so long is given up, and told of.
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

/// The events of one letter; one that is alone is told in full.
using Compose = std::function<Letter(const std::string& to, const std::vector<Event>& events, size_t left_out)>;

class MailBook {
public:
    static Result<MailBook> from_data(const text::Data& data);
    text::Data to_data() const;

    /// Once for each notice: `name` was seen until forget() is told that it is gone.
    void add(const std::string& notice, const Event& event, const std::vector<std::string>& to);
    void saw(const std::string& notice) { m_seen.insert(notice); }
    bool has_seen(const std::string& notice) const { return m_seen.contains(notice); }
    /// Only what is named here is still there.
    void keep_seen(const std::set<std::string>& there);

    /// Makes letters of what may be told now; whether there were any.
    bool make_letters(Instant at, const Compose& compose);
    /// The letters that may be tried now, oldest first: their ids.
    std::vector<std::string> due(Instant at) const;
    const Letter* find(const std::string& id) const;
    void sent(const std::string& id, Instant at);
    void failed(const std::string& id, Instant at, std::string why);
    /// Makes all letters due.
    void hasten();

    /// When there will be something to do without anything new; 0: nothing waits.
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
        std::vector<Event> events; ///< of one group, oldest first
        size_t left_out = 0;       ///< more than anybody reads
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
