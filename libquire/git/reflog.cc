#include "git/reflog.h"

#include "base/strings.h"
#include "sys/file.h"
#include "sys/file_status.h"

namespace quire::git {

constexpr uint64_t tail_bytes = 1u << 20;

/// Parses "<old> <new> <name> <<email>> <seconds> <zone>\t<message>".
static std::optional<ReflogEntry> parse_entry(std::string_view line)
{
    size_t first = line.find(' ');
    size_t second = first == std::string_view::npos ? first : line.find(' ', first + 1);
    if (second == std::string_view::npos)
        return std::nullopt;
    std::string_view who = line.substr(0, line.find('\t'));
    std::string_view stamp = who.substr(who.rfind('>') + 1);
    auto seconds = parse_decimal(trim(stamp.substr(0, stamp.rfind(' '))));
    if (!seconds || *seconds > INT64_MAX)
        return std::nullopt;
    return ReflogEntry{std::string(line.substr(0, first)), std::string(line.substr(first + 1, second - first - 1)),
                       static_cast<int64_t>(*seconds)};
}

Result<std::vector<ReflogEntry>> read_reflog_tail(int repository, const std::string& ref)
{
    std::vector<ReflogEntry> entries;
    auto file = sys::open_regular_beneath(repository, "logs/" + ref);
    // A name that no file can have is no ref either. A directory is there if there are, or were, refs below that name.
    auto is_none = [](const Error& error) {
        return error.kind == ErrorKind::not_found || error.kind == ErrorKind::invalid || error.code == ENOTDIR ||
               error.code == ENAMETOOLONG || error.code == ELOOP;
    };
    if (!file && is_none(file.error()))
        return entries;
    UniqueFd fd = TRY(std::move(file));
    std::string tail = TRY(sys::read_tail(fd.get(), tail_bytes));
    for (std::string_view line : split(tail, '\n'))
        if (auto entry = parse_entry(line))
            entries.push_back(std::move(*entry));
    if (tail.size() == tail_bytes && !entries.empty())
        entries.erase(entries.begin()); // the first one may be incomplete
    return entries;
}

} // namespace quire::git
