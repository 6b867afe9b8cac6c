// RefFiles: a repository's refs, read from their files through the descriptor of its directory.
//
// A loose ref (in a file of its own) takes precedence over packed-refs and is looked for first. That way no ref is
// missed while `git pack-refs` runs: it writes packed-refs before it removes the loose files. Read-only. Only one
// thread may use it at a time.
#pragma once

#include <git2.h>

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "sys/mapping.h"
#include "sys/stamp.h"

namespace quire::git {

class RefFiles {
public:
    /// `directory` must stay open as long as the object lives.
    explicit RefFiles(int directory) : m_directory(directory) {}

    struct Found {
        git_oid target{};
        std::optional<git_oid> peeled; ///< the object that a tag leads to, if packed-refs gives it
        bool is_peeled = false;        ///< without `peeled`, the target is no tag
    };
    struct Named : Found {
        std::string name; ///< the full name
    };

    /// The full name of the branch that HEAD points to; empty if HEAD is detached.
    std::string head_name() const;
    std::optional<Found> find(const std::string& name) const;
    using Choice = std::function<bool(const Found&)>;
    /// The refs below a prefix ("refs/heads"), by name: of the first `limit` those that are chosen, or all.
    std::vector<Named> list(const std::string& below, size_t limit, const Choice& is_chosen = {}) const;

private:
    std::optional<Found> find_through(const std::string& name, int depth) const;
    std::string_view packed() const;
    void list_loose(const std::string& directory, int depth, size_t limit, std::vector<Named>& found) const;

    int m_directory;
    mutable std::optional<sys::Mapping> m_packed;
    mutable sys::Stamp m_packed_stamp; ///< of the file that m_packed was read from
};

} // namespace quire::git
