#include "forge/fsck.h"

#include <algorithm>

#include "base/log.h"
#include "base/strings.h"
#include "forge/push_check.h"
#include "git/git.h"
#include "store/archive.h"
#include "store/intent.h"
#include "store/queue.h"
#include "store/repositories.h"
#include "store/run_directory.h"
#include "store/task.h"
#include "sys/file.h"

namespace quire::forge {

namespace paths = store::paths;

constexpr int64_t most_time = 6 * 3600 * nanoseconds_per_second;
/// What is told of one repository; a broken disk breaks thousands.
constexpr size_t most_faults = 50;

namespace {

class Fsck {
public:
    explicit Fsck(const store::Root& root) : m_root(root) {}

    /// What can't be looked at is a fault, and the rest is looked at all the same.
    void look_at(const store::RepoName& name)
    {
        m_told = 0;
        m_shown = name.str();
        result.repositories++;
        note(look_at_objects(name));
        note(look_at_pushes(name));
        note(look_at_runs(name));
        note(look_at_caches(name));
    }

    void look_at_queue()
    {
        m_told = 0;
        m_shown = "the queue";
        note(look_at_entries(paths::queue_new));
        note(look_at_entries(paths::queue_active));
        note(look_at_tasks());
        note(look_at_intents());
    }

    FsckResult result;

private:
    void fault(std::string_view text)
    {
        if (++m_told <= most_faults)
            result.faults.push_back(fmt::format("{}: {}", m_shown, visible(text)));
    }

    void note(const Result<void>& looked)
    {
        if (!looked)
            fault(looked.error().message);
    }

    Result<void> look_at_objects(const store::RepoName& name)
    {
        UniqueFd repository = TRY(m_root.open_repository(name));
        auto said = TRY(git::run(repository.get(), {"fsck", "--full", "--no-dangling", "--no-progress"},
                                 {.limit = 256u << 20, .timeout = most_time}));
        if (said.status == 0)
            return {};
        std::string text = said.err + said.out;
        for (std::string_view line : split(text, '\n'))
            if (names_fault(line))
                fault(line);
        if (m_told == 0)
            fault(fmt::format("git fsck ended with {}", said.status));
        return {};
    }

    Result<void> look_at_pushes(const store::RepoName& name)
    {
        PushCheck check = TRY(check_pushes(TRY(m_root.open_repository(name)).get()));
        result.pushes += check.records;
        for (const std::string& text : check.faults)
            fault("its push log: " + text);
        return {};
    }

    Result<void> look_at_runs(const store::RepoName& name)
    {
        auto opened = sys::open_directory(m_root.fd(), paths::repository_runs(name));
        if (!opened && opened.error().kind == ErrorKind::not_found)
            return {};
        UniqueFd runs = TRY(std::move(opened));
        for (const std::string& entry : TRY(sys::list_directory(runs.get(), "."))) {
            auto number = parse_decimal(entry);
            if (!number)
                continue;
            auto record = store::read_run_record_in(runs.get(), name, *number);
            if (!record && !sys::exists(runs.get(), entry))
                continue; // pruned meanwhile
            result.runs++;
            if (!record)
                fault(fmt::format("run #{}: {}", *number, record.error().message));
            else if (store::is_terminal(record->state) && (record->ended_at == 0 || record->reason.empty()))
                fault(fmt::format("run #{} is {} and does not say when or why", *number,
                                  store::to_string(record->state)));
        }
        return {};
    }

    Result<void> look_at_caches(const store::RepoName& name)
    {
        auto opened = sys::open_directory(m_root.fd(), paths::repository_cache(name));
        if (!opened && opened.error().kind == ErrorKind::not_found)
            return {};
        UniqueFd caches = TRY(std::move(opened));
        for (const std::string& entry : TRY(sys::list_directory(caches.get(), "."))) {
            if (entry.starts_with('.') || !entry.ends_with(".tar"))
                continue;
            auto file = sys::open_regular(caches.get(), entry, O_NOFOLLOW);
            if (!file && file.error().kind == ErrorKind::not_found)
                continue;
            result.caches++;
            if (auto whole = read_through(TRY(std::move(file)).get()); !whole)
                fault(fmt::format("the cache {}: {}; it may be deleted", entry, whole.error().message));
        }
        return {};
    }

    static Result<void> read_through(int archive)
    {
        store::ArchiveReader reader(archive);
        while (auto entry = TRY(reader.next()))
            for (uint64_t left = entry->size; left > 0;)
                left -= TRY(reader.content()).size();
        return {};
    }

    Result<void> look_at_entries(const char* directory)
    {
        for (const std::string& name : TRY(sys::list_directory(m_root.fd(), directory))) {
            auto run = paths::parse_queue_entry(name);
            if (name.starts_with('.'))
                continue;
            result.entries++;
            if (!run)
                fault(fmt::format("{}/{} is no entry", directory, name));
            else if (auto record = store::read_run_record(m_root, run->repo, run->number);
                     !record && record.error().kind != ErrorKind::not_found)
                fault(record.error().message);
        }
        return {};
    }

    Result<void> look_at_tasks()
    {
        for (store::TaskPlace place : {store::TaskPlace::waiting, store::TaskPlace::active})
            for (const store::Task& task : TRY(store::list_tasks(m_root, place))) {
                result.entries++;
                if (task.attempts == 0 && !task.last_error.empty())
                    fault(fmt::format("task {}: {}", task.id(), task.last_error));
            }
        return {};
    }

    Result<void> look_at_intents()
    {
        result.entries += TRY(store::list_intents(m_root)).size();
        for (const store::LostIntent& lost : TRY(store::list_lost_intents(m_root)))
            fault(lost.story);
        return {};
    }

    const store::Root& m_root;
    std::string m_shown;
    size_t m_told = 0;
};

} // namespace

Result<FsckResult> fsck(const store::Root& root, const store::RepoName* only)
{
    Fsck fsck(root);
    if (only) {
        TRY(root.open_repository(*only));
        fsck.look_at(*only);
        return std::move(fsck.result);
    }
    for (const store::RepoName& name : TRY(store::list_repositories(root)))
        fsck.look_at(name);
    fsck.look_at_queue();
    return std::move(fsck.result);
}

bool names_fault(std::string_view line)
{
    return line.starts_with("error") || line.starts_with("fatal") || line.starts_with("missing") ||
           line.starts_with("broken");
}

} // namespace quire::forge
