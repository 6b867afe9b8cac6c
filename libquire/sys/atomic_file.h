// Replaces or creates a file so that a reader, or a crash at any point, sees the old content or the new.
//
//   AtomicFile file = TRY(AtomicFile::create(dir, "meta.fnl", 0644));
//   TRY(file.write(text));
//   TRY(file.commit());            // fsync, rename, fsync of the directory
//
// The temporary lives in the same directory as ".<name>.<unique>.tmp". If the object is destroyed without a commit, it
// is removed. `directory` must outlive the object, and `name` must have no slash in it.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "base/unique_fd.h"

#include <sys/types.h>

namespace quire::sys {

class AtomicFile {
public:
    static Result<AtomicFile> create(int directory, std::string name, mode_t mode);
    AtomicFile(AtomicFile&&) = default;
    AtomicFile& operator=(AtomicFile&&) = delete;
    ~AtomicFile();

    Result<void> write(std::string_view data);
    Result<void> commit();
    /// Like commit, but syncs last; see replace_file_then_sync.
    Result<void> commit_then_sync();
    /// Like commit, but without fsync, where all comes to the disk in order (sys/sync_order.h): whole, and before what
    /// is done afterwards.
    Result<void> commit_in_order();
    /// Like commit, but without fsync: the kernel decides when the data reaches the disk.
    Result<void> commit_unsynced();
    /// Like commit, but fails with ErrorKind::exists instead of replacing.
    Result<void> commit_new();

private:
    AtomicFile(int directory, std::string name, std::string temporary, UniqueFd fd);
    Result<void> finish_data();

    int m_directory;
    std::string m_name;
    std::string m_temporary;
    UniqueFd m_fd;
};

/// Creates, writes and commits an AtomicFile whose content is already in memory.
Result<void> replace_file(int directory, const std::string& name, std::string_view content, mode_t mode = 0644);

/// Like replace_file, but waits for the disk once: it syncs when the name is there already. If the machine fails before
/// this returns, the file may be there and cut short, mostly to nothing.
Result<void> replace_file_then_sync(int directory, const std::string& name, std::string_view content,
                                    mode_t mode = 0644);

/// Like AtomicFile::commit_in_order.
Result<void> replace_file_in_order(int directory, const std::string& name, std::string_view content,
                                   mode_t mode = 0644);

/// Like replace_file, but without fsync: after a power cut the content may be missing or cut short.
Result<void> replace_file_unsynced(int directory, const std::string& name, std::string_view content,
                                   mode_t mode = 0644);

/// A name that no other live process uses: "<prefix>.<pid>-<count>-<time>".
std::string unique_name(std::string_view prefix);

/// Whether `name` was made by unique_name (with ".tmp" appended) in a process that is dead.
bool is_abandoned_temporary(std::string_view name);
/// Removes the abandoned temporaries in a directory. What can't be removed is left for the next sweep.
void sweep_temporaries(int directory, const std::string& path);

/// Whether `name` is that of a temporary, such as AtomicFile leaves behind when its process is killed.
bool is_temporary_name(std::string_view name);

} // namespace quire::sys
