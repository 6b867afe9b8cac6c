// Replaces or creates a file so that a reader, or a crash at any point, sees the old content or the new.
//
//   AtomicFile file = TRY(AtomicFile::create(dir, "meta.fnl", 0644));
//   TRY(file.write(text));
//   TRY(file.commit());            // fsync, rename, fsync of the directory
//
// The temporary lives in the same directory as ".<name>.<unique>.tmp" and goes away with an object that
// was not committed. `directory` must outlive the object and `name` be a plain name.
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
    /// Like commit, but leaves it to the kernel when the disk has it.
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

/// The whole sequence for content at hand.
Result<void> replace_file(int directory, const std::string& name, std::string_view content, mode_t mode = 0644);

/// The same without waiting for the disk: after a power cut the content may be missing or cut short.
Result<void> replace_file_unsynced(int directory, const std::string& name, std::string_view content,
                                   mode_t mode = 0644);

/// A name no other live process uses: "<prefix>.<pid>-<count>-<time>".
std::string unique_name(std::string_view prefix);

/// Whether `name` is one of unique_name (with the ending ".tmp") whose maker is dead.
bool is_abandoned_temporary(std::string_view name);
/// Removes such names from a directory; what can't be removed stays for the next time.
void sweep_temporaries(int directory, const std::string& path);

/// Whether `name` is one that AtomicFile leaves behind when a process is killed.
bool is_temporary_name(std::string_view name);

} // namespace quire::sys
