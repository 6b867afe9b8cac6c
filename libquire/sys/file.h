// Files and directories: thin, typed system calls.
//
// Every descriptor is close-on-exec. Paths are relative to a directory descriptor (AT_FDCWD where there is none).
// Errors name the call and the path. Every function retries on EINTR.
#pragma once

#include <fcntl.h>
#include <sys/stat.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "base/unique_fd.h"

namespace quire::sys {

Result<UniqueFd> open_at(int directory, const std::string& path, int flags, mode_t mode = 0666);
Result<UniqueFd> open_directory(int directory, const std::string& path);
/// Opens `path` below `directory`. Refuses a path that leads out of it by "..", by being absolute or through a symlink.
Result<UniqueFd> open_beneath(int directory, const std::string& path, int flags, mode_t mode = 0666);
/// Opens a regular file for reading. Anything else is an error: opening a fifo would wait for a writer, and a device
/// may never end. `flags` may be O_NOFOLLOW or 0.
Result<UniqueFd> open_regular(int directory, const std::string& path, int flags = 0);
/// Opens a regular file for reading, and refuses paths that lead out of `directory`, as open_beneath does.
Result<UniqueFd> open_regular_beneath(int directory, const std::string& path, int flags = 0);
/// A second descriptor for the same open file.
Result<UniqueFd> duplicate(int fd);

/// The content of a regular file. It is an error if the file is not regular or holds more than `limit` bytes.
Result<std::string> read_file(int directory, const std::string& path, size_t limit = 16u << 20);
Result<std::string> read_all(int fd, size_t limit, std::string_view name);
/// Calls read(2) once: returns at most `size` bytes, and an empty string at the end.
Result<std::string> read_some(int fd, size_t size);
/// Reads what a non-blocking descriptor has ready. 0 means the end; nullopt means that nothing is ready now.
Result<std::optional<size_t>> read_ready(int fd, char* buffer, size_t size);
/// Writes as much as a non-blocking descriptor takes and returns how much that was; nullopt when there is no room now.
Result<std::optional<size_t>> write_ready(int fd, std::string_view data);
Result<void> set_nonblocking(int fd);
/// Asks the kernel for a larger pipe buffer and returns the size that the buffer has then: if the kernel refuses, the
/// pipe just is slower.
int enlarge_pipe(int fd, int bytes);
/// Reads into a buffer from an offset. Returns less than `size` only at the end of the file.
Result<size_t> read_into(int fd, uint64_t offset, char* buffer, size_t size);
Result<std::string> read_at(int fd, uint64_t offset, size_t size);
/// A file in memory without a name, positioned at its beginning.
Result<UniqueFd> memory_file(std::string_view content);
Result<void> write_all(int fd, std::string_view data);
Result<void> write_at(int fd, std::string_view data, uint64_t offset);
Result<void> append_file(int directory, const std::string& path, std::string_view data, mode_t mode = 0644);

Result<void> sync_file(int fd, std::string_view name);
Result<void> sync_data(int fd, std::string_view name);
Result<void> sync_directory(int directory, const std::string& path);
/// Syncs the whole file system that holds `fd`: one call in place of hundreds, but slow while others write to it.
Result<void> sync_filesystem(int fd, std::string_view name);
/// Closes a file that was written and reports the error of close(2).
Result<void> close_checked(UniqueFd fd, std::string_view name);

Result<void> rename_at(int from_directory, const std::string& from, int to_directory, const std::string& to);
/// Renames, but fails with ErrorKind::exists if the new name is taken.
Result<void> rename_noreplace(int from_directory, const std::string& from, int to_directory, const std::string& to);
Result<void> make_directory(int directory, const std::string& path, mode_t mode = 0755);
/// Like mkdir -p: directories that exist already are fine.
Result<void> make_directories(int directory, const std::string& path, mode_t mode = 0755);
/// Like make_directories, and opens the last one. Refuses paths that lead out of `directory`, as open_beneath does.
Result<UniqueFd> make_directories_beneath(int directory, const std::string& path, mode_t mode = 0755);
Result<void> unlink_at(int directory, const std::string& path);
Result<void> remove_directory(int directory, const std::string& path);
/// Like rm -rf, but never follows a symlink. Adds missing permissions to directories inside the tree, and needs few
/// descriptors however deep the tree is. It is no error if the path is gone already.
Result<void> remove_tree(int directory, const std::string& path);
Result<void> symlink_at(const std::string& target, int directory, const std::string& path);
Result<std::string> read_link(int directory, const std::string& path);

/// nullopt if nothing is there. Does not follow symlinks.
Result<std::optional<struct stat>> stat_at(int directory, const std::string& path);
bool exists(int directory, const std::string& path);
bool is_executable_file(int directory, const std::string& path);
Instant modified_at(const struct stat& status);
Result<void> set_modified(int fd, Instant at, std::string_view name);

/// The names in a directory, without "." and "..", sorted by byte value.
Result<std::vector<std::string>> list_directory(int directory, const std::string& path);

/// An absolute path with no symlinks in it.
Result<std::string> real_path(const std::string& path);
Result<std::string> current_directory();

} // namespace quire::sys
