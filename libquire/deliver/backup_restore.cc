#include "deliver/backup_restore.h"

#include <limits>

#include "base/log.h"
#include "base/strings.h"
#include "deliver/helper.h"
#include "deliver/root_builder.h"
#include "store/replica.h"
#include "sys/atomic_file.h"
#include "sys/file.h"

namespace quire::deliver {

namespace {

/// The directory that becomes the root; gone with the object unless it became one.
class Staging {
public:
    static Result<Staging> create(const std::string& root)
    {
        size_t slash = root.rfind('/');
        if (slash == std::string::npos || slash + 1 == root.size())
            return fail(ErrorKind::usage, "'{}' is not where a root can be made: name it from / on", visible(root));
        Staging staging;
        std::string above = slash == 0 ? "/" : root.substr(0, slash);
        staging.m_name = root.substr(slash + 1);
        staging.m_above = TRY(sys::open_directory(AT_FDCWD, above));
        auto there = sys::list_directory(staging.m_above.get(), staging.m_name);
        if (there && !there->empty())
            return fail(ErrorKind::exists, "{} is not empty: what is there would be lost, so choose another place",
                        root);
        if (!there && there.error().kind != ErrorKind::not_found)
            return Unexpected(std::move(there).error());
        TRY(staging.sweep());
        TRY(staging.begin());
        return staging;
    }

    Staging(Staging&&) = default;
    Staging& operator=(Staging&&) = default;
    ~Staging()
    {
        if (m_above && !m_temporary.empty())
            (void)sys::remove_tree(m_above.get(), m_temporary); // else the next one sweeps it
    }

    /// Empty.
    Result<void> begin()
    {
        if (!m_temporary.empty())
            TRY(sys::remove_tree(m_above.get(), m_temporary));
        m_temporary = sys::unique_name(prefix()) + ".tmp";
        TRY(sys::make_directory(m_above.get(), m_temporary, 0750));
        m_fd = TRY(sys::open_directory(m_above.get(), m_temporary));
        return {};
    }

    int fd() const { return m_fd.get(); }

    Result<void> become_root()
    {
        TRY(sys::rename_at(m_above.get(), m_temporary, m_above.get(), m_name));
        m_temporary.clear();
        return sys::sync_directory(m_above.get(), ".");
    }

private:
    Staging() = default;
    std::string prefix() const { return "." + m_name + ".restoring"; }

    /// What a killed one left.
    Result<void> sweep() const
    {
        for (const std::string& name : TRY(sys::list_directory(m_above.get(), ".")))
            if (name.starts_with(prefix()) && sys::is_abandoned_temporary(name))
                TRY(sys::remove_tree(m_above.get(), name));
        return {};
    }

    UniqueFd m_above, m_fd;
    std::string m_name, m_temporary;
};

class Restorer {
public:
    Restorer(BackupTarget& target, const BackupKey& key, const RestoreWish& wish)
        : m_target(target), m_key(key), m_wish(wish),
          m_until(wish.at == 0 ? std::numeric_limits<Instant>::max() : wish.at)
    {}

    Result<Restored> restore()
    {
        std::map<uint64_t, std::set<uint64_t>> generations;
        for (const auto& [name, size] : TRY(m_target.list()))
            if (auto object = ObjectName::parse(name); object && object->backup == m_key.id)
                generations[object->generation].insert(object->number);
        if (generations.empty())
            return fail(ErrorKind::not_found,
                        "{} has no object of the backup {}: is it the right key, and the right "
                        "place?",
                        m_target.shown(), m_key.id);
        Staging staging = TRY(Staging::create(m_wish.root));
        for (auto generation = generations.rbegin(); generation != generations.rend(); ++generation) {
            RootBuilder builder(staging.fd());
            if (!TRY(build(builder, staging.fd(), generation->first, generation->second))) {
                TRY(staging.begin());
                continue;
            }
            TRY(builder.finish());
            m_restored.repositories = builder.repositories();
            m_restored.complaints.insert(m_restored.complaints.end(), builder.complaints().begin(),
                                         builder.complaints().end());
            if (m_wish.is_replica)
                TRY(store::write_replica(staging.fd(), {.backup = m_key.id,
                                                        .target = m_target.shown(),
                                                        .generation = m_restored.generation,
                                                        .number = m_restored.objects,
                                                        .mark = m_restored.mark,
                                                        .at = m_restored.at,
                                                        .looked_at = m_restored.at}));
            TRY(staging.become_root());
            return std::move(m_restored);
        }
        if (m_earliest != 0 && m_wish.at != 0)
            return fail(ErrorKind::not_found, "the backup holds nothing from before {}", format_instant(m_earliest));
        return fail(ErrorKind::not_found, "no generation of the backup is complete{}{}",
                    m_restored.complaints.empty() ? "" : ": ", join(m_restored.complaints, "; "));
    }

private:
    struct Object {
        Opened opened;
        UniqueFd file;
    };

    /// false: the generation does not reach back far enough, or is not complete.
    Result<bool> build(RootBuilder& builder, int scratch, uint64_t generation, const std::set<uint64_t>& numbers)
    {
        m_restored.generation = generation;
        m_restored.objects = 0;
        m_restored.at = 0;
        std::string before;
        uint64_t last = *numbers.rbegin();
        for (uint64_t number = 1; number <= last && m_restored.at < m_until; ++number) {
            std::string name = ObjectName{m_key.id, generation, number}.str();
            auto object = numbers.contains(number)
                              ? fetch(name, scratch)
                              : fail(ErrorKind::not_found, "it is missing at {}", m_target.shown());
            if (object && (object->opened.head.generation != generation || object->opened.head.number != number ||
                           object->opened.head.before != before))
                object = fail(ErrorKind::invalid, "it was stored in another place, or what was before it was put back "
                                                  "to an earlier state");
            if (!object) {
                bool concerns_it =
                    object.error().kind == ErrorKind::invalid || object.error().kind == ErrorKind::not_found;
                if (!concerns_it)
                    return with_context(std::move(object).error(), name);
                if (number == last || m_restored.at == 0)
                    return pass_over(name, object.error().message);
                return fail(ErrorKind::invalid, "{}: {}. Until {} the backup is whole: --at {} restores that", name,
                            object.error().message, format_instant(m_restored.at), format_instant(m_restored.at));
            }
            const ObjectHead& head = object->opened.head;
            if (number == 1 && head.at > m_until)
                return note_earliest(head.at);
            UniqueFd payload = TRY(scratch_in(scratch));
            auto unsealed = unseal(object->file.get(), object->opened, m_wish.identity, payload.get());
            if (!unsealed)
                return with_context(std::move(unsealed).error(), name);
            bool is_delta = head.kind == ObjectKind::delta;
            if (head.at > m_until && m_restored.at == 0)
                return is_delta ? note_earliest(head.at) : false;
            if (head.at > m_until) {
                TRY(builder.apply_until(payload.get(), m_until));
                m_restored.at = m_until;
            } else {
                TRY(builder.apply(payload.get()));
                m_restored.at = is_delta ? head.at : m_restored.at;
            }
            m_restored.objects++;
            before = object->opened.mark;
            m_restored.mark = before;
        }
        return m_restored.at != 0;
    }

    Result<bool> note_earliest(Instant at)
    {
        m_earliest = m_earliest == 0 ? at : std::min(m_earliest, at);
        return false;
    }

    /// Of the newest object: a target that does not store all or nothing may have been cut off.
    Result<bool> pass_over(const std::string& name, const std::string& why)
    {
        m_restored.complaints.push_back(fmt::format("{}: {}; it was passed over", name, why));
        return m_restored.at != 0;
    }

    Result<Object> fetch(const std::string& name, int scratch)
    {
        Object object{.opened = {}, .file = TRY(scratch_in(scratch))};
        TRY(m_target.fetch(name, object.file.get()));
        object.opened = TRY(check_seal(m_key, object.file.get()));
        return object;
    }

    BackupTarget& m_target;
    const BackupKey& m_key;
    const RestoreWish& m_wish;
    Instant m_until;
    Instant m_earliest = 0;
    Restored m_restored;
};

} // namespace

Result<Restored> restore_backup(BackupTarget& target, const BackupKey& key, const RestoreWish& wish)
{
    return Restorer(target, key, wish).restore();
}

} // namespace quire::deliver
