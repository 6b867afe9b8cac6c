// RefFiles: a repository's refs, read from their files through the descriptor of its directory.
//
// A ref in a file of its own counts before the one in packed-refs, and is looked for first: `git pack-refs` writes the
// packed file before it removes the others, so no ref is missed in between. Read only. Not for use from two threads at
// once.
#pragma once

#include <git2.h>

#include <optional>
#include <string>
#include <vector>

#include "sys/mapping.h"

namespace quire::git {

class RefFiles {
public:
    /// `directory` must stay open as long as the object.
    explicit RefFiles(int directory) : m_directory(directory) {}

    struct Found {
        git_oid target{};
        std::optional<git_oid> peeled; ///< what a tag leads to, where packed-refs says so
    };
    struct Named : Found {
        std::string name; ///< full
    };

    /// The full name of the branch that HEAD is; empty if it is none.
    std::string head_name() const;
    std::optional<Found> find(const std::string& name) const;
    /// Refs below a directory of refs ("refs/heads"), by name, at most `limit`.
    std::vector<Named> list(const std::string& below, size_t limit) const;

private:
    std::optional<Found> find_through(const std::string& name, int depth) const;
    std::string_view packed() const;
    void list_loose(const std::string& directory, int depth, size_t limit, std::vector<Named>& found) const;

    int m_directory;
    mutable std::optional<sys::Mapping> m_packed;
    mutable std::string m_packed_stamp; ///< of the file that m_packed is
};

} // namespace quire::git
