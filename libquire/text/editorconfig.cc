#include "text/editorconfig.h"

#include <algorithm>

#include "base/strings.h"

namespace quire::text {

namespace {

/// Matches a pattern against a path. Each step costs one; when none are left, nothing matches.
class Matcher {
public:
    bool fits(std::string_view pattern, std::string_view path)
    {
        if (m_steps == 0)
            return false;
        --m_steps;
        if (pattern.empty())
            return path.empty();
        switch (pattern[0]) {
        case '*': {
            bool crosses = pattern.starts_with("**");
            std::string_view rest = pattern.substr(crosses ? 2 : 1);
            for (size_t i = 0; i <= path.size(); ++i) {
                if (fits(rest, path.substr(i)))
                    return true;
                if (i < path.size() && path[i] == '/' && !crosses)
                    break;
            }
            return crosses && rest.starts_with('/') && fits(rest.substr(1), path);
        }
        case '?':
            return !path.empty() && path[0] != '/' && fits(pattern.substr(1), path.substr(1));
        case '[':
            return fits_set(pattern, path);
        case '{':
            return fits_choice(pattern, path);
        case '\\':
            pattern.remove_prefix(pattern.size() > 1 ? 1 : 0);
            break;
        default:
            break;
        }
        return !path.empty() && path[0] == pattern[0] && fits(pattern.substr(1), path.substr(1));
    }

private:
    bool fits_set(std::string_view pattern, std::string_view path)
    {
        size_t end = pattern.find(']', 2);
        if (path.empty() || end == std::string_view::npos)
            return !path.empty() && path[0] == '[' && fits(pattern.substr(1), path.substr(1));
        std::string_view set = pattern.substr(1, end - 1);
        bool is_negated = set[0] == '!' || set[0] == '^';
        set.remove_prefix(is_negated ? 1 : 0);
        bool has = false;
        for (size_t i = 0; i < set.size(); ++i) {
            if (i + 2 < set.size() && set[i + 1] == '-') {
                has = has || (path[0] >= set[i] && path[0] <= set[i + 2]);
                i += 2;
            } else {
                has = has || path[0] == set[i];
            }
        }
        return has != is_negated && path[0] != '/' && fits(pattern.substr(end + 1), path.substr(1));
    }

    bool fits_choice(std::string_view pattern, std::string_view path)
    {
        size_t depth = 0, end = 0;
        for (; end < pattern.size(); ++end) {
            if (pattern[end] == '{')
                ++depth;
            else if (pattern[end] == '}' && --depth == 0)
                break;
        }
        if (end >= pattern.size())
            return !path.empty() && path[0] == '{' && fits(pattern.substr(1), path.substr(1));
        std::string_view inside = pattern.substr(1, end - 1), rest = pattern.substr(end + 1);
        if (size_t dots = inside.find("..");
            dots != std::string_view::npos && inside.find(',') == std::string_view::npos)
            return fits_number(inside.substr(0, dots), inside.substr(dots + 2), rest, path);
        size_t begin = 0;
        for (size_t i = 0; i <= inside.size(); ++i) {
            if (i < inside.size() && inside[i] == '{')
                ++depth;
            else if (i < inside.size() && inside[i] == '}')
                --depth;
            else if ((i == inside.size() || inside[i] == ',') && depth == 0) {
                if (fits(std::string(inside.substr(begin, i - begin)) + std::string(rest), path))
                    return true;
                begin = i + 1;
            }
        }
        return false;
    }

    bool fits_number(std::string_view from, std::string_view to, std::string_view rest, std::string_view path)
    {
        size_t digits = std::min(path.find_first_not_of("0123456789"), path.size());
        auto low = parse_decimal(from), high = parse_decimal(to), number = parse_decimal(path.substr(0, digits));
        return low && high && number && *number >= *low && *number <= *high && fits(rest, path.substr(digits));
    }

    size_t m_steps = 20'000;
};

/// "key = value", both in lower case; empty for other lines.
std::pair<std::string, std::string> pair_of(std::string_view line)
{
    size_t mark = line.find('=');
    if (mark == std::string_view::npos || line.starts_with('#') || line.starts_with(';'))
        return {};
    return {to_lower(trim(line.substr(0, mark))), to_lower(trim(line.substr(mark + 1)))};
}

} // namespace

bool editorconfig_fits(std::string_view pattern, std::string_view path)
{
    if (pattern.size() > 1000 || path.size() > 4096)
        return false;
    if (pattern.starts_with('/'))
        return Matcher().fits(pattern.substr(1), path);
    if (pattern.find('/') != std::string_view::npos)
        return Matcher().fits(pattern, path);
    return Matcher().fits(pattern, path.substr(path.rfind('/') + 1));
}

bool is_root_editorconfig(std::string_view content)
{
    for (std::string_view line : split(content, '\n')) {
        if (trim(line).starts_with('['))
            return false;
        auto [key, value] = pair_of(trim(line));
        if (key == "root")
            return value == "true";
    }
    return false;
}

std::optional<int> editorconfig_tab_width(std::string_view content, std::string_view path)
{
    std::optional<int> tab_width, indent_size;
    bool fits = false;
    size_t sections = 0;
    for (std::string_view line : split(content, '\n')) {
        line = trim(line);
        if (line.starts_with('[') && line.ends_with(']')) {
            fits = ++sections < 200 && editorconfig_fits(line.substr(1, line.size() - 2), path);
            continue;
        }
        auto [key, value] = pair_of(line);
        if (!fits || (key != "tab_width" && key != "indent_size"))
            continue;
        auto number = parse_decimal(value);
        bool is_sane = number && *number >= 1 && *number <= 16;
        std::optional<int> said = is_sane ? std::optional(static_cast<int>(*number)) : std::nullopt;
        (key == "tab_width" ? tab_width : indent_size) = said;
    }
    return tab_width ? tab_width : indent_size;
}

} // namespace quire::text
