#include "store/repo_name.h"

#include <algorithm>
#include <array>

#include "base/log.h"
#include "base/strings.h"

namespace quire::store {

constexpr size_t max_name_bytes = 100;

/// First components that URLs, or people who read the data root, would understand differently.
constexpr std::array reserved_names = {"repos", "runs", "healthz", "robots.txt", "favicon.ico", "static"};

static bool is_alphanumeric(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/// Says what is wrong with one part of a name; "" if nothing is.
static std::string_view fault_of(std::string_view part)
{
    if (part.empty())
        return "has an empty part";
    if (!is_alphanumeric(part[0]))
        return "has a part that does not begin with a letter or digit";
    bool plain = std::all_of(part.begin(), part.end(),
                             [](char c) { return is_alphanumeric(c) || c == '.' || c == '_' || c == '-'; });
    if (!plain)
        return "has characters other than letters, digits, '.', '_' and '-'";
    if (part.find("..") != std::string_view::npos)
        return "has '..' in it";
    if (part.ends_with(".git"))
        return "has a part that ends in '.git'";
    if (part.ends_with(".lock"))
        return "has a part that ends in '.lock'";
    if (part.ends_with('.'))
        return "has a part that ends in '.'";
    return {};
}

Result<RepoName> RepoName::parse(std::string_view text)
{
    std::string shown = visible(text.substr(0, max_name_bytes));
    std::string_view name = text;
    strip_suffix(name, ".git");
    if (name.empty())
        return fail(ErrorKind::invalid, "the repository name is empty");
    if (name.size() > max_name_bytes)
        return fail(ErrorKind::invalid, "repository name '{}…' is longer than {} bytes", shown, max_name_bytes);
    std::vector<std::string_view> parts = split(name, '/');
    if (parts.size() > 2)
        return fail(ErrorKind::invalid, "repository name '{}' has more than one group level", shown);
    for (std::string_view part : parts)
        if (std::string_view fault = fault_of(part); !fault.empty())
            return fail(ErrorKind::invalid, "repository name '{}' {}", shown, fault);
    bool reserved = std::any_of(reserved_names.begin(), reserved_names.end(),
                                [&](const char* word) { return equal_ignoring_case(parts[0], word); });
    // "/foo/runs" lists the runs of foo, and "/foo/badge.svg" shows how the last one ended.
    reserved = reserved || (parts.size() == 2 &&
                            (equal_ignoring_case(parts[1], "runs") || equal_ignoring_case(parts[1], "badge.svg")));
    if (reserved)
        return fail(ErrorKind::invalid, "repository name '{}' is reserved", shown);
    return RepoName(std::string(name));
}

Result<RepoName> RepoName::from_request(std::string_view text, std::string_view root_path)
{
    std::string_view name = text;
    if (!root_path.empty() && name.starts_with(root_path) && name.substr(root_path.size()).starts_with('/')) {
        name.remove_prefix(root_path.size() + 1);
        strip_prefix(name, "repos/");
    } else if (!strip_prefix(name, "~/") && !strip_prefix(name, "/~/")) {
        strip_prefix(name, "/");
    }
    strip_suffix(name, "/");
    return parse(name);
}

std::string RepoName::group() const
{
    size_t slash = m_name.find('/');
    return slash == std::string::npos ? std::string() : m_name.substr(0, slash);
}

std::string RepoName::component() const
{
    // '/' is the only byte of a name that a component can't contain, and '%' never occurs in a name.
    std::string out = directory();
    if (size_t slash = out.find('/'); slash != std::string::npos)
        out.replace(slash, 1, "%2F");
    return out;
}

Result<RepoName> RepoName::from_component(std::string_view component)
{
    std::string name(component);
    if (size_t encoded = name.find("%2F"); encoded != std::string::npos)
        name.replace(encoded, 3, "/");
    if (!name.ends_with(".git"))
        return fail(ErrorKind::invalid, "'{}' is not the component of a repository", visible(component));
    return parse(name);
}

} // namespace quire::store
