#include "runner/sources.h"

#include <algorithm>

#include "base/log.h"
#include "base/strings.h"
#include "forge/config.h"
#include "git/head.h"
#include "store/create_run.h"
#include "store/repositories.h"
#include "sys/file.h"
#include "sys/stamp.h"

namespace quire::runner {

using store::RepoName;

/// How long to wait before trying again what failed or was not possible.
constexpr int64_t patience = 60 * nanoseconds_per_second;
constexpr int64_t short_patience = 5 * nanoseconds_per_second;
/// The dates of files may lag behind the clock by one tick of the kernel.
constexpr int64_t date_lag = nanoseconds_per_second / 20;
/// If a source missed more ticks than this, now counts as its last one.
constexpr int most_missed = 10'000;
constexpr const char* packed_refs = "packed-refs";

namespace {

/// Shows whether the default branch moved, without starting git: the dates of HEAD and of the files with the branch's
/// tip.
struct Dates {
    std::string text; ///< changes when one of the dates does
    Instant newest = 0;
};

} // namespace

static Result<void> add_date(int directory, const std::string& path, Dates& dates)
{
    auto stamp = TRY(sys::stamp_at(directory, path));
    if (!stamp)
        return {};
    dates.newest = std::max(dates.newest, stamp->modified);
    dates.text += fmt::format("{} {};", path, stamp->str());
    return {};
}

/// Empty if there is no branch with a commit yet.
static Result<Dates> dates_of(int directory)
{
    std::string ref = TRY(git::head_ref(directory));
    Dates dates;
    if (ref.empty() || ref.find("..") != std::string::npos)
        return dates;
    TRY(add_date(directory, ref, dates));
    TRY(add_date(directory, packed_refs, dates));
    if (!dates.text.empty())
        TRY(add_date(directory, store::paths::repository_head, dates));
    return dates;
}

void Sources::scan(Instant now)
{
    auto names = store::list_repositories(m_root);
    if (!names)
        return log("{}", names.error().message);
    std::erase_if(m_repositories,
                  [&](const auto& entry) { return !std::binary_search(names->begin(), names->end(), entry.first); });
    for (const RepoName& name : *names)
        look(name, m_repositories[name], now);
}

void Sources::refresh_begins(const RepoName& name)
{
    Repository& repository = m_repositories[name];
    repository.is_refreshing = true;
    repository.begun = repository.asked;
}

void Sources::refresh_ended(const RepoName& name, bool succeeded)
{
    auto found = m_repositories.find(name);
    if (found == m_repositories.end())
        return;
    Repository& repository = found->second;
    repository.is_refreshing = false;
    if (succeeded && !repository.begun.empty())
        repository.seen = repository.begun;
}

Instant Sources::next_due() const
{
    Instant next = 0;
    for (const auto& [name, repository] : m_repositories) {
        if (repository.is_refreshing || !repository.asked.empty())
            continue; // the update comes first
        for (const Cron& cron : repository.cron)
            if (Instant at = std::max(cron.due, repository.wait_until); cron.due != 0 && (next == 0 || at < next))
                next = at;
    }
    return next;
}

void Sources::look(const RepoName& name, Repository& repository, Instant now)
{
    if (now < repository.wait_until)
        return;
    if (auto done = look_into(name, repository, now); !done && done.error().kind != ErrorKind::not_found) {
        log("{}: {}", name.str(), done.error().message);
        repository.wait_until = now + patience;
    }
}

Result<void> Sources::look_into(const RepoName& name, Repository& repository, Instant now)
{
    UniqueFd directory = TRY(m_root.open_repository(name));
    if (sys::exists(directory.get(), store::paths::repository_moving)) {
        repository.wait_until = now + short_patience;
        return {};
    }
    TRY(load(directory.get(), name, repository, now));
    if (repository.is_refreshing)
        return {}; // the result of the update comes soon
    Dates dates = TRY(dates_of(directory.get()));
    bool is_fresh = repository.seen.empty() ? dates.newest + date_lag < repository.sources.looked_at
                                            : dates.text == repository.seen;
    if (is_fresh || (dates.text.empty() && repository.sources.sha.empty())) {
        repository.seen = dates.text;
        repository.asked.clear();
    } else {
        repository.asked = dates.text;
        return m_ask(name); // the sources may be different after the update
    }
    auto is_due = [&](const Cron& cron) { return cron.due != 0 && cron.due <= now; };
    if (std::none_of(repository.cron.begin(), repository.cron.end(), is_due))
        return {};
    if (forge::read_config(directory.get(), name).frozen) {
        repository.wait_until = now + patience;
        return {};
    }
    for (Cron& cron : repository.cron)
        if (is_due(cron))
            TRY(fire(directory.get(), name, repository, cron, now));
    return {};
}

Result<void> Sources::load(int directory, const RepoName& name, Repository& repository, Instant now)
{
    Dates dates;
    TRY(add_date(directory, store::paths::repository_sources, dates));
    if (dates.text == repository.loaded)
        return {};
    repository.cron.clear();
    auto known = store::read_sources(directory);
    if (!known) // the file will be rewritten
        log("{}: {}", name.str(), known.error().message);
    repository.sources = known ? std::move(*known).value_or(store::RepositorySources{}) : store::RepositorySources{};
    std::vector<std::string> names;
    for (const store::CronSource& source : repository.sources.cron) {
        names.push_back(source.name);
        auto cron = load_cron(directory, source, now);
        if (cron)
            repository.cron.push_back(*std::move(cron));
        else
            log("{}: cron source '{}': {}", name.str(), source.name, cron.error().message);
    }
    // While a pipeline is broken, its sources must keep their state.
    if (known && repository.sources.error.empty())
        TRY(store::keep_cron_ticks(directory, names));
    repository.loaded = dates.text;
    return {};
}

Result<Sources::Cron> Sources::load_cron(int directory, const store::CronSource& source, Instant now)
{
    // A separate statement, because GCC 12 does not destroy earlier elements of a braced list when TRY returns inside
    // it.
    ci::Schedule schedule = TRY(ci::Schedule::parse(source.schedule));
    Cron cron{source, schedule, {}, 0};
    auto known = TRY(store::read_cron_tick(directory, source.name));
    // A tick in the future, from when the clock was ahead, must not keep the source silent.
    if (known && known->schedule == source.schedule && known->tick <= now) {
        cron.tick = *known;
    } else {
        cron.tick = {source.schedule, now};
        TRY(store::write_cron_tick(directory, source.name, cron.tick));
    }
    cron.due = cron.tick.pending != 0 ? cron.tick.pending : cron.schedule.next_after(cron.tick.tick);
    return cron;
}

Result<void> Sources::fire(int directory, const RepoName& name, const Repository& repository, Cron& cron, Instant now)
{
    if (cron.tick.pending == 0) {
        Instant due = cron.due;
        int missed = 0;
        for (Instant next = due; next != 0 && next <= now && missed < most_missed;
             next = cron.schedule.next_after(next), ++missed)
            due = next;
        cron.tick.pending = missed == most_missed ? now : due;
        cron.tick.pending_since = quire::now();
        TRY(store::write_cron_tick(directory, cron.source.name, cron.tick));
    }
    TRY(make_run(name, repository, cron));
    cron.tick = {cron.source.schedule, cron.tick.pending};
    cron.due = cron.schedule.next_after(cron.tick.tick);
    return store::write_cron_tick(directory, cron.source.name, cron.tick);
}

/// The tick is part of the run's push id, so a run that was made before a crash is found again.
Result<void> Sources::make_run(const RepoName& name, const Repository& repository, const Cron& cron)
{
    std::string id =
        fmt::format("cron.{}.{}", store::paths::job_directory(cron.source.name), format_instant(cron.tick.pending));
    constexpr size_t page = 64;
    for (uint64_t before = 0;;) {
        std::vector<uint64_t> numbers = TRY(store::newest_runs(m_root, name, page, before));
        for (uint64_t number : numbers) {
            auto run = store::read_run_record(m_root, name, number);
            if (!run)
                continue;
            if (run->queued_at < cron.tick.pending_since) {
                numbers.clear();
                break;
            }
            if (run->push_id == id) {
                if (run->state == store::RunState::queued)
                    TRY(store::ensure_queued(m_root, *run));
                return {};
            }
        }
        if (numbers.size() < page)
            break;
        before = numbers.back();
    }
    auto runs = TRY(store::create_runs(m_root, name,
                                       {{.source = "cron",
                                         .event = cron.source.name,
                                         .ref = repository.sources.ref,
                                         .sha = repository.sources.sha,
                                         .push_id = id}}));
    log("{}: run #{} by cron, {} ({})", name.str(), runs[0].number, cron.source.name, cron.source.schedule);
    return {};
}

} // namespace quire::runner
