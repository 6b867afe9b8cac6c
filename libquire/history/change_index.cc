#include "history/change_index.h"

#include <algorithm>

#include "base/strings.h"
#include "history/open_index.h"
#include "store/root.h"

namespace quire::history {

Result<ChangeIndex> ChangeIndex::open(int runs) { return open_index<ChangeIndex>(runs, store::paths::change_index); }

/// "quire-changes 1 <bytes of lines> <log size> <digest>", "tip <id>" each, an empty line, the lines.
bool ChangeIndex::parse()
{
    std::string_view rest = m_file.content();
    std::string_view first = take_until(rest, '\n');
    if (!strip_prefix(first, change_index_mark) || !strip_prefix(first, " "))
        return false;
    auto bytes = parse_decimal(take_until(first, ' '));
    auto log_size = parse_decimal(take_until(first, ' '));
    if (!bytes || !log_size)
        return false;
    m_log_size = *log_size;
    m_log_digest = first;
    while (!rest.empty()) {
        std::string_view line = take_until(rest, '\n');
        if (line.empty())
            break;
        auto tip = strip_prefix(line, "tip ") ? git::parse_oid(line) : std::nullopt;
        if (!tip)
            return false;
        m_tips.push_back(*tip);
    }
    m_lines = rest;
    return m_lines.size() == *bytes && (m_lines.empty() || m_lines.back() == '\n');
}

std::string_view ChangeIndex::line_at(size_t begin) const
{
    std::string_view rest = m_lines.substr(begin);
    return rest.substr(0, std::min(rest.find('\n'), rest.size()));
}

/// Where the first line begins that is not less than the key.
size_t ChangeIndex::lower_bound(std::string_view key) const
{
    size_t low = 0, high = m_lines.size(); // both are beginnings of lines
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        size_t before = middle == 0 ? std::string_view::npos : m_lines.rfind('\n', middle - 1);
        size_t begin = before == std::string_view::npos ? 0 : before + 1;
        std::string_view line = line_at(begin);
        if (line < key)
            low = std::min(begin + line.size() + 1, m_lines.size());
        else
            high = begin;
    }
    return low;
}

static std::optional<ChangeVersion> parse_version(std::string_view line)
{
    take_until(line, '\t');
    take_until(line, '\t');
    auto commit = git::parse_oid(take_until(line, '\t'));
    auto seconds = parse_integer(take_until(line, '\t'));
    if (!commit || !seconds)
        return std::nullopt;
    ChangeVersion version{*commit, git::instant_of_seconds(*seconds), std::string(take_until(line, '\t')), {}};
    version.pusher = line;
    return version;
}

std::vector<ChangeVersion> ChangeIndex::versions(std::string_view id) const
{
    constexpr size_t most = 1000;
    std::vector<ChangeVersion> versions;
    std::string key = std::string(id) + "\t";
    for (size_t at = lower_bound(key); at < m_lines.size() && versions.size() < most;) {
        std::string_view line = line_at(at);
        if (!line.starts_with(key))
            break;
        if (auto version = parse_version(line))
            versions.push_back(std::move(*version));
        at += line.size() + 1;
    }
    return versions;
}

std::vector<std::string> ChangeIndex::find(std::string_view prefix, size_t limit) const
{
    std::vector<std::string> ids;
    for (size_t at = lower_bound(prefix); at < m_lines.size() && ids.size() < limit;) {
        std::string_view line = line_at(at);
        if (!line.starts_with(prefix))
            break;
        ids.emplace_back(line.substr(0, line.find('\t')));
        at = lower_bound(ids.back() + "\n"); // a newline comes after a tab: behind all lines of this id
    }
    return ids;
}

size_t ChangeIndex::prefix_length(std::string_view id) const
{
    auto in_common = [&](std::string_view line) {
        std::string_view other = line.substr(0, line.find('\t'));
        if (other == id)
            return size_t{0};
        return static_cast<size_t>(std::mismatch(id.begin(), id.end(), other.begin(), other.end()).first - id.begin());
    };
    size_t length = 0;
    size_t next = lower_bound(std::string(id) + "\n"), own = lower_bound(std::string(id) + "\t");
    if (next < m_lines.size())
        length = in_common(line_at(next));
    if (own > 0) {
        size_t before = own < 2 ? std::string_view::npos : m_lines.rfind('\n', own - 2);
        length = std::max(length, in_common(line_at(before == std::string_view::npos ? 0 : before + 1)));
    }
    return std::min(length + 1, id.size());
}

} // namespace quire::history
