#include "sys/kept_files.h"

#include <algorithm>
#include <vector>

#include "sys/atomic_file.h"
#include "sys/file.h"

namespace quire::sys {

/// When the space is used up, this part of it is freed.
constexpr uint64_t freed_part = 8;

/// REQUIRES: the mutex is held.
void KeptFiles::look()
{
    if (std::exchange(m_was_listed, true))
        return;
    sweep_temporaries(m_directory.get(), ".");
    for (const std::string& name : list_directory(m_directory.get(), ".").value_or({}))
        if (auto status = stat_at(m_directory.get(), name); status && *status) {
            m_files[name] = {static_cast<uint64_t>((*status)->st_size), modified_at(**status)};
            m_bytes += m_files[name].bytes;
        }
}

std::optional<UniqueFd> KeptFiles::open(const std::string& name)
{
    if (!m_directory)
        return std::nullopt;
    {
        std::lock_guard lock(m_mutex);
        look();
        auto known = m_files.find(name);
        if (known == m_files.end())
            return std::nullopt;
        known->second.used = now();
    }
    auto file = open_regular(m_directory.get(), name, O_NOFOLLOW);
    if (!file)
        return std::nullopt;
    (void)set_modified(file->get(), now(), name); // for the next start; if it can't be noted, it goes sooner
    return std::move(*file);
}

/// REQUIRES: the mutex is held.
void KeptFiles::forget(const std::string& name)
{
    auto file = m_files.find(name);
    if (file == m_files.end())
        return;
    m_bytes -= file->second.bytes;
    m_files.erase(file);
}

/// REQUIRES: the mutex is held.
void KeptFiles::drop_old_ones()
{
    if (m_bytes <= m_most)
        return;
    std::vector<std::pair<Instant, std::string>> by_age;
    for (const auto& [name, file] : m_files)
        by_age.emplace_back(file.used, name);
    std::sort(by_age.begin(), by_age.end());
    for (const auto& [used, name] : by_age) {
        if (m_bytes <= m_most - m_most / freed_part)
            break;
        (void)unlink_at(m_directory.get(), name); // it is gone already, or no longer counted
        forget(name);
    }
}

void KeptFiles::keep(const std::string& name, std::string_view content, Instant used)
{
    if (!m_directory || content.size() > m_most / 2 || !replace_file_unsynced(m_directory.get(), name, content, 0600))
        return;
    std::lock_guard lock(m_mutex);
    look();
    forget(name);
    m_files[name] = {content.size(), used};
    m_bytes += content.size();
    drop_old_ones();
}

void KeptFiles::drop(const std::string& name)
{
    if (!m_directory)
        return;
    (void)unlink_at(m_directory.get(), name);
    std::lock_guard lock(m_mutex);
    forget(name);
}

} // namespace quire::sys
