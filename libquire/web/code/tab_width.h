// The width of tabs in a file, from the ".editorconfig" files of its commit; the nearest one takes precedence.
#pragma once

#include <map>
#include <optional>
#include <string_view>

#include "git/repository.h"
#include "web/keep/caches.h"

namespace quire::web {

/// 8 if nothing else is said.
int tab_width_of(const git::Repository& repository, const git_oid& commit, std::string_view path);

/// Those of many files of one commit, each of whose ".editorconfig" files is read once.
class TabWidths {
public:
    /// Both must outlive it.
    TabWidths(const SearchTree& tree, const git::Repository& repository) : m_tree(tree), m_repository(repository) {}
    int of(std::string_view path);

private:
    const std::optional<std::string>& config_in(std::string_view folder);

    const SearchTree& m_tree;
    const git::Repository& m_repository;
    std::map<std::string, std::optional<std::string>, std::less<>> m_read; ///< by folder
};

} // namespace quire::web
