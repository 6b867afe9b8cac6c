// Archives: trees of files as one tar file (pax), which tar(1) can list and unpack.
//
//   ArchiveWriter writer(fd);  writer.comment(…); writer.file(…); …  writer.finish();
//   ArchiveReader reader(fd);  while (auto entry = TRY(reader.next())) … reader.content(…)
//
// Every entry has a pax header with its whole path and its time in nanoseconds. There are only regular files,
// directories and symlinks. The reader accepts what the writer writes; anything else is ErrorKind::invalid.
#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "base/time.h"

namespace quire::store {

struct ArchiveEntry {
    enum class Kind : char { comment = 'g', file = '0', symlink = '2', directory = '5' };
    Kind kind = Kind::file;
    std::string path;
    std::string text;  ///< the target of a symlink, the text of a comment
    uint64_t size = 0; ///< of a file
    unsigned mode = 0644;
    Instant modified = 0;
};

class ArchiveWriter {
public:
    explicit ArchiveWriter(int fd) : m_fd(fd) {}

    /// Adds a comment on the whole archive, for its reader.
    Result<void> comment(std::string_view text);
    /// Adds a directory or symlink, or begins a file, for which exactly `size` bytes of add_content() must follow.
    Result<void> add(const ArchiveEntry& entry);
    Result<void> add_content(std::string_view bytes);
    Result<void> finish();
    uint64_t size() const { return m_size + m_buffer.size(); }

private:
    Result<void> header(char type, std::string_view name, const ArchiveEntry& entry, uint64_t size);
    Result<void> padded(std::string_view content);
    Result<void> append(std::string_view bytes);
    Result<void> flush();

    int m_fd;
    std::string m_buffer;
    uint64_t m_size = 0;    ///< bytes written
    uint64_t m_content = 0; ///< of the present file, for its padding
    uint64_t m_left = 0;    ///< of the present file, still to come
};

class ArchiveReader {
public:
    explicit ArchiveReader(int fd) : m_fd(fd) {}

    /// The next entry. Skips what is left of the present file. nullopt at the end.
    Result<std::optional<ArchiveEntry>> next();
    /// A piece of the present file; empty at its end.
    Result<std::string> content();

private:
    Result<std::string> take(size_t size);
    Result<void> skip_padding(uint64_t size);

    int m_fd;
    uint64_t m_offset = 0;
    uint64_t m_left = 0; ///< of the present file, still to come
    uint64_t m_size = 0;
};

} // namespace quire::store
