// The width of tabs in a file, from the ".editorconfig" files of its commit; the nearest one takes precedence.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "git/repository.h"
#include "web/code/find_entry.h"
#include "web/keep/caches.h"

namespace quire::web {

/// Gives the id of a file of the commit; nullopt: it has no such file.
using FindFile = std::function<std::optional<git_oid>(const std::string& path)>;
/// What they look in must outlive them.
FindFile files_of(EntryFinder& entries);
FindFile files_of(const git::Repository& repository, const git_oid& commit);
FindFile files_of(const SearchTree& tree);

/// The widths in files of one commit, each of whose ".editorconfig" files is read once.
class TabWidths {
public:
    /// The repository must outlive it.
    TabWidths(FindFile find, const git::Repository& repository) : m_find(std::move(find)), m_repository(repository) {}
    /// 8 if nothing else is said.
    int of(std::string_view path);

private:
    const std::optional<std::string>& config_in(std::string_view folder);

    FindFile m_find;
    const git::Repository& m_repository;
    std::map<std::string, std::optional<std::string>, std::less<>> m_read; ///< by folder
};

} // namespace quire::web
