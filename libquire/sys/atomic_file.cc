#include "sys/atomic_file.h"

#include <signal.h>

#include <atomic>

#include "base/strings.h"
#include "base/time.h"
#include "sys/file.h"
#include "sys/sync_order.h"

namespace quire::sys {

std::string unique_name(std::string_view prefix)
{
    static std::atomic<unsigned> count = 0;
    return fmt::format("{}.{}-{}-{:x}", prefix, ::getpid(), ++count, static_cast<uint64_t>(now()));
}

bool is_temporary_name(std::string_view name) { return name.starts_with('.') && name.ends_with(".tmp"); }

bool is_abandoned_temporary(std::string_view name)
{
    if (!is_temporary_name(name))
        return false;
    name.remove_suffix(std::string_view(".tmp").size());
    std::string_view maker = name.substr(name.rfind('.') + 1); // "<pid>-<count>-<time>"
    auto pid = parse_decimal(maker.substr(0, maker.find('-')));
    return pid && *pid > 0 && *pid <= INT32_MAX && ::kill(static_cast<pid_t>(*pid), 0) < 0 && errno == ESRCH;
}

void sweep_temporaries(int directory, const std::string& path)
{
    auto names = list_directory(directory, path);
    if (!names)
        return;
    for (const std::string& name : *names)
        if (is_abandoned_temporary(name))
            (void)remove_tree(directory, path + "/" + name);
}

AtomicFile::AtomicFile(int directory, std::string name, std::string temporary, UniqueFd fd)
    : m_directory(directory), m_name(std::move(name)), m_temporary(std::move(temporary)), m_fd(std::move(fd))
{}

Result<AtomicFile> AtomicFile::create(int directory, std::string name, mode_t mode)
{
    std::string temporary = unique_name("." + name) + ".tmp";
    UniqueFd fd = TRY(open_at(directory, temporary, O_WRONLY | O_CREAT | O_EXCL, mode));
    return AtomicFile(directory, std::move(name), std::move(temporary), std::move(fd));
}

AtomicFile::~AtomicFile()
{
    // A moved-from object has no temporary name (or an empty descriptor, and nothing to remove).
    if (!m_temporary.empty())
        ::unlinkat(m_directory, m_temporary.c_str(), 0);
}

Result<void> AtomicFile::write(std::string_view data)
{
    auto written = write_all(m_fd.get(), data);
    if (!written)
        return with_context(std::move(written).error(), m_name);
    return {};
}

Result<void> AtomicFile::finish_data()
{
    // Where all has one order, the directory's sync brings along what was written out before the file got its name.
    TRY(syncs_in_order(m_directory) ? write_out(m_fd.get(), m_name) : sync_file(m_fd.get(), m_name));
    return close_checked(std::move(m_fd), m_name);
}

Result<void> AtomicFile::commit()
{
    TRY(finish_data());
    TRY(rename_at(m_directory, m_temporary, m_directory, m_name));
    m_temporary.clear();
    return sync_directory(m_directory, ".");
}

Result<void> AtomicFile::commit_then_sync()
{
    TRY(rename_at(m_directory, m_temporary, m_directory, m_name));
    m_temporary.clear();
    TRY(sync_file(m_fd.get(), m_name));
    TRY(close_checked(std::move(m_fd), m_name));
    return sync_order_of(m_directory) != SyncOrder::unknown ? Result<void>() : sync_directory(m_directory, ".");
}

Result<void> AtomicFile::commit_in_order()
{
    TRY(write_out(m_fd.get(), m_name));
    return commit_unsynced();
}

Result<void> AtomicFile::commit_unsynced()
{
    TRY(close_checked(std::move(m_fd), m_name));
    TRY(rename_at(m_directory, m_temporary, m_directory, m_name));
    m_temporary.clear();
    return {};
}

Result<void> AtomicFile::commit_new()
{
    TRY(finish_data());
    TRY(rename_noreplace(m_directory, m_temporary, m_directory, m_name));
    m_temporary.clear();
    return sync_directory(m_directory, ".");
}

Result<void> replace_file(int directory, const std::string& name, std::string_view content, mode_t mode)
{
    AtomicFile file = TRY(AtomicFile::create(directory, name, mode));
    TRY(file.write(content));
    return file.commit();
}

Result<void> replace_file_then_sync(int directory, const std::string& name, std::string_view content, mode_t mode)
{
    AtomicFile file = TRY(AtomicFile::create(directory, name, mode));
    TRY(file.write(content));
    return file.commit_then_sync();
}

Result<void> replace_file_in_order(int directory, const std::string& name, std::string_view content, mode_t mode)
{
    AtomicFile file = TRY(AtomicFile::create(directory, name, mode));
    TRY(file.write(content));
    return file.commit_in_order();
}

Result<void> replace_file_unsynced(int directory, const std::string& name, std::string_view content, mode_t mode)
{
    AtomicFile file = TRY(AtomicFile::create(directory, name, mode));
    TRY(file.write(content));
    return file.commit_unsynced();
}

} // namespace quire::sys
