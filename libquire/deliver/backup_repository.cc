// collect_repository of backup_collect.h.
#include <algorithm>

#include "base/log.h"
#include "base/strings.h"
#include "deliver/backup_collect.h"
#include "deliver/backup_refs.h"
#include "deliver/helper.h"
#include "git/git.h"
#include "store/intent.h"
#include "store/layout.h"
#include "store/push_log.h"
#include "store/run_directory.h"
#include "sys/atomic_file.h"
#include "sys/file.h"
#include "sys/stamp.h"

namespace quire::deliver {

namespace paths = store::paths;

constexpr size_t most_growth = size_t{1} << 30;
constexpr int64_t time_to_pack = 6 * 3600 * nanoseconds_per_second;
constexpr std::string_view kept_namespace = "refs/quire/kept/";

namespace {

class RepositoryCollector {
public:
    RepositoryCollector(const Collection& collection, const store::RepoName& name, BackupScope& scope,
                        BackupPayload& payload)
        : m_collection(collection), m_root(collection.root), m_name(name), m_path(paths::repository(name)),
          m_scope(scope), m_payload(payload)
    {}

    Result<Collected> collect()
    {
        m_repository = TRY(m_root.open_repository(m_name));
        if (sys::exists(m_repository.get(), paths::repository_moving))
            return Collected{};
        uint64_t inode = TRY(sys::stamp_of(m_repository.get(), m_path)).inode;
        std::string look = TRY(look_now());
        bool same = m_scope.inode == inode && !m_scope.gone;
        if (same && m_collection.thorough == Thorough::no && look == m_scope.look && !TRY(has_open_run_changed()))
            return Collected{};
        if (!same) {
            m_scope = BackupScope{.inode = inode};
            TRY(m_payload.add_repository(m_path));
            m_result.changed = true;
        }
        m_scope.look = look;
        TRY(collect_git());
        TRY(collect_runs());
        TRY(collect_files());
        if (m_result.more)
            m_scope.look.clear();
        return m_result;
    }

private:
    /// Changes whenever a push, an operator or a new run left something; read before anything else is.
    Result<std::string> look_now() const
    {
        std::string look;
        auto add = [&](const std::string& path) -> Result<void> {
            auto stamp = TRY(sys::stamp_at(m_root.fd(), path));
            look += (look.empty() ? "" : "/") + (stamp ? stamp->lasting() : "-");
            return {};
        };
        for (const char* inside : {".", paths::repository_head, paths::repository_git_config, "packed-refs", "refs",
                                   "refs/heads", "refs/tags", paths::push_log, paths::repository_config})
            TRY(add(m_path + "/" + inside));
        TRY(add(paths::next_number(m_name)));
        return look;
    }

    Result<bool> has_open_run_changed() const
    {
        for (const auto& [number, stamp] : m_scope.open)
            if (TRY(record_stamp(number)) != stamp)
                return true;
        return false;
    }

    // ---- files

    /// Of git's own: everything but objects, refs and their logs, which are told otherwise.
    Result<void> collect_files()
    {
        FileChanges changes(m_root, m_scope, m_payload);
        for (const std::string& name : TRY(sys::list_directory(m_repository.get(), ".")))
            if (name != "objects" && name != "refs" && name != "logs" && name != "packed-refs" && is_kept(name))
                TRY(see(changes, m_path + "/" + name));
        TRY(changes.see(paths::next_number(m_name))); // after the runs: no number of theirs is given away again
        m_result.changed |= TRY(changes.finish());
        return {};
    }

    static bool is_kept(std::string_view name) { return !name.ends_with(".lock") && !sys::is_temporary_name(name); }

    Result<void> see(FileChanges& changes, const std::string& path)
    {
        auto status = TRY(sys::stat_at(m_root.fd(), path));
        if (!status)
            return {};
        const store::LayoutRow* row = store::find_in_layout(path);
        if (S_ISDIR(status->st_mode)) {
            auto names = sys::list_directory(m_root.fd(), path);
            if (!names && names.error().kind == ErrorKind::not_found)
                return {};
            for (const std::string& name : TRY(std::move(names)))
                if (is_kept(name))
                    TRY(see(changes, path + "/" + name));
            return {};
        }
        bool is_log = path == m_path + "/" + paths::push_log || path == m_path + "/" + paths::push_log_head;
        if (!row || row->worth != store::Worth::durable || is_log)
            return {};
        return changes.see(path);
    }

    // ---- git

    Result<void> collect_git()
    {
        std::string log = m_path + "/" + paths::push_log;
        TRY(read_growth(log, [this](std::string_view line) {
            if (auto entry = store::parse_push_log_line(line))
                want(entry->new_id);
        }));
        auto read = m_scope.grown.find(log);
        auto [refs, held_back] = TRY(
            read_settled_refs(m_root, m_name, m_repository.get(), read == m_scope.grown.end() ? 0 : read->second.size));
        if (held_back)
            m_scope.look.clear();
        TRY(read_reflogs(m_path + "/logs"));
        forget_gone_logs();
        std::string lines;
        std::map<std::string, std::string> moved; // id → ref
        for (const auto& [ref, id] : refs) {
            auto known = m_scope.refs.find(ref);
            if (known != m_scope.refs.end() && known->second == id)
                continue;
            lines += fmt::format("{} {}\n", id, ref);
            moved.emplace(id, ref);
            want(id);
        }
        for (const auto& [ref, id] : m_scope.refs)
            if (!refs.contains(ref))
                lines += fmt::format("{} {}\n", std::string(id.size(), '0'), ref);
        TRY(bundle(moved));
        m_scope.refs = std::move(refs);
        if (!lines.empty()) {
            TRY(m_payload.add_refs(m_path, lines));
            m_result.changed = true;
        }
        // What is gone first: a branch `a` makes room for `a/b`, whose log is in a directory of that name.
        for (const std::string& path : m_gone_logs) {
            TRY(m_payload.add_removal(path));
            m_result.changed = true;
        }
        for (const Growth& growth : m_growths) {
            TRY(m_payload.add_growth(growth.path, growth.offset, growth.content));
            m_result.changed = true;
        }
        return {};
    }

    void want(std::string_view id)
    {
        if (!store::is_null_id(id) && from_hex(id))
            m_wanted.emplace(id);
    }

    struct Growth {
        std::string path;
        uint64_t offset;
        std::string content;
    };

    /// The new whole lines of an append-only file. One that was written anew is told from its beginning.
    template <class TakeLine>
    Result<void> read_growth(const std::string& path, TakeLine take)
    {
        auto opened = sys::open_regular_beneath(m_root.fd(), path, O_NOFOLLOW);
        if (!opened && opened.error().kind == ErrorKind::not_found)
            return {};
        UniqueFd file = TRY(std::move(opened));
        sys::Stamp stamp = TRY(sys::stamp_of(file.get(), path));
        m_logs.insert(path);
        BackupScope::Grown& known = m_scope.grown[path];
        uint64_t size = static_cast<uint64_t>(stamp.size);
        bool is_new = known.inode != stamp.inode || size < known.size;
        uint64_t offset = is_new ? 0 : known.size;
        if (size - offset > most_growth)
            return fail(ErrorKind::invalid, "{}: grew by more than a gigabyte", path);
        std::string content = TRY(sys::read_at(file.get(), offset, size - offset));
        size_t whole = content.rfind('\n');
        content.resize(whole == std::string::npos ? 0 : whole + 1);
        for (std::string_view rest = content; !rest.empty();)
            take(take_until(rest, '\n'));
        known = {stamp.inode, offset + content.size()};
        if (!content.empty() || is_new)
            m_growths.push_back({path, offset, std::move(content)});
        return {};
    }

    Result<void> read_reflogs(const std::string& directory)
    {
        auto names = sys::list_directory(m_root.fd(), directory);
        if (!names && names.error().kind == ErrorKind::not_found)
            return {};
        for (const std::string& name : TRY(std::move(names))) {
            std::string path = directory + "/" + name;
            auto status = TRY(sys::stat_at(m_root.fd(), path));
            if (!status || !is_kept(name))
                continue;
            if (S_ISDIR(status->st_mode))
                TRY(read_reflogs(path));
            else if (S_ISREG(status->st_mode))
                TRY(read_growth(path, [this](std::string_view line) {
                    want(take_until(line, ' '));
                    want(take_until(line, ' '));
                }));
        }
        return {};
    }

    void forget_gone_logs()
    {
        std::erase_if(m_scope.grown, [&](const auto& one) {
            bool gone = !m_logs.contains(one.first);
            if (gone)
                m_gone_logs.push_back(one.first);
            return gone;
        });
    }

    /// Those that are there: a reflog may name what was thrown away, and a stored ref what is gone since.
    Result<std::vector<std::string>> existing(const std::set<std::string>& ids)
    {
        std::string asked;
        for (const std::string& id : ids)
            asked += id + "\n";
        std::string said = TRY(git::run_ok(m_repository.get(), {"cat-file", "--batch-check=%(objectname)"},
                                           {.input = std::move(asked), .limit = size_t{1} << 30}));
        std::vector<std::string> found;
        size_t answers = 0;
        for (std::string_view line : split(said, '\n')) {
            answers += line.empty() ? 0 : 1;
            if (from_hex(line) && !line.empty())
                found.emplace_back(line);
        }
        // What git was not asked about must not count as not there.
        if (answers != ids.size())
            return fail(ErrorKind::system, "git cat-file answered {} of {} questions", answers, ids.size());
        return found;
    }

    Result<void> bundle(const std::map<std::string, std::string>& moved)
    {
        std::set<std::string> stored;
        for (const auto& [ref, id] : m_scope.refs)
            stored.insert(id);
        for (const std::string& id : stored)
            m_wanted.erase(id);
        if (m_wanted.empty())
            return {};
        std::vector<std::string> wanted = TRY(existing(m_wanted));
        std::set<std::string> there(wanted.begin(), wanted.end());
        for (const auto& [id, ref] : moved)
            if (m_wanted.contains(id) && !there.contains(id))
                return fail(ErrorKind::invalid, "{} is at {}, which is not there", ref, id);
        if (wanted.empty())
            return {};
        std::vector<std::string> before = stored.empty() ? std::vector<std::string>() : TRY(existing(stored));
        std::string revisions = join(wanted, "\n") + "\n";
        for (const std::string& id : before) // not "--not": rev-list takes no options there before git 2.42
            revisions += fmt::format("^{}\n", id);
        UniqueFd asked = TRY(sys::memory_file(revisions));
        UniqueFd pack = TRY(scratch_in(TRY(sys::open_directory(m_root.fd(), paths::backup_spool)).get()));
        TRY(run_helper({.argv = {"git", "pack-objects", "--revs", "--thin", "--delta-base-offset", "--stdout", "-q"},
                        .directory = m_repository.get(),
                        .input = asked.get(),
                        .output = pack.get()},
                       time_to_pack));
        std::string head = "# v2 git bundle\n";
        if (!before.empty())
            head += TRY(prerequisites(revisions));
        for (const std::string& id : wanted) {
            auto ref = moved.find(id);
            head += fmt::format("{} {}\n", id, ref == moved.end() ? std::string(kept_namespace) + id : ref->second);
        }
        TRY(m_payload.add_bundle(m_path, head + "\n", pack.get()));
        m_result.changed = true;
        return {};
    }

    /// What whoever unpacks the bundle by hand has to have; quire itself knows.
    Result<std::string> prerequisites(const std::string& revisions)
    {
        std::string said = TRY(git::run_ok(m_repository.get(), {"rev-list", "--boundary", "--stdin"},
                                           {.input = revisions, .limit = size_t{1} << 30}));
        std::string lines;
        for (std::string_view line : split(said, '\n'))
            if (line.starts_with('-'))
                lines += fmt::format("{} \n", line);
        return lines;
    }

    // ---- runs

    Result<std::string> record_stamp(uint64_t number) const
    {
        auto stamp = TRY(sys::stamp_at(m_root.fd(), fmt::format("{}/{}", paths::run(m_name, number), paths::record)));
        return stamp ? stamp->lasting() : "-";
    }

    Result<void> collect_runs()
    {
        auto opened = sys::open_directory(m_root.fd(), paths::repository_runs(m_name));
        if (!opened && opened.error().kind == ErrorKind::not_found)
            return {};
        UniqueFd runs = TRY(std::move(opened));
        if (m_collection.settings.without_runs)
            return {};
        for (uint64_t number : TRY(numbers(runs.get()))) {
            if (m_scope.done.contains(number))
                continue;
            m_result.more = m_payload.size() > m_collection.enough;
            if (m_result.more)
                break;
            TRY(collect_run(runs.get(), number));
        }
        return {};
    }

    /// Those that may have news, oldest first.
    Result<std::vector<uint64_t>> numbers(int runs)
    {
        std::set<uint64_t> found;
        uint64_t highest = std::max(m_scope.done.empty() ? 0 : *m_scope.done.rbegin(),
                                    m_scope.open.empty() ? 0 : m_scope.open.rbegin()->first);
        if (m_collection.thorough == Thorough::yes) {
            for (const std::string& name : TRY(sys::list_directory(runs, ".")))
                if (auto number = parse_decimal(name))
                    found.insert(*number);
            TRY(forget_pruned(found));
        } else {
            constexpr size_t page = 64;
            for (uint64_t before = 0;;) {
                std::vector<uint64_t> some = TRY(store::newest_runs(runs, page, before));
                for (uint64_t number : some)
                    if (number > highest)
                        found.insert(number);
                if (some.size() < page || some.back() <= highest)
                    break;
                before = some.back();
            }
            for (const auto& [number, stamp] : m_scope.open)
                found.insert(number);
        }
        return std::vector(found.begin(), found.end());
    }

    Result<void> forget_pruned(const std::set<uint64_t>& there)
    {
        std::vector<uint64_t> gone;
        std::copy_if(m_scope.done.begin(), m_scope.done.end(), std::back_inserter(gone),
                     [&](uint64_t number) { return !there.contains(number); });
        for (const auto& [number, stamp] : m_scope.open)
            if (!there.contains(number))
                gone.push_back(number);
        for (uint64_t number : gone) {
            TRY(m_payload.add_removal(paths::run(m_name, number)));
            m_scope.done.erase(number);
            m_scope.open.erase(number);
            m_result.changed = true;
        }
        return {};
    }

    Result<void> collect_run(int runs, uint64_t number)
    {
        std::string stamp = TRY(record_stamp(number));
        auto known = m_scope.open.find(number);
        if (known != m_scope.open.end() && known->second == stamp)
            return {};
        auto record = store::read_run_record_in(runs, m_name, number);
        if (!record && record.error().kind == ErrorKind::not_found)
            return {}; // pruned under our eyes
        bool ended = record && store::is_terminal(record->state);
        std::string path = paths::run(m_name, number);
        // What a living run writes is stored once, when it has ended.
        TRY(add_run_files(path, ended));
        m_result.changed = true;
        if (ended) {
            m_scope.done.insert(number);
            m_scope.open.erase(number);
        } else {
            m_scope.open[number] = stamp;
        }
        return {};
    }

    Result<void> add_run_files(const std::string& directory, bool ended)
    {
        auto names = sys::list_directory(m_root.fd(), directory);
        if (!names && names.error().kind == ErrorKind::not_found)
            return {};
        for (const std::string& name : TRY(std::move(names))) {
            if (sys::is_temporary_name(name))
                continue;
            std::string path = directory + "/" + name;
            auto status = TRY(sys::stat_at(m_root.fd(), path));
            if (!status)
                continue;
            const store::LayoutRow* row = store::find_in_layout(path);
            bool kept = row && row->worth == store::Worth::durable && is_wanted(path, ended);
            if (S_ISDIR(status->st_mode) && (kept || store::leads_into_layout(path)))
                TRY(add_run_files(path, ended));
            else if (!S_ISDIR(status->st_mode) && kept)
                TRY(m_payload.add_file(path));
        }
        return {};
    }

    bool is_wanted(std::string_view path, bool ended) const
    {
        std::string_view inside = path.substr(paths::repository_runs(m_name).size() + 1);
        take_until(inside, '/'); // the number
        std::string_view top = take_until(inside, '/');
        if (m_collection.settings.without_artifacts && top == paths::run_artifacts)
            return false;
        return ended || top == paths::record || top == paths::run_pipeline;
    }

    const Collection& m_collection;
    const store::Root& m_root;
    const store::RepoName& m_name;
    std::string m_path;
    BackupScope& m_scope;
    BackupPayload& m_payload;
    UniqueFd m_repository;
    Collected m_result;
    std::set<std::string> m_wanted; ///< objects
    std::vector<Growth> m_growths;
    std::set<std::string> m_logs; ///< that are there
    std::vector<std::string> m_gone_logs;
};

} // namespace

Result<Collected> collect_repository(const Collection& collection, const store::RepoName& name, BackupScope& scope,
                                     BackupPayload& payload)
{
    return RepositoryCollector(collection, name, scope, payload).collect();
}

} // namespace quire::deliver
