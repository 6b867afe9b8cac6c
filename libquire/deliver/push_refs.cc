#include "deliver/push_refs.h"

#include <algorithm>
#include <set>

#include "base/log.h"
#include "base/strings.h"
#include "git/list_refs.h"

namespace quire::deliver {

using store::RefValues;
using text::Data;

constexpr int64_t asking_takes = 120 * nanoseconds_per_second;
constexpr int64_t pushing_takes = 30 * 60 * nanoseconds_per_second;
/// In one push: what an argument list holds.
constexpr size_t most_changes = 5000;

bool fits_pattern(std::string_view pattern, std::string_view ref)
{
    // The last star is tried for all lengths; earlier ones need not be, as anything may follow.
    size_t star = std::string_view::npos, resume = 0, p = 0, r = 0;
    while (r < ref.size()) {
        if (p < pattern.size() && pattern[p] == '*') {
            star = p++;
            resume = r;
        } else if (p < pattern.size() && pattern[p] == ref[r]) {
            ++p;
            ++r;
        } else if (star != std::string_view::npos) {
            p = star + 1;
            r = ++resume;
        } else {
            return false;
        }
    }
    while (p < pattern.size() && pattern[p] == '*')
        ++p;
    return p == pattern.size();
}

static bool fits_any(const std::vector<std::string>& patterns, std::string_view ref)
{
    return std::any_of(patterns.begin(), patterns.end(),
                       [&](const std::string& pattern) { return fits_pattern(pattern, ref); });
}

static Result<std::vector<std::string>> patterns_of(const Data& data, std::string_view key)
{
    std::vector<std::string> patterns;
    const Data* found = data.find(key);
    if (!found || found->is_nil() || (found->table() && found->table()->empty()))
        return patterns;
    if (!found->sequence())
        return fail(ErrorKind::invalid, ":{} must be a list of refs", key);
    for (const Data& one : *found->sequence()) {
        const std::string* text = one.string();
        bool is_ref = text && text->starts_with("refs/") && text->size() > 5 && text->size() < 256 &&
                      std::all_of(
                          text->begin(), text->end(),
                          [](char c) {
                              return static_cast<unsigned char>(c) > 0x20 && c != 0x7f &&
                                     std::string_view(":?[\\^~").find(c) == std::string_view::npos;
                          });
        if (!is_ref)
            return fail(ErrorKind::invalid, ":{} takes whole names such as refs/heads/main, or refs/heads/*, not '{}'",
                        key, text ? visible(*text) : one.kind_name());
        patterns.push_back(*text);
    }
    return patterns;
}

Result<PushOrder> push_order_from_data(const Data& data)
{
    PushOrder order;
    if (const Data* refs = data.find("refs"); refs && !refs->is_nil())
        order.refs = TRY(patterns_of(data, "refs"));
    order.force = TRY(patterns_of(data, "force"));
    if (const Data* prune = data.find("prune"); prune && !prune->is_nil()) {
        if (!prune->boolean())
            return fail(ErrorKind::invalid, ":prune must be true or false");
        order.prune = *prune->boolean();
    }
    return order;
}

Data to_data(const PushOrder& order)
{
    auto list = [](const std::vector<std::string>& words) { return Data::Sequence(words.begin(), words.end()); };
    Data data{Data::Table{}};
    data.set("refs", list(order.refs));
    data.set("force", list(order.force));
    data.set("prune", order.prune);
    return data;
}

Result<RefValues> own_refs(int repository, const PushOrder& order)
{
    RefValues own;
    for (auto& [ref, id] : TRY(git::list_refs(repository, git::BrokenRefs::pass_over, asking_takes)))
        if (!ref.starts_with("refs/quire/") && fits_any(order.refs, ref))
            own.emplace(ref, id);
    for (const std::string& pattern : order.refs)
        if (pattern.find('*') == std::string::npos && !own.contains(pattern) && !order.prune)
            return fail(ErrorKind::invalid, "there is no {} in the repository; nothing was pushed", pattern);
    return own;
}

namespace {

class Push {
public:
    Push(const Remote& remote, const PushOrder& order, const RefValues& known)
        : m_remote(remote), m_order(order), m_known(known)
    {}

    Result<void> make(PushReport& report)
    {
        report.ours = TRY(own_refs(m_remote.repository, m_order));
        for (const auto& [ref, id] : m_order.extra)
            report.ours[ref] = id;
        for (const std::string& forced : m_order.force)
            if (forced.find('*') == std::string::npos && !report.ours.contains(forced))
                return fail(ErrorKind::invalid, ":force names {}, which is neither the tag nor among :refs", forced);
        report.was_asked = true;
        report.theirs = TRY(list_remote(m_remote, asking_takes));
        report.was_reachable = true;
        TRY(choose(report));
        for (size_t at = 0; at < m_specs.size(); at += most_changes)
            TRY(push(at, std::min(m_specs.size(), at + most_changes), report));
        return {};
    }

private:
    struct Spec {
        std::string ref, id; ///< id "": it is deleted
        std::string lease;   ///< what the remote must have; "": as git finds it
        bool is_forced = false;
    };

    /// A value that was ours at some time: a lease on it throws nothing away that somebody else made.
    Result<bool> is_ours(const std::string& ref, const std::string& id) const
    {
        if (auto found = m_known.find(ref); found != m_known.end() && found->second == id)
            return true;
        sys::Output output = TRY(git::run(m_remote.repository, {"cat-file", "-e", id}));
        return output.status == 0;
    }

    Result<void> choose(PushReport& report)
    {
        for (const auto& [ref, id] : report.ours) {
            auto theirs = report.theirs.find(ref);
            if (theirs != report.theirs.end() && theirs->second == id) {
                ++report.unchanged;
                continue;
            }
            Spec spec{.ref = ref, .id = id, .lease = {}};
            if (fits_any(m_order.force, ref) && theirs != report.theirs.end()) {
                if (!TRY(is_ours(ref, theirs->second)))
                    return fail(ErrorKind::refused,
                                "{} is {} there, which this repository never had: somebody else pushed it; nothing was "
                                "pushed",
                                ref, theirs->second.substr(0, 12));
                spec.is_forced = true;
                spec.lease = theirs->second;
            }
            m_specs.push_back(std::move(spec));
        }
        for (const auto& [ref, id] : report.theirs)
            if (m_order.prune && fits_any(m_order.refs, ref) && !report.ours.contains(ref) && TRY(is_ours(ref, id)))
                m_specs.push_back({.ref = ref, .id = "", .lease = id, .is_forced = true});
        return {};
    }

    std::vector<std::string> arguments(size_t from, size_t to) const
    {
        std::vector<std::string> arguments{"push", "--porcelain"};
        if (m_is_atomic)
            arguments.emplace_back("--atomic");
        for (size_t i = from; i < to; ++i)
            if (m_specs[i].is_forced)
                arguments.push_back(fmt::format("--force-with-lease={}:{}", m_specs[i].ref, m_specs[i].lease));
        arguments.insert(arguments.end(), {"--end-of-options", m_remote.url});
        for (size_t i = from; i < to; ++i)
            arguments.push_back(fmt::format("{}:{}", m_specs[i].id, m_specs[i].ref));
        return arguments;
    }

    Result<void> push(size_t from, size_t to, PushReport& report)
    {
        sys::Output output = TRY(run_git(m_remote, arguments(from, to), pushing_takes));
        if (m_is_atomic && output.err.find("does not support --atomic") != std::string::npos) {
            m_is_atomic = false;
            output = TRY(run_git(m_remote, arguments(from, to), pushing_takes));
        }
        std::vector<std::string> refused;
        std::set<std::string> went;
        for (std::string_view rest = output.out; !rest.empty();) {
            std::string_view line = take_until(rest, '\n');
            bool is_row = line.size() > 2 && line[1] == '\t' && std::string_view(" +*-=!").find(line[0]) < 6;
            if (!is_row)
                continue;
            bool is_refused = line[0] == '!';
            line.remove_prefix(2);
            std::string_view spec = take_until(line, '\t');
            std::string ref(spec.substr(spec.rfind(':') + 1));
            if (!is_refused)
                went.insert(std::move(ref));
            else if (line.find("atomic") == std::string_view::npos)
                refused.push_back(fmt::format("{} {}", ref, visible(line)));
        }
        bool failed = output.status != 0;
        if (failed && m_is_atomic)
            went.clear(); // what git would have pushed
        for (size_t i = from; i < to; ++i) {
            const Spec& spec = m_specs[i];
            if (failed && !went.contains(spec.ref))
                continue;
            (spec.id.empty() ? report.deleted : report.pushed).push_back(spec.ref);
            if (spec.id.empty())
                report.theirs.erase(spec.ref);
            else
                report.theirs[spec.ref] = spec.id;
        }
        if (!failed)
            return {};
        constexpr size_t most = 10;
        size_t more = refused.size() > most ? refused.size() - most : 0;
        refused.resize(refused.size() - more);
        std::string reason = refused.empty() ? reason_of(output) : join(refused, ", ");
        if (more > 0)
            reason += fmt::format(" and {} more", more);
        std::vector<std::string> all = report.pushed;
        all.insert(all.end(), report.deleted.begin(), report.deleted.end());
        return fail(ErrorKind::refused, "{}; {}", reason,
                    all.empty() ? "nothing was pushed" : "pushed were " + join(all, ", "));
    }

    const Remote& m_remote;
    const PushOrder& m_order;
    const RefValues& m_known;
    std::vector<Spec> m_specs;
    bool m_is_atomic = true;
};

} // namespace

PushReport push_refs(const Remote& remote, const PushOrder& order, const RefValues& known)
{
    PushReport report;
    if (auto made = Push(remote, order, known).make(report); !made)
        report.error = made.error().message;
    return report;
}

} // namespace quire::deliver
