#include "store/sequence.h"

#include <algorithm>

#include "base/strings.h"
#include "sys/file.h"

namespace quire::store {

/// The number after that of the highest existing run, which is the least that `next` must be.
static Result<uint64_t> count_anew(const Root& root, const RepoName& repo)
{
    uint64_t next = 1;
    for (const std::string& name : TRY(sys::list_directory(root.fd(), paths::repository_runs(repo))))
        if (auto number = parse_decimal(name))
            next = std::max(next, *number + 1);
    return next;
}

static Result<uint64_t> read_next(int fd, const Root& root, const RepoName& repo)
{
    std::string text = TRY(sys::read_at(fd, 0, 32));
    auto number = text.ends_with('\n') ? parse_decimal(trim(text)) : std::nullopt;
    if (!number || *number == 0)
        return count_anew(root, repo);
    // The creator of the last runs may have died before it wrote the number back.
    uint64_t next = *number;
    while (sys::exists(root.fd(), paths::run(repo, next)))
        ++next;
    return next;
}

Result<Sequence> Sequence::lock(const Root& root, const RepoName& repo)
{
    sys::FileLock lock = TRY(sys::FileLock::acquire(root.fd(), paths::next_number(repo)));
    uint64_t next = TRY(read_next(lock.fd(), root, repo));
    return Sequence(std::move(lock), next);
}

Result<void> Sequence::save()
{
    // Numbers never get shorter, so writing in place leaves no old digits behind.
    return sys::write_at(m_lock.fd(), fmt::format("{}\n", m_next), 0);
}

Result<void> Sequence::sync() { return sys::sync_data(m_lock.fd(), "next"); }

Result<void> sync_sequence(const Root& root, const RepoName& repo)
{
    Sequence sequence = TRY(Sequence::lock(root, repo));
    TRY(sequence.save());
    return sequence.sync();
}

Result<uint64_t> peek_sequence(const Root& root, const RepoName& repo)
{
    auto fd = sys::open_regular(root.fd(), paths::next_number(repo));
    if (!fd && fd.error().kind == ErrorKind::not_found)
        return count_anew(root, repo);
    return read_next(TRY(std::move(fd)).get(), root, repo);
}

} // namespace quire::store
