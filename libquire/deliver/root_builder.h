// A data root made from the objects of a backup, one after the other.
//
// It is built in a directory of its own and means nothing before finish(). What the objects say was marked by the box
// that stored them; all the same, no path leads out of the directory.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "base/unique_fd.h"
#include "store/archive.h"

namespace quire::deliver {

class RootBuilder {
public:
    /// The open directory outlives it.
    explicit RootBuilder(int directory) : m_directory(directory) {}

    /// All that the payload says.
    Result<void> apply(int payload);
    /// One entry of a payload, whose content comes from the reader.
    Result<void> apply_entry(store::ArchiveReader& reader, const store::ArchiveEntry& entry);
    /// Of the payload that comes next, what the push logs say happened until then: refs as pushes left them, their
    /// objects, and repositories that had been pushed to. Nothing may be applied afterwards.
    Result<void> apply_until(int payload, Instant until);
    /// Writes the refs, checks what git needs, and notes where the push logs end. Durable when it returns.
    Result<void> finish();

    uint64_t repositories() const { return m_refs.size(); }
    /// What is not as it should be, one line each; known after finish().
    const std::vector<std::string>& complaints() const { return m_complaints; }

private:
    using Refs = std::map<std::string, std::string>;
    struct Story;

    Result<void> write_file(store::ArchiveReader& reader, const store::ArchiveEntry& entry, const std::string& path);
    Result<void> write_growth(const std::string& path, uint64_t offset, std::string_view content);
    Result<void> make_repository(const std::string& path);
    Result<void> remove(const std::string& path);
    Result<void> unpack_bundle(store::ArchiveReader& reader, const store::ArchiveEntry& entry, const std::string& path);
    void move_refs(const std::string& path, std::string_view lines);
    Result<std::map<std::string, Story>> read_stories(int payload, Instant until);
    void tell(const std::string& path, const Story& story);
    Result<void> finish_repository(const std::string& path, const Refs& refs);

    int m_directory;
    std::map<std::string, Refs> m_refs; ///< by the repository's path
    std::vector<std::string> m_complaints;
};

} // namespace quire::deliver
