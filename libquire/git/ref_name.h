// RefName: the full name of a ref, checked once on entry by git's rules and a few stricter ones.
//
// For example "refs/heads/main". It refuses what `git check-ref-format` refuses, names over 255 bytes, and names that
// are not printable UTF-8, because ref names end up on terminals, in logs and in file names.
#pragma once

#include <compare>
#include <string>
#include <string_view>

#include "base/result.h"

namespace quire::git {

class RefName {
public:
    static Result<RefName> parse(std::string_view text);
    /// Makes "refs/heads/main" of "main". Refuses what git refuses as a branch ("HEAD", a leading "-").
    static Result<RefName> from_branch(std::string_view branch);

    const std::string& str() const { return m_name; }
    /// The name without refs/heads/ or refs/tags/; for other refs, without refs/.
    std::string_view short_name() const;

    auto operator<=>(const RefName&) const = default;

private:
    explicit RefName(std::string name) : m_name(std::move(name)) {}
    std::string m_name;
};

/// "main" for refs/heads/main, "tag v1" for refs/tags/v1, otherwise the full name. Any ref becomes safe to print.
std::string shown_ref(std::string_view ref);

} // namespace quire::git
