#include "history/entry_index.h"

#include "base/strings.h"
#include "history/open_index.h"
#include "store/entry_index.h"

namespace quire::history {

Result<EntryIndex> EntryIndex::open(int runs) { return open_index<EntryIndex>(runs, store::paths::entry_index); }

/// "quire-entries 2 <bytes of lines> <commit> <complete or partial>", then the lines: directory, name, commit, seconds,
/// size or "-", mode, id, and subject, with tabs between.
bool EntryIndex::parse()
{
    std::string_view rest = m_file.content();
    std::string_view first = take_until(rest, '\n');
    if (!strip_prefix(first, entry_index_mark) || !strip_prefix(first, " "))
        return false;
    auto bytes = parse_decimal(take_until(first, ' '));
    auto commit = git::parse_oid(take_until(first, ' '));
    if (!bytes || !commit || rest.size() != *bytes || (!rest.empty() && rest.back() != '\n'))
        return false;
    m_commit = *commit;
    m_is_complete = first == "complete";
    m_lines = rest;
    return true;
}

static std::optional<EntryIndex::Entry> parse_entry(std::string_view line)
{
    EntryIndex::Entry entry;
    entry.name = take_until(line, '\t');
    auto commit = git::parse_oid(take_until(line, '\t'));
    auto seconds = parse_integer(take_until(line, '\t'));
    if (entry.name.empty() || !commit || !seconds)
        return std::nullopt;
    entry.commit = *commit;
    entry.when = git::instant_of_seconds(*seconds);
    entry.size = parse_decimal(take_until(line, '\t'));
    entry.mode = git::parse_mode(take_until(line, '\t'));
    auto id = git::parse_oid(take_until(line, '\t'));
    if (!id)
        return std::nullopt;
    entry.id = *id;
    entry.subject = line;
    return entry;
}

std::string_view EntryIndex::lines_from(std::string_view key) const
{
    size_t low = 0, high = m_lines.size(); // both are beginnings of lines
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        size_t before = middle == 0 ? std::string_view::npos : m_lines.rfind('\n', middle - 1);
        size_t begin = before == std::string_view::npos ? 0 : before + 1;
        size_t end = m_lines.find('\n', begin);
        if (m_lines.substr(begin, end - begin) < key)
            low = end + 1;
        else
            high = begin;
    }
    return m_lines.substr(low);
}

/// What holds a tab could be found as the beginning of another line.
static bool is_askable(std::string_view path)
{
    return !path.starts_with('/') && path.find_first_of("\t\n") == std::string_view::npos;
}

/// What the lines of the directory begin with that the path is in.
static std::string start_of_lines(std::string_view path)
{
    size_t slash = path.rfind('/');
    return std::string(slash == std::string_view::npos ? "" : path.substr(0, slash)) + "\t";
}

bool EntryIndex::knows_directory_of(std::string_view path) const
{
    std::string start = start_of_lines(path);
    return is_askable(path) && lines_from(start).starts_with(start);
}

std::optional<EntryIndex::Entry> EntryIndex::find(std::string_view path) const
{
    if (!is_askable(path))
        return std::nullopt;
    std::string start = start_of_lines(path), key = start;
    key.append(path.substr(path.rfind('/') + 1)).append("\t"); // after npos comes 0
    std::string_view rest = lines_from(key);
    return rest.starts_with(key) ? parse_entry(take_until(rest, '\n').substr(start.size())) : std::nullopt;
}

std::vector<EntryIndex::Entry> EntryIndex::directory(std::string_view path) const
{
    std::string key = std::string(path) + "\t";
    std::vector<Entry> entries;
    std::string_view rest = lines_from(key);
    while (rest.starts_with(key)) {
        std::string_view line = take_until(rest, '\n');
        auto entry = parse_entry(line.substr(key.size()));
        if (!entry)
            return {};
        entries.push_back(*entry);
    }
    return entries;
}

} // namespace quire::history
