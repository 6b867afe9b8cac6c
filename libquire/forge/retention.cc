#include "forge/retention.h"

#include <algorithm>
#include <optional>

#include "base/log.h"
#include "base/strings.h"
#include "forge/config.h"
#include "forge/retention_state.h"
#include "git/git.h"
#include "store/bisect_source.h"
#include "store/create_run.h"
#include "store/queue.h"
#include "store/sequence.h"
#include "sys/atomic_file.h"
#include "sys/file.h"
#include "sys/lock.h"

namespace quire::forge {

using store::RunRecord;
namespace paths = store::paths;

static Result<uint64_t> tree_bytes(int directory, const std::string& path)
{
    auto opened = sys::open_at(directory, path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
    if (!opened && opened.error().kind == ErrorKind::not_found)
        return uint64_t{0};
    UniqueFd fd = TRY(std::move(opened));
    uint64_t bytes = 0;
    for (const std::string& name : TRY(sys::list_directory(fd.get(), "."))) {
        auto status = TRY(sys::stat_at(fd.get(), name));
        if (status && S_ISDIR(status->st_mode))
            bytes += TRY(tree_bytes(fd.get(), name));
        else if (status)
            bytes += static_cast<uint64_t>(status->st_size);
    }
    return bytes;
}

Result<RetentionPolicy> retention_policy(const store::Root& root)
{
    store::GlobalConfig config = TRY(forge::read_global_config(root));
    return RetentionPolicy{.runs = static_cast<uint64_t>(config.retention.runs),
                           .age = config.retention.days * 24 * 3600 * nanoseconds_per_second,
                           .artifact_bytes = static_cast<uint64_t>(config.limits.repository_artifact_bytes)};
}

namespace {

class Pruner {
public:
    Pruner(const store::Root& root, store::RepoName repo, UniqueFd runs, const RetentionPolicy& policy, PruneMode mode,
           Instant at)
        : m_root(root), m_repo(std::move(repo)), m_runs(std::move(runs)), m_policy(policy), m_mode(mode), m_at(at),
          m_state(RetentionState::load(m_runs.get()))
    {}

    Result<std::vector<Pruned>> prune()
    {
        TRY(look_at_new());
        TRY(find_protected());
        TRY(prune_old());
        if (m_state.artifact_bytes > m_policy.artifact_bytes)
            TRY(prune_artifacts());
        if (m_mode == PruneMode::act) {
            // The renames must be durable before the state: if a crash undoes one, the run must be found again.
            TRY(sys::sync_file(m_runs.get(), paths::repository_runs(m_repo)));
            TRY(m_state.save(m_runs.get()));
        }
        return std::move(m_pruned);
    }

private:
    std::string artifacts_of(uint64_t number) const { return fmt::format("{}/{}", number, paths::run_artifacts); }

    /// nullopt: there is no such run. A run with a damaged record counts as failed when its directory last changed.
    Result<std::optional<RunRecord>> read(uint64_t number)
    {
        std::string name = std::to_string(number);
        auto opened = sys::open_directory(m_runs.get(), name);
        if (!opened && opened.error().kind == ErrorKind::not_found)
            return std::optional<RunRecord>();
        UniqueFd run = TRY(std::move(opened));
        auto record = store::read_run_record(run.get(), m_repo, paths::run(m_repo, number));
        if (record)
            return std::optional(std::move(*record));
        auto status = TRY(sys::stat_at(run.get(), "."));
        return std::optional(RunRecord{.repo = m_repo,
                                       .number = number,
                                       .state = store::RunState::errored,
                                       .queued_at = status ? sys::modified_at(*status) : m_at,
                                       .reason = record.error().message});
    }

    /// Counts the runs that ended since the last pass.
    Result<void> look_at_new()
    {
        uint64_t next = TRY(store::peek_sequence(m_root, m_repo));
        if (m_state.seen == 0 && next > 1) {
            // There is no remembered state. Start at the oldest run, whose number may be high.
            uint64_t first = next;
            for (const std::string& name : TRY(sys::list_directory(m_runs.get(), ".")))
                if (auto number = parse_decimal(name))
                    first = std::min(first, *number);
            m_state = {.from = first, .seen = first - 1, .artifacts_from = first};
        }
        std::set<uint64_t> again = std::exchange(m_state.open, {});
        for (uint64_t number : again)
            TRY(count(number));
        for (uint64_t number = m_state.seen + 1; number < next; ++number) {
            TRY(count(number));
            m_state.seen = number;
        }
        return {};
    }

    Result<void> count(uint64_t number)
    {
        auto record = TRY(read(number));
        if (!record)
            return {};
        if (!is_terminal(record->state)) {
            m_state.open.insert(number);
            return {};
        }
        if (record->state == store::RunState::succeeded && !store::is_of_bisection(*record) &&
            record->ref.starts_with("refs/heads/")) {
            uint64_t& last = m_state.green[record->ref];
            last = std::max(last, number);
        }
        m_state.artifact_bytes += TRY(tree_bytes(m_runs.get(), artifacts_of(number)));
        return {};
    }

    Result<void> find_protected()
    {
        for (const char* queue : {paths::queue_new, paths::queue_active})
            for (const store::QueueItem& item : TRY(store::list_queue(m_root, queue))) {
                if (item.repo != m_repo)
                    continue;
                m_protected.insert(item.number);
                auto record = TRY(read(item.number));
                if (!record)
                    continue;
                m_protected.insert(record->reran);
                m_protected.insert(store::bisected_run(*record).value_or(0));
            }
        auto newest = TRY(store::newest_runs(m_root, m_repo, m_policy.runs));
        // If there are fewer runs than that, the number of runs decides nothing.
        m_newest_from = newest.size() < m_policy.runs || newest.empty() ? 0 : newest.back();
        return {};
    }

    Result<void> prune_old()
    {
        std::set<uint64_t> earlier = std::exchange(m_state.kept, {});
        for (uint64_t number : earlier)
            if (number >= m_newest_from || !TRY(judge(number)))
                m_state.kept.insert(number);
        for (; m_state.from < m_newest_from; ++m_state.from)
            if (!TRY(judge(m_state.from)))
                return {};
        return {};
    }

    /// false: the run is still young, and so are those after it.
    Result<bool> judge(uint64_t number)
    {
        auto record = TRY(read(number));
        if (!record)
            return true;
        if (m_at - record->queued_at < m_policy.age)
            return false;
        auto green = m_state.green.find(record->ref);
        bool is_last_green = green != m_state.green.end() && green->second == number;
        if (is_last_green && !TRY(has_branch(record->ref))) {
            m_state.green.erase(green);
            is_last_green = false;
        }
        if (!is_terminal(record->state) || m_protected.contains(number) || is_last_green) {
            m_state.kept.insert(number);
            return true;
        }
        uint64_t bytes = TRY(tree_bytes(m_runs.get(), artifacts_of(number)));
        TRY(discard(std::to_string(number), number));
        m_state.artifact_bytes -= std::min(bytes, m_state.artifact_bytes);
        m_pruned.push_back({Pruned::What::run, std::move(*record), bytes});
        m_gone.insert(number);
        return true;
    }

    /// The last run of a deleted branch need not be kept.
    Result<bool> has_branch(const std::string& ref)
    {
        if (!m_branches) {
            UniqueFd repository = TRY(m_root.open_repository(m_repo));
            std::string names =
                TRY(git::run_ok(repository.get(), {"for-each-ref", "--format=%(refname)", "refs/heads"}));
            m_branches.emplace();
            for (std::string_view name : split(names, '\n'))
                m_branches->emplace(name);
        }
        return m_branches->contains(ref);
    }

    Result<void> prune_artifacts()
    {
        // Measures again before removing anything, because artifacts may have been deleted by hand.
        std::map<uint64_t, uint64_t> sizes;
        m_state.artifact_bytes = 0;
        auto measure = [&](uint64_t number) -> Result<void> {
            uint64_t bytes = m_gone.contains(number) ? 0 : TRY(tree_bytes(m_runs.get(), artifacts_of(number)));
            m_state.artifact_bytes += bytes;
            if (bytes > 0)
                sizes[number] = bytes;
            return {};
        };
        for (uint64_t number = m_state.artifacts_from; number <= m_state.seen; ++number)
            TRY(measure(number));
        for (auto size = sizes.begin(); size != sizes.end() && m_state.artifact_bytes > m_policy.artifact_bytes;) {
            auto [number, bytes] = *size;
            auto record = TRY(read(number));
            bool stays =
                !record || !is_terminal(record->state) || m_protected.contains(number) || number == m_state.seen;
            if (stays) {
                ++size;
                continue;
            }
            TRY(discard(artifacts_of(number), number));
            m_state.artifact_bytes -= bytes;
            m_pruned.push_back({Pruned::What::artifacts, std::move(*record), bytes});
            size = sizes.erase(size);
        }
        m_state.artifacts_from = sizes.empty() ? m_state.seen + 1 : sizes.begin()->first;
        return {};
    }

    /// Moves it into the trash. It is fine if it is gone already.
    Result<void> discard(const std::string& path, uint64_t number)
    {
        if (m_mode == PruneMode::dry_run)
            return {};
        if (!m_trash) {
            TRY(store::sync_sequence(m_root, m_repo));
            TRY(sys::make_directories(m_root.fd(), paths::run_trash, 0750));
            m_trash = TRY(sys::open_directory(m_root.fd(), paths::run_trash));
        }
        std::string name = sys::unique_name(fmt::format("{}.{}", m_repo.component(), number));
        auto moved = sys::rename_noreplace(m_runs.get(), path, m_trash.get(), name);
        if (!moved && moved.error().kind != ErrorKind::not_found)
            return moved;
        return {};
    }

    const store::Root& m_root;
    store::RepoName m_repo;
    UniqueFd m_runs;
    UniqueFd m_trash;
    RetentionPolicy m_policy;
    PruneMode m_mode;
    Instant m_at;
    RetentionState m_state;
    std::set<uint64_t> m_protected;
    std::set<uint64_t> m_gone; ///< removed in this pass
    uint64_t m_newest_from = 0;
    std::optional<std::set<std::string>> m_branches;
    std::vector<Pruned> m_pruned;
};

} // namespace

Result<std::vector<Pruned>> prune_repository(const store::Root& root, const store::RepoName& repo,
                                             const RetentionPolicy& policy, PruneMode mode, Instant at)
{
    auto opened = sys::open_directory(root.fd(), paths::repository_runs(repo));
    if (!opened && opened.error().kind == ErrorKind::not_found)
        return std::vector<Pruned>();
    UniqueFd runs = TRY(std::move(opened));
    std::optional<sys::FileLock> lock;
    if (mode == PruneMode::act) {
        lock = TRY(sys::FileLock::try_adopt(TRY(sys::open_directory(runs.get(), ".")), paths::repository_runs(repo)));
        if (!lock)
            return fail(ErrorKind::busy, "the runs of {} are being pruned already", repo.str());
    }
    return Pruner(root, repo, std::move(runs), policy, mode, at).prune();
}

Result<void> empty_run_trash(const store::Root& root)
{
    auto opened = sys::open_directory(root.fd(), paths::run_trash);
    if (!opened && opened.error().kind == ErrorKind::not_found)
        return {};
    UniqueFd trash = TRY(std::move(opened));
    Result<void> outcome;
    for (const std::string& name : TRY(sys::list_directory(trash.get(), ".")))
        if (auto removed = sys::remove_tree(trash.get(), name); !removed)
            outcome = std::move(removed); // the other items are still deleted
    return outcome;
}

} // namespace quire::forge
