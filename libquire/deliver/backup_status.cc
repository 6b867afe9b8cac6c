#include "deliver/backup_status.h"

#include <algorithm>
#include <random>

#include "base/strings.h"
#include "deliver/helper.h"
#include "store/push_log.h"
#include "store/repositories.h"
#include "sys/atomic_file.h"
#include "sys/file.h"
#include "sys/stamp.h"
#include "text/json.h"

namespace quire::deliver {

namespace paths = store::paths;
using text::Data;

/// What is told of one check; a target that lost everything needs no more.
constexpr size_t most_faults = 20;

static Result<void> add_backlog(const store::Root& root, const store::RepoName& name, const BackupScope& scope,
                                Backlog& backlog)
{
    auto opened = root.open_repository(name);
    if (!opened)
        return {}; // gone meanwhile
    auto stamp = TRY(sys::stamp_at(opened->get(), paths::push_log));
    if (!stamp)
        return {};
    auto known = scope.grown.find(paths::repository(name) + "/" + paths::push_log);
    bool same = known != scope.grown.end() && known->second.inode == stamp->inode;
    uint64_t stored = same ? known->second.size : 0;
    uint64_t size = static_cast<uint64_t>(stamp->size);
    if (size <= stored)
        return {};
    UniqueFd file = TRY(sys::open_regular(opened->get(), paths::push_log));
    std::string rest = TRY(sys::read_at(file.get(), stored, size - stored));
    bool any = false;
    for (std::string_view line : split(rest, '\n'))
        if (auto entry = store::parse_push_log_line(line)) {
            any = true;
            backlog.pushes++;
            backlog.oldest = backlog.oldest == 0 ? entry->at : std::min(backlog.oldest, entry->at);
        }
    backlog.repositories += any ? 1 : 0;
    return {};
}

static Result<Backlog> try_find_backlog(const store::Root& root)
{
    Backlog backlog;
    auto position = current_position(TRY(read_backup_positions(root)));
    std::optional<BackupScopes> scopes;
    if (position)
        scopes.emplace(TRY(BackupScopes::open(root, *position, BackupScopes::Use::for_reading)));
    for (const store::RepoName& name : TRY(store::list_repositories(root))) {
        BackupScope scope = scopes ? TRY(scopes->read(name.component())) : BackupScope();
        TRY(add_backlog(root, name, scope, backlog));
    }
    return backlog;
}

Result<Backlog> find_backlog(const store::Root& root)
{
    // Whoever ships replaces what we read; then we read again.
    auto found = try_find_backlog(root);
    for (int tries = 0; !found && found.error().kind == ErrorKind::not_found && tries < 5; ++tries)
        found = try_find_backlog(root);
    return found;
}

// ---- checks

static Result<void> keep(const store::Root& root, const BackupCheck& check)
{
    Data data{Data::Table{}};
    data.set("at", check.at);
    data.set("objects", check.objects);
    data.set("read", check.read);
    data.set("faults", Data::Sequence(check.faults.begin(), check.faults.end()));
    UniqueFd directory = TRY(sys::open_directory(root.fd(), paths::backup_directory));
    std::string name = std::string(paths::backup_checked).substr(std::string_view(paths::backup_directory).size() + 1);
    return sys::replace_file(directory.get(), name, text::write_json(data) + "\n", 0600);
}

Result<std::optional<BackupCheck>> last_backup_check(const store::Root& root)
{
    auto text = sys::read_file(root.fd(), paths::backup_checked, 1u << 20);
    if (!text && text.error().kind == ErrorKind::not_found)
        return std::optional<BackupCheck>();
    Data data = TRY(text::read_json(TRY(std::move(text)), paths::backup_checked));
    BackupCheck check{.at = data.integer_or("at", 0),
                      .objects = static_cast<uint64_t>(data.integer_or("objects", 0)),
                      .read = static_cast<uint64_t>(data.integer_or("read", 0))};
    if (const Data* faults = data.find("faults"); faults && faults->sequence())
        for (const Data& fault : *faults->sequence())
            check.faults.push_back(fault.string() ? *fault.string() : "");
    return std::optional(std::move(check));
}

namespace {

class Checker {
public:
    Checker(const Backup& backup, Extent extent, size_t sample) : m_backup(backup), m_extent(extent), m_sample(sample)
    {}

    Result<BackupCheck> check()
    {
        m_check.at = now();
        // What is stored while we look is more than we look for, never less.
        std::vector<BackupPosition> positions = TRY(read_backup_positions(m_backup.root));
        auto current = current_position(positions);
        if (!current)
            return fail(ErrorKind::not_found, "nothing is stored yet, so there is nothing to check");
        m_listed = TRY(m_backup.target->list());
        for (const BackupPosition& position : positions)
            if (position.complete)
                TRY(look_at(position, position.generation == current->generation));
        return std::move(m_check);
    }

private:
    Result<void> look_at(const BackupPosition& position, bool is_current)
    {
        std::vector<uint64_t> there;
        for (uint64_t number = 1; number <= position.number; ++number) {
            m_check.objects++;
            if (m_listed.contains(name_of(position, number)))
                there.push_back(number);
            else
                fault(fmt::format("{} is missing", name_of(position, number)));
        }
        if (m_extent == Extent::whole) {
            TRY(read_row(position, there));
            return {};
        }
        if (!is_current)
            return {};
        std::vector<uint64_t> chosen;
        std::mt19937_64 random(std::random_device{}());
        std::sample(there.begin(), there.end(), std::back_inserter(chosen), m_sample, random);
        if (!there.empty() && there.back() == position.number && (chosen.empty() || chosen.back() != position.number))
            chosen.push_back(position.number);
        for (uint64_t number : chosen)
            if (auto opened = TRY(read(position, number)); opened && number == position.number)
                compare_last(position, *opened);
        return {};
    }

    /// All of a generation: each has to name the one before it.
    Result<void> read_row(const BackupPosition& position, const std::vector<uint64_t>& numbers)
    {
        std::string before;
        uint64_t last = 0;
        for (uint64_t number : numbers) {
            auto opened = TRY(read(position, number));
            if (opened && last + 1 == number && opened->head.before != before)
                fault(fmt::format("{} does not follow the one before it", name_of(position, number)));
            if (opened && number == position.number)
                compare_last(position, *opened);
            last = opened ? number : 0;
            before = opened ? opened->mark : "";
        }
        return {};
    }

    void compare_last(const BackupPosition& position, const Opened& opened)
    {
        if (opened.mark != position.mark)
            fault(fmt::format("{} is an earlier one than was stored", name_of(position, position.number)));
    }

    /// nullopt: it is damaged, which has been told.
    Result<std::optional<Opened>> read(const BackupPosition& position, uint64_t number)
    {
        std::string name = name_of(position, number);
        TRY(sys::make_directories(m_backup.root.fd(), paths::backup_spool, 0700));
        UniqueFd object = TRY(scratch_in(TRY(sys::open_directory(m_backup.root.fd(), paths::backup_spool)).get()));
        auto fetched = m_backup.target->fetch(name, object.get());
        if (!fetched) {
            fault(fmt::format("{} can't be read: {}", name, fetched.error().message));
            return std::optional<Opened>();
        }
        auto opened = check_seal(m_backup.key, object.get());
        if (!opened && opened.error().kind != ErrorKind::invalid)
            return Unexpected(std::move(opened).error());
        if (!opened) {
            fault(fmt::format("{}: {}", name, opened.error().message));
            return std::optional<Opened>();
        }
        if (opened->head.generation != position.generation || opened->head.number != number) {
            fault(fmt::format("{} is another object than its name says", name));
            return std::optional<Opened>();
        }
        m_check.read++;
        return std::optional(std::move(*opened));
    }

    std::string name_of(const BackupPosition& position, uint64_t number) const
    {
        return ObjectName{m_backup.settings.id, position.generation, number}.str();
    }

    void fault(std::string text)
    {
        if (m_check.faults.size() < most_faults)
            m_check.faults.push_back(std::move(text));
    }

    const Backup& m_backup;
    Extent m_extent;
    size_t m_sample;
    std::map<std::string, uint64_t> m_listed;
    BackupCheck m_check;
};

} // namespace

Result<BackupCheck> check_backup(const Backup& backup, Extent extent, size_t sample)
{
    auto check = Checker(backup, extent, sample).check();
    BackupCheck kept = check ? *check : BackupCheck{.at = now(), .faults = {check.error().message}};
    TRY(keep(backup.root, kept));
    return check;
}

} // namespace quire::deliver
