#include "git/ref_name.h"

#include "base/log.h"
#include "base/strings.h"
#include "text/escape.h"

namespace quire::git {

constexpr size_t max_ref_bytes = 255;

/// Says what is wrong with one component of a ref's name; "" if nothing is.
static std::string_view fault_of_component(std::string_view part)
{
    if (part.empty())
        return "has an empty part";
    if (part[0] == '.')
        return "has a part that begins with '.'";
    if (part.ends_with(".lock"))
        return "has a part that ends in '.lock'";
    return {};
}

static std::string_view fault_of(std::string_view name)
{
    if (name.size() > max_ref_bytes)
        return "is longer than 255 bytes";
    if (!is_printable_utf8(name))
        return "has control characters or is no UTF-8";
    if (name.find_first_of(" ~^:?*[\\") != std::string_view::npos)
        return "has a space or one of ~ ^ : ? * [ \\";
    if (name.find("..") != std::string_view::npos || name.find("@{") != std::string_view::npos)
        return "has '..' or '@{' in it";
    if (name.ends_with('.'))
        return "ends in '.'";
    for (std::string_view part : split(name, '/'))
        if (std::string_view fault = fault_of_component(part); !fault.empty())
            return fault;
    return {};
}

static std::string shown(std::string_view text) { return visible(text.substr(0, max_ref_bytes)); }

Result<RefName> RefName::parse(std::string_view text)
{
    if (std::string_view fault = fault_of(text); !fault.empty())
        return fail(ErrorKind::invalid, "ref name '{}' {}", shown(text), fault);
    if (!text.starts_with("refs/"))
        return fail(ErrorKind::invalid, "ref name '{}' does not begin with 'refs/'", shown(text));
    return RefName(std::string(text));
}

Result<RefName> RefName::from_branch(std::string_view branch)
{
    if (branch.empty() || branch[0] == '-' || branch == "HEAD" || branch == "@")
        return fail(ErrorKind::invalid, "'{}' is not a name for a branch", shown(branch));
    std::string name = fmt::format("refs/heads/{}", branch);
    if (std::string_view fault = fault_of(name); !fault.empty())
        return fail(ErrorKind::invalid, "branch name '{}' {}", shown(branch), fault);
    return RefName(std::move(name));
}

std::string_view RefName::short_name() const
{
    std::string_view name = m_name;
    if (!strip_prefix(name, "refs/heads/") && !strip_prefix(name, "refs/tags/"))
        strip_prefix(name, "refs/");
    return name;
}

std::string shown_ref(std::string_view ref)
{
    std::string_view name = ref;
    if (strip_prefix(name, "refs/heads/"))
        return text::show_invisible(name);
    if (strip_prefix(name, "refs/tags/"))
        return "tag " + text::show_invisible(name);
    return text::show_invisible(ref);
}

} // namespace quire::git
