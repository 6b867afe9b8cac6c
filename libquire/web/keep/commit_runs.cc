#include "web/keep/commit_runs.h"

#include <algorithm>
#include <atomic>
#include <iterator>

#include "base/sha256.h"
#include "base/strings.h"
#include "store/run_directory.h"
#include "sys/file.h"

namespace quire::web {

constexpr size_t first_look = 100;       ///< runs that a page reads when nothing is known
constexpr uint64_t most_new = 1000;      ///< more of them are not read one by one: it begins anew
constexpr size_t piece = 2000;           ///< of read_on()
constexpr size_t most_recent = 1000;     ///< are copied with each change
constexpr size_t most_live_at_once = 64; ///< are looked at on an event thread
constexpr size_t most_of_one = 100'000;  ///< runs of a repository

static bool by_commit(const CommitRun& a, const CommitRun& b)
{
    int order = git_oid_cmp(&a.commit, &b.commit);
    return order != 0 ? order < 0 : a.number > b.number;
}

static uint64_t new_version()
{
    static std::atomic<uint64_t> last = 0;
    return ++last;
}

static sys::Stamp stamp_of_record(int runs, uint64_t number)
{
    auto stamp = sys::stamp_at(runs, fmt::format("{}/{}", number, store::paths::record));
    return stamp && *stamp ? **stamp : sys::Stamp();
}

std::vector<CommitRun> KnownRuns::of(const git_oid& commit) const
{
    std::vector<CommitRun> found;
    CommitRun wanted{.commit = commit};
    auto is_before = [](const CommitRun& a, const CommitRun& b) { return git_oid_cmp(&a.commit, &b.commit) < 0; };
    for (const std::vector<CommitRun>* runs : {&m_recent, m_past.get()}) {
        auto [begin, end] = std::equal_range(runs->begin(), runs->end(), wanted, is_before);
        found.insert(found.end(), begin, end);
    }
    std::sort(found.begin(), found.end(), by_commit);
    return found;
}

ShownRuns KnownRuns::shown(std::vector<git_oid> commits) const
{
    std::string text;
    for (const git_oid& commit : commits) {
        for (const CommitRun& run : of(commit))
            text += fmt::format("{}{} ", run.number, static_cast<int>(run.state));
        text += ';';
    }
    return {std::move(commits), m_version, sha256_hex(text)};
}

bool KnownRuns::may_grow() const { return lacks_older() && size() < most_of_one; }

bool KnownRuns::is_to_be_continued() const { return may_grow() || m_recent.size() > most_recent + m_live.size(); }

/// Whether the directory is the one that was read. Its number may have been given to another one since; the record of
/// the newest run tells that.
bool KnownRuns::is_of(int runs) const
{
    if (!sys::stamp_of_target(runs, ".").same_file(m_directory))
        return false;
    bool is_live = std::any_of(m_live.begin(), m_live.end(), [&](const Live& live) { return live.number == m_newest; });
    sys::Stamp newest = m_newest == 0 || is_live ? m_newest_record : stamp_of_record(runs, m_newest);
    return newest.same_file(m_newest_record) && newest.modified == m_newest_record.modified;
}

bool KnownRuns::has_changed(int runs, const Live& live) const
{
    return stamp_of_record(runs, live.number) != live.record;
}

void KnownRuns::read(int runs, const store::RepoName& name, uint64_t number, std::vector<CommitRun>& into)
{
    // Before the record is read: what is written meanwhile is seen the next time.
    sys::Stamp stamp = stamp_of_record(runs, number);
    auto record = store::read_run_record_in(runs, name, number);
    if (number == m_newest)
        m_newest_record = stamp;
    bool is_there = stamp != sys::Stamp();
    if (!record && (record.error().code == EMFILE || record.error().code == ENFILE))
        stamp = {}; // as good as changed
    if (is_there && (!record || !store::is_terminal(record->state)))
        m_live.push_back({number, stamp});
    auto commit = record ? git::parse_oid(record->sha) : std::nullopt;
    if (commit)
        into.push_back({*commit, number, record->state});
}

void KnownRuns::read_newer(int runs, const store::RepoName& name, const std::vector<uint64_t>& numbers)
{
    if (numbers.empty())
        return;
    m_newest = numbers.front();
    for (uint64_t number : numbers)
        read(runs, name, number, m_recent);
}

void KnownRuns::read_live_again(int runs, const store::RepoName& name)
{
    std::vector<Live> before = std::move(m_live);
    m_live.clear();
    for (const Live& live : before) {
        if (!has_changed(runs, live)) {
            m_live.push_back(live);
            continue;
        }
        std::erase_if(m_recent, [&](const CommitRun& run) { return run.number == live.number; });
        read(runs, name, live.number, m_recent);
    }
}

/// Also moves what is over from the recent ones to the past.
void KnownRuns::read_older(int runs, const store::RepoName& name, const std::vector<uint64_t>& numbers)
{
    std::vector<CommitRun> read_now = std::move(m_recent), merged;
    m_recent.clear();
    for (uint64_t number : numbers)
        read(runs, name, number, read_now);
    auto is_over = [&](const CommitRun& run) {
        return std::none_of(m_live.begin(), m_live.end(), [&](const Live& live) { return live.number == run.number; });
    };
    auto live = std::stable_partition(read_now.begin(), read_now.end(), is_over);
    m_recent.assign(live, read_now.end());
    read_now.erase(live, read_now.end());
    std::sort(read_now.begin(), read_now.end(), by_commit);
    std::sort(m_recent.begin(), m_recent.end(), by_commit);
    merged.reserve(m_past->size() + read_now.size());
    std::merge(m_past->begin(), m_past->end(), read_now.begin(), read_now.end(), std::back_inserter(merged), by_commit);
    m_past = std::make_shared<const std::vector<CommitRun>>(std::move(merged));
}

/// How many runs came since; nullopt: too many to be read one by one.
static std::optional<uint64_t> count_new(std::string_view next, uint64_t newest)
{
    auto number = parse_decimal(trim(next));
    uint64_t count = !number ? 1 : *number > newest + 1 ? *number - 1 - newest : 0;
    return count > most_new ? std::nullopt : std::optional(count);
}

std::shared_ptr<const KnownRuns> CommitRuns::look(int runs, const store::RepoName& name, Reading reading)
{
    auto known = m_known.find_last(name.str());
    std::string next = sys::read_file(runs, store::paths::runs_next, 32).value_or("");
    bool is_known = known && known->is_of(runs);
    if (reading == Reading::known_only && (!is_known || known->m_live.size() > most_live_at_once))
        return nullptr;
    bool has_changed = is_known && std::any_of(known->m_live.begin(), known->m_live.end(),
                                               [&](const auto& live) { return known->has_changed(runs, live); });
    if (is_known && !has_changed && known->m_next == next)
        return known;
    if (reading == Reading::known_only)
        return nullptr;
    auto count = is_known ? count_new(next, known->m_newest) : std::nullopt;
    auto fresh = count ? std::make_shared<KnownRuns>(*known) : std::make_shared<KnownRuns>();
    auto numbers = store::newest_runs(runs, count.value_or(first_look));
    if (!numbers)
        return nullptr;
    fresh->m_version = new_version();
    fresh->m_directory = sys::stamp_of_target(runs, ".");
    fresh->m_next = std::move(next);
    std::erase_if(*numbers, [&](uint64_t number) { return number <= fresh->m_newest; });
    fresh->read_live_again(runs, name);
    fresh->read_newer(runs, name, *numbers);
    if (!count)
        fresh->m_oldest = numbers->size() < first_look ? 1 : numbers->back();
    std::sort(fresh->m_recent.begin(), fresh->m_recent.end(), by_commit);
    m_known.keep(name.str(), fresh, fresh->bytes(), {}, Standing::proven);
    return fresh;
}

bool CommitRuns::read_on(int runs, const store::RepoName& name)
{
    auto known = m_known.find_last(name.str());
    if (!known || !known->is_to_be_continued() || !known->is_of(runs))
        return false;
    auto longer = std::make_shared<KnownRuns>(*known);
    auto numbers = known->may_grow() ? store::newest_runs(runs, piece, known->m_oldest)
                                     : Result<std::vector<uint64_t>>(std::vector<uint64_t>());
    if (!numbers)
        return false;
    longer->m_version = new_version();
    longer->read_older(runs, name, *numbers);
    if (known->may_grow())
        longer->m_oldest = numbers->size() < piece ? 1 : numbers->back();
    if (m_known.find_last(name.str()) != known)
        return true; // something new came meanwhile: from there again
    m_known.keep(name.str(), longer, longer->bytes(), {}, Standing::proven);
    return longer->is_to_be_continued();
}

} // namespace quire::web
