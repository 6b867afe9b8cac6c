// Files and directories: thin, typed system calls.
//
// Every descriptor is close-on-exec. Paths are relative to a directory descriptor where a directory is
// at hand (AT_FDCWD otherwise); errors name the call and the path. All of them retry on EINTR.
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
/// Opens `path` below `directory`, refusing any way out of it, by "..", an absolute path or a symlink.
Result<UniqueFd> open_beneath(int directory, const std::string& path, int flags, mode_t mode = 0666);
/// Opens a regular file for reading. Anything else in its place is an error: to open a fifo would wait for a writer,
/// and a device never ends. `flags`: O_NOFOLLOW, or nothing.
Result<UniqueFd> open_regular(int directory, const std::string& path, int flags = 0);
/// The same, beneath `directory` as open_beneath means it.
Result<UniqueFd> open_regular_beneath(int directory, const std::string& path, int flags = 0);
/// A second descriptor for the same open file.
Result<UniqueFd> duplicate(int fd);

/// The whole of a regular file; an error if it is none, or holds more than `limit` bytes.
Result<std::string> read_file(int directory, const std::string& path, size_t limit = 16u << 20);
Result<std::string> read_all(int fd, size_t limit, std::string_view name);
/// At most `size` bytes from the front of what read(2) has now; empty at the end.
Result<std::string> read_some(int fd, size_t size);
/// Reads into a buffer what a non-blocking descriptor has: 0 at the end, nullopt when there is nothing now.
Result<std::optional<size_t>> read_ready(int fd, char* buffer, size_t size);
/// Writes what a non-blocking descriptor takes: how many bytes that were, nullopt when there is no room now.
Result<std::optional<size_t>> write_ready(int fd, std::string_view data);
Result<void> set_nonblocking(int fd);
/// Asks for a larger buffer in the kernel. A refusal is fine: it only costs speed.
void enlarge_pipe(int fd, int bytes);
/// Reads into a buffer at an offset; less than `size` only at the file's end.
Result<size_t> read_into(int fd, uint64_t offset, char* buffer, size_t size);
Result<std::string> read_at(int fd, uint64_t offset, size_t size);
/// A file without a name in memory, read from its beginning.
Result<UniqueFd> memory_file(std::string_view content);
Result<void> write_all(int fd, std::string_view data);
Result<void> write_at(int fd, std::string_view data, uint64_t offset);
Result<void> append_file(int directory, const std::string& path, std::string_view data, mode_t mode = 0644);

Result<void> sync_file(int fd, std::string_view name);
Result<void> sync_data(int fd, std::string_view name);
Result<void> sync_directory(int directory, const std::string& path);
/// Everything on the file system that holds `fd`: one call instead of hundreds, dear when others write.
Result<void> sync_filesystem(int fd, std::string_view name);
/// For files that were written: reports what close(2) says.
Result<void> close_checked(UniqueFd fd, std::string_view name);

Result<void> rename_at(int from_directory, const std::string& from, int to_directory, const std::string& to);
/// Fails with ErrorKind::exists instead of replacing.
Result<void> rename_noreplace(int from_directory, const std::string& from, int to_directory, const std::string& to);
Result<void> make_directory(int directory, const std::string& path, mode_t mode = 0755);
/// Like mkdir -p: what exists already is fine.
Result<void> make_directories(int directory, const std::string& path, mode_t mode = 0755);
/// The same, opening the last one; refuses any way out of `directory`, by "..", an absolute path or a symlink.
Result<UniqueFd> make_directories_beneath(int directory, const std::string& path, mode_t mode = 0755);
Result<void> unlink_at(int directory, const std::string& path);
Result<void> remove_directory(int directory, const std::string& path);
/// Like rm -rf, but never follows a symlink and never leaves the tree, gives itself the permissions that its own
/// directories lack, and takes few descriptors however deep the tree is. What is gone already is fine.
Result<void> remove_tree(int directory, const std::string& path);
Result<void> symlink_at(const std::string& target, int directory, const std::string& path);
Result<std::string> read_link(int directory, const std::string& path);

/// nullopt where nothing is there; symlinks are not followed.
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
