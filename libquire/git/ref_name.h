// RefName: the full name of a ref, checked once at the edge by git's own rules and a few stricter ones.
//
// "refs/heads/main". What `git check-ref-format` refuses is refused, and so are names over 255 bytes and bytes
// that are no printable UTF-8: a ref's name ends up on terminals, in logs and in file names.
#pragma once

#include <compare>
#include <string>
#include <string_view>

#include "base/result.h"

namespace quire::git {

class RefName {
public:
    static Result<RefName> parse(std::string_view text);
    /// "main" as "refs/heads/main"; refuses what git refuses as a branch ("HEAD", a leading "-").
    static Result<RefName> from_branch(std::string_view branch);

    const std::string& str() const { return m_name; }
    /// Without refs/heads/ or refs/tags/; otherwise without refs/.
    std::string_view short_name() const;

    auto operator<=>(const RefName&) const = default;

private:
    explicit RefName(std::string name) : m_name(std::move(name)) {}
    std::string m_name;
};

/// "main" for refs/heads/main, "tag v1" for refs/tags/v1, the full name otherwise; safe to print, whatever it is.
std::string shown_ref(std::string_view ref);

} // namespace quire::git
