#include "web/code/submodules.h"

#include "base/strings.h"
#include "web/html/url.h"

namespace quire::web {

constexpr size_t max_file = 256u << 10;

/// A value in the format of git's config files: quotes and escapes, a comment after it. nullopt if it is malformed.
static std::optional<std::string> parse_value(std::string_view text)
{
    std::string value;
    size_t end = 0; // blanks at the end don't count, unless they are in quotes
    bool quoted = false;
    for (size_t i = 0; i < text.size(); ++i) {
        char c = text[i];
        if (!quoted && (c == '#' || c == ';'))
            break;
        if (c == '"') {
            quoted = !quoted;
            end = value.size();
            continue;
        }
        if (c == '\\') {
            if (++i == text.size() || (text[i] != '\\' && text[i] != '"'))
                return std::nullopt;
            c = text[i];
        }
        value += c;
        if (quoted || (c != ' ' && c != '\t' && c != '\r'))
            end = value.size();
    }
    value.resize(end);
    return quoted ? std::nullopt : std::optional(value);
}

std::map<std::string, std::string> parse_gitmodules(std::string_view content)
{
    std::map<std::string, std::string> found;
    std::string path, url;
    auto add = [&] {
        if (!path.empty() && !url.empty())
            found[path] = url;
        path.clear();
        url.clear();
    };
    while (!content.empty()) {
        std::string_view line = trim(take_until(content, '\n'));
        if (line.starts_with('[')) {
            add();
            continue;
        }
        size_t equals = line.find('=');
        if (equals == std::string_view::npos)
            continue;
        std::string key = to_lower(trim(line.substr(0, equals)));
        auto value = parse_value(trim(line.substr(equals + 1)));
        if (value && key == "path")
            path = *value;
        else if (value && key == "url")
            url = *value;
    }
    add();
    return found;
}

/// "../other", seen from work/bar, is work/other; from the top there is no way up.
static std::optional<Url> neighbour(const store::RepoName& name, std::string_view address)
{
    std::vector<std::string> parts;
    for (std::string_view part : split(name.str(), '/'))
        parts.emplace_back(part);
    for (std::string_view part : split(address, '/')) {
        if (part == ".")
            continue;
        if (part != "..")
            parts.emplace_back(part);
        else if (parts.empty())
            return std::nullopt;
        else
            parts.pop_back();
    }
    std::string text = join(parts, "/");
    std::string_view own = text;
    strip_suffix(own, ".git");
    auto other = store::RepoName::parse(own);
    return other ? std::optional(Url::repository(*other)) : std::nullopt;
}

std::optional<Url> submodule_link(const store::RepoName& name, std::string_view address)
{
    strip_suffix(address, "/");
    if (address.starts_with("./") || address.starts_with("../"))
        return neighbour(name, address);
    std::string_view rest = address;
    if (!strip_prefix(rest, "https://") && !strip_prefix(rest, "http://"))
        return std::nullopt;
    std::string_view host = rest.substr(0, rest.find('/'));
    if (host.empty() || host.find('@') != std::string_view::npos)
        return std::nullopt;
    strip_suffix(address, ".git");
    Url link = Url::outside(address);
    return link.str() == "#" ? std::nullopt : std::optional(link);
}

std::map<std::string, std::string> submodules(const git::Repository& repository, const git_oid& commit)
{
    auto entry = repository.find(commit, ".gitmodules");
    if (!entry || entry->is_directory() || entry->is_link() || entry->is_submodule())
        return {};
    auto content = repository.blob(entry->id, max_file);
    return content ? parse_gitmodules(*content) : std::map<std::string, std::string>();
}

} // namespace quire::web
