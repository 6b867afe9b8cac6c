#include "store/create_run.h"

#include "base/strings.h"
#include "store/run_directory.h"
#include "store/sequence.h"
#include "sys/atomic_file.h"
#include "sys/file.h"
#include "sys/placement.h"
#include "sys/sync_order.h"
#include "text/fnl.h"

namespace quire::store {

namespace {

/// If a push makes more runs than this, one sync of the file system is cheaper than a sync for each file.
constexpr size_t sync_each_up_to = 8;

/// See sys/sync_order.h.
enum class Sync {
    each,  ///< file and directory
    files, ///< a file's brings along the names above it, while they are new
    last,  ///< the last one brings along the others
    all,   ///< the file system's
};

Sync sync_for(size_t runs, int directory)
{
    if (runs > sync_each_up_to)
        return Sync::all;
    switch (sys::sync_order_of(directory)) {
    case sys::SyncOrder::one:
        return Sync::last;
    case sys::SyncOrder::files:
        return Sync::files;
    case sys::SyncOrder::unknown:
        break;
    }
    return Sync::each;
}

/// A run directory that has no number yet. It is removed with the object unless it was put in place.
class DraftRun {
public:
    DraftRun(const UniqueFd& runs) : m_runs(runs.get()), m_name(sys::unique_name(".run") + ".tmp") {}
    DraftRun(DraftRun&& other) noexcept : m_runs(other.m_runs), m_name(std::exchange(other.m_name, {})) {}
    DraftRun& operator=(DraftRun&&) = delete;
    ~DraftRun()
    {
        if (!m_name.empty())
            (void)sys::remove_tree(m_runs, m_name);
    }

    /// So that it is whole wherever its name is on the disk.
    Result<void> write(const RunRecord& record, Sync sync)
    {
        if (!m_made) {
            TRY(sys::make_directory(m_runs, m_name, 0750));
            m_made = true;
        }
        std::string path = m_name + "/" + paths::record;
        UniqueFd file = TRY(sys::open_at(m_runs, path, O_WRONLY | O_CREAT | O_TRUNC, 0644));
        TRY(sys::write_all(file.get(), text::write_fnl(to_data(record))));
        if (sync == Sync::each || sync == Sync::files)
            TRY(sys::sync_file(file.get(), path));
        if (sync == Sync::each)
            TRY(sys::sync_directory(m_runs, m_name));
        if (sync == Sync::last)
            TRY(sys::write_out(file.get(), path));
        return sys::close_checked(std::move(file), path);
    }

    Result<void> place(uint64_t number)
    {
        TRY(sys::rename_noreplace(m_runs, m_name, m_runs, std::to_string(number)));
        m_name.clear();
        return {};
    }

private:
    int m_runs;
    std::string m_name;
    bool m_made = false;
};

/// The repository's directory of runs. Runs have nothing to do with each other, and each makes and deletes many files.
Result<UniqueFd> open_runs(const Root& root, const RepoName& repo)
{
    std::string path = paths::repository_runs(repo);
    auto opened = sys::open_directory(root.fd(), path);
    if (!opened && opened.error().kind == ErrorKind::not_found) {
        TRY(sys::make_directories(root.fd(), path, 0750));
        TRY(sys::sync_directory(root.fd(), paths::runs));
        if (!repo.group().empty())
            TRY(sys::sync_directory(root.fd(), fmt::format("{}/{}", paths::runs, repo.group())));
        opened = sys::open_directory(root.fd(), path);
    }
    if (opened)
        sys::spread_subdirectories(opened->get());
    return opened;
}

Result<void> add_queue_entry(int queue, const RunRecord& record)
{
    std::string name = paths::queue_entry(record.repo, record.number, record.queued_at);
    std::string temporary = sys::unique_name(".entry") + ".tmp";
    TRY(sys::open_at(queue, temporary, O_WRONLY | O_CREAT | O_EXCL, 0644));
    return sys::rename_at(queue, temporary, queue, name);
}

} // namespace

Result<std::vector<RunRecord>> create_runs(const Root& root, const RepoName& repo, const std::vector<NewRun>& runs)
{
    std::vector<RunRecord> records;
    if (runs.empty())
        return records;
    UniqueFd directory = TRY(open_runs(root, repo));
    Sync sync = sync_for(runs.size(), directory.get());
    std::vector<DraftRun> drafts;
    drafts.reserve(runs.size());
    {
        // Held while numbers are given out, so that they have no gaps. Readers and other repositories don't wait.
        Sequence sequence = TRY(Sequence::lock(root, repo));
        Instant queued_at = now();
        for (const NewRun& run : runs) {
            records.push_back({.repo = repo,
                               .number = sequence.take(),
                               .source = run.source,
                               .event = run.event,
                               .parameters = run.parameters,
                               .reran = run.reran,
                               .only_failed = run.only_failed,
                               .only_job = run.only_job,
                               .from_job = run.from_job,
                               .debug = run.debug,
                               .ref = run.ref,
                               .sha = run.sha,
                               .previous_sha = run.previous_sha,
                               .pusher = run.pusher,
                               .push_id = run.push_id,
                               .forced = run.forced,
                               .queued_at = queued_at++});
            TRY(drafts.emplace_back(directory).write(records.back(), sync));
        }
        if (sync == Sync::all)
            TRY(sys::sync_filesystem(directory.get(), paths::runs));
        for (size_t i = 0; i < records.size(); ++i) {
            auto placed = drafts[i].place(records[i].number);
            while (!placed && placed.error().kind == ErrorKind::exists) {
                // `next` was too low, after a crash or from a restored backup: skip the numbers in use.
                records[i].number = sequence.take();
                TRY(drafts[i].write(records[i], sync == Sync::all ? Sync::each : sync));
                placed = drafts[i].place(records[i].number);
            }
            TRY(std::move(placed));
        }
        TRY(sequence.save());
    }
    if (sync != Sync::last)
        TRY(sys::sync_file(directory.get(), paths::repository_runs(repo)));
    UniqueFd queue = TRY(sys::open_directory(root.fd(), paths::queue_new));
    for (const RunRecord& record : records)
        TRY(add_queue_entry(queue.get(), record));
    TRY(sys::sync_file(queue.get(), paths::queue_new));
    return records;
}

Result<bool> ensure_queued(const Root& root, const RunRecord& record)
{
    std::string name = paths::queue_entry(record.repo, record.number, record.queued_at);
    for (const char* place : {paths::queue_active, paths::queue_new})
        if (sys::exists(root.fd(), fmt::format("{}/{}", place, name)))
            return false;
    UniqueFd queue = TRY(sys::open_directory(root.fd(), paths::queue_new));
    TRY(add_queue_entry(queue.get(), record));
    TRY(sys::sync_file(queue.get(), paths::queue_new));
    return true;
}

Result<std::vector<uint64_t>> newest_runs(const Root& root, const RepoName& repo, size_t limit, uint64_t before)
{
    auto runs = sys::open_directory(root.fd(), paths::repository_runs(repo));
    if (!runs && runs.error().kind == ErrorKind::not_found)
        return std::vector<uint64_t>();
    return newest_runs(TRY(std::move(runs)).get(), limit, before);
}

} // namespace quire::store
