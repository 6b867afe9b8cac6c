// The cache as a run-fn sees it. Results of a look-up or a save are reported; only a mistake in the pipeline raises.
#include "ci/run/run_host.h"

namespace quire::ci {

Result<CacheStore*> RunHost::cache()
{
    if (m_setup.handoff.cache.empty())
        return fail(ErrorKind::not_found, "this run has no cache");
    if (!m_cache)
        m_cache = TRY(CacheStore::open(m_setup.handoff.cache + "/kept", m_setup.handoff.limits.cache_bytes));
    return &*m_cache;
}

std::string RunHost::cache_name(const std::string& key) const
{
    return CacheStore::name_of(key, m_redactor.redact(key) == key ? CacheStore::Key::plain : CacheStore::Key::secret);
}

Result<bool> RunHost::restore_cache(const std::string& job, const std::string& key,
                                    const std::vector<std::string>& paths)
{
    TRY(check_cache_paths(paths));
    auto store = cache();
    auto outcome = store ? (*store)->restore(m_setup.workspace, cache_name(key), paths)
                         : Result<CacheOutcome>(CacheOutcome{false, store.error().message});
    // Part of it may have been restored, so the job must not go on as if nothing or everything had been.
    if (!outcome)
        return with_context(std::move(outcome).error(), fmt::format("cache '{}' can't be brought back", key));
    text::Data fields{text::Data::Table{}};
    fields.set("key", m_redactor.redact(key));
    fields.set("hit", bool{outcome->done});
    fields.set("why", m_redactor.redact(outcome->why));
    m_setup.sink.happened("cache", job, std::move(fields));
    log(job, fmt::format("quire: cache '{}': {}, {}", key, outcome->done ? "hit" : "miss", outcome->why));
    return outcome->done;
}

/// If saving fails, that costs time later but does not fail the job.
Result<void> RunHost::save_cache(const std::string& job, const std::string& key, const std::vector<std::string>& paths)
{
    TRY(check_cache_paths(paths));
    auto store = cache();
    if (!store && m_setup.handoff.cache.empty())
        return {}; // the miss has been reported
    auto outcome = store ? (*store)->save(m_setup.workspace, cache_name(key), paths)
                         : Result<CacheOutcome>(CacheOutcome{false, store.error().message});
    if (!outcome)
        outcome = CacheOutcome{false, outcome.error().message};
    log(job, fmt::format("quire: cache '{}': {}, {}", key, outcome->done ? "kept" : "not kept", outcome->why));
    return {};
}

} // namespace quire::ci
