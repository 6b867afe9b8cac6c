// RepoName: the name of a repository, checked once on entry.
//
// "foo" or "work/bar": at most one group level. Each part matches [A-Za-z0-9][A-Za-z0-9._-]*, has no "..", and does not
// end in ".git" (which directories have), ".lock" or "."; the whole name has at most 100 bytes. Names that the web view
// or the data root use for something else are refused. A RepoName can't lead out of the root.
#pragma once

#include <compare>
#include <string>
#include <string_view>

#include "base/result.h"

namespace quire::store {

class RepoName {
public:
    /// The strict form, for configs, records and the operator's commands. One ".git" at the end is dropped.
    static Result<RepoName> parse(std::string_view text);

    /// The forms that git, jj and people send over ssh: "foo", "/foo.git", "~/foo", "foo/", also with the root's own
    /// absolute path (or its repos/) in front. The rest must pass parse().
    static Result<RepoName> from_request(std::string_view text, std::string_view root_path);

    const std::string& str() const { return m_name; }
    /// "" for a repository that is in no group.
    std::string group() const;
    /// The directory's name below repos/, runs/ and cache/: "work/bar.git".
    std::string directory() const { return m_name + ".git"; }
    /// The name as one path component, for files of the queue and requests: "work%2Fbar.git".
    std::string component() const;
    static Result<RepoName> from_component(std::string_view component);

    auto operator<=>(const RepoName&) const = default;

private:
    explicit RepoName(std::string name) : m_name(std::move(name)) {}
    std::string m_name;
};

} // namespace quire::store
