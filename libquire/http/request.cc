#include "http/request.h"

#include <algorithm>

#include "base/strings.h"
#include "sys/socket.h"
#include "text/escape.h"

namespace quire::http {

/// Visible ASCII that RFC 3986 allows in a path and query, and "[", "]", "|", "^", "{", "}", "`" and "\", which it does
/// not allow but some browsers send unescaped.
static bool is_target_byte(char c)
{
    return c > 0x20 && c < 0x7f && c != '"' && c != '<' && c != '>' && c != '#' && c != '\\';
}

static bool has_control(std::string_view text)
{
    return std::any_of(text.begin(), text.end(),
                       [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

static Result<std::string> decode(std::string_view raw)
{
    auto decoded = text::percent_decode(raw);
    if (!decoded)
        return fail(ErrorKind::invalid, "a percent sign without two hex digits");
    if (decoded->find('\0') != std::string::npos)
        return fail(ErrorKind::invalid, "a NUL");
    return std::move(*decoded);
}

static Result<std::vector<std::string>> parse_path(std::string_view raw)
{
    std::vector<std::string> path;
    strip_prefix(raw, "/");
    if (raw.empty())
        return path;
    strip_suffix(raw, "/");
    for (std::string_view part : split(raw, '/')) {
        std::string component = TRY(decode(part));
        if (component.empty() || component == "." || component == ".." || component.find('/') != std::string::npos)
            return fail(ErrorKind::invalid, "a path with an empty, '.', '..' or slashed part");
        path.push_back(std::move(component));
    }
    return path;
}

Result<Target> parse_target(std::string_view raw)
{
    if (raw.size() > max_target_bytes)
        return fail(ErrorKind::invalid, "a target longer than {} bytes", max_target_bytes);
    if (!raw.starts_with('/') || !std::all_of(raw.begin(), raw.end(), is_target_byte))
        return fail(ErrorKind::invalid, "a target with bytes that no URL has");
    Target target;
    std::string_view query = raw;
    std::string_view path = take_until(query, '?');
    bool has_query = path.size() < raw.size();
    target.path = TRY(parse_path(path));
    if (!has_query || query.empty())
        return target;
    for (std::string_view pair : split(query, '&')) {
        std::string spaced(pair);
        std::replace(spaced.begin(), spaced.end(), '+', ' ');
        std::string_view rest = spaced;
        std::string_view name = take_until(rest, '=');
        bool has_value = name.size() < spaced.size();
        std::string decoded = TRY(decode(name));
        if (has_control(decoded))
            return fail(ErrorKind::invalid, "a control byte in a query");
        target.query.emplace_back(std::move(decoded), TRY(decode(has_value ? rest : std::string_view())));
    }
    return target;
}

bool Request::has_left() const { return left ? left() : socket >= 0 && sys::has_hung_up(socket); }

std::string_view Request::parameter(std::string_view name) const
{
    for (const auto& [key, value] : target.query)
        if (key == name)
            return value;
    return {};
}

bool allows_gzip(std::string_view accept_encoding)
{
    for (std::string_view item : split(accept_encoding, ',')) {
        std::string_view parameters = item;
        std::string_view coding = trim(take_until(parameters, ';'));
        if (!equal_ignoring_case(coding, "gzip") && coding != "*")
            continue;
        std::string_view quality = trim(parameters);
        bool refused = strip_prefix(quality, "q=0") && quality.find_first_not_of("0.") == std::string_view::npos;
        return !refused;
    }
    return false;
}

bool allows_html(std::string_view accept)
{
    for (std::string_view type : split(accept, ','))
        if (equal_ignoring_case(trim(take_until(type, ';')), "text/html"))
            return true;
    return false;
}

bool matches_etag(std::string_view if_none_match, std::string_view etag)
{
    for (std::string_view item : split(if_none_match, ',')) {
        std::string_view tag = trim(item);
        strip_prefix(tag, "W/");
        if (!tag.empty() && (tag == etag || tag == "*"))
            return true;
    }
    return false;
}

} // namespace quire::http
