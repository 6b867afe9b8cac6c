// What an object of a backup says: a tar archive whose entries are told one after the other to a root in the making.
//
//   file/<path>               this file (or symlink) of the root is now so
//   grow/<offset>/<path>      from there on this append-only file goes on so
//   remove/<path>             this file, or all of this directory, is gone
//   repository/<path>         a new repository: what was there under its name is gone
//   bundle/<path>             a git bundle of it: the objects that are new
//   refs/<path>               its refs that moved, "<id> <ref>" a line; zeros: it is gone
//
// <path> is below the root; a repository's is "repos/work/bar.git". tar(1) lists and unpacks one that is not encrypted.
#pragma once

#include "base/result.h"
#include "store/archive.h"
#include "store/root.h"

namespace quire::deliver {

/// The first words of the entries' names.
namespace entry {
constexpr std::string_view file = "file/";
constexpr std::string_view grow = "grow/";
constexpr std::string_view remove = "remove/";
constexpr std::string_view repository = "repository/";
constexpr std::string_view bundle = "bundle/";
constexpr std::string_view refs = "refs/";
} // namespace entry

class BackupPayload {
public:
    /// Into an open file that outlives it.
    BackupPayload(const store::Root& root, int out) : m_root(root), m_writer(out) {}

    /// A regular file or symlink of the root as it is now. false: there is none (any more).
    Result<bool> add_file(const std::string& path);
    Result<void> add_growth(const std::string& path, uint64_t offset, std::string_view content);
    Result<void> add_removal(const std::string& path);
    Result<void> add_repository(const std::string& path);
    Result<void> add_refs(const std::string& path, std::string_view lines);
    /// All of an open file, behind `head`.
    Result<void> add_bundle(const std::string& path, std::string_view head, int pack);

    uint64_t size() const { return m_writer.size(); }
    bool is_empty() const { return m_entries == 0; }
    Result<void> finish() { return m_writer.finish(); }

private:
    Result<void> add(std::string_view kind, const std::string& path, std::string_view content);
    Result<void> copy(int from, uint64_t size);

    const store::Root& m_root;
    store::ArchiveWriter m_writer;
    size_t m_entries = 0;
};

} // namespace quire::deliver
