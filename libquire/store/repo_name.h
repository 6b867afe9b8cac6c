// RepoName: the name of a repository, checked once at the edge.
//
// "foo" or "work/bar": one group level at most. Each part matches [A-Za-z0-9][A-Za-z0-9._-]*, has no "..",
// does not end in ".git" (it is the directory's suffix), ".lock" or "."; the whole has at most 100 bytes; names
// that the web view or the data root use for something else are refused. A RepoName can't escape the root.
#pragma once

#include <compare>
#include <string>
#include <string_view>

#include "base/result.h"

namespace quire::store {

class RepoName {
public:
    /// The strict form, as in configs, records and the operator's commands; one ".git" suffix is dropped.
    static Result<RepoName> parse(std::string_view text);

    /// What git, jj and people send over ssh: "foo", "/foo.git", "~/foo", "foo/", and with the root's own absolute
    /// path (or its repos/) in front. Everything ends in parse().
    static Result<RepoName> from_request(std::string_view text, std::string_view root_path);

    const std::string& str() const { return m_name; }
    /// "" for a repository outside any group.
    std::string group() const;
    /// Relative to repos/, runs/ and cache/: "work/bar.git".
    std::string directory() const { return m_name + ".git"; }
    /// One path component, for queue and request files: "work%2Fbar.git".
    std::string component() const;
    static Result<RepoName> from_component(std::string_view component);

    auto operator<=>(const RepoName&) const = default;

private:
    explicit RepoName(std::string name) : m_name(std::move(name)) {}
    std::string m_name;
};

} // namespace quire::store
