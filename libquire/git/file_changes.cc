#include "git/file_changes.h"

#include <algorithm>
#include <charconv>

#include "base/log.h"
#include "base/strings.h"

namespace quire::git {

static std::optional<uint32_t> parse_mode(std::string_view octal)
{
    uint32_t mode = 0;
    auto [end, error] = std::from_chars(octal.data(), octal.data() + octal.size(), mode, 8);
    return error == std::errc() && end == octal.data() + octal.size() ? std::optional(mode) : std::nullopt;
}

Result<std::vector<FileChange>> parse_file_changes(std::string_view raw)
{
    std::vector<FileChange> changes;
    while (!raw.empty()) {
        std::string_view head = take_until(raw, '\0');
        FileChange change{.path = std::string(take_until(raw, '\0'))};
        // ":100644 100755 <id> <id> M"
        std::vector<std::string_view> words = split(head, ' ');
        if (words.size() != 5 || !head.starts_with(':') || change.path.empty())
            return fail(ErrorKind::invalid, "git's list of changes has the line '{}'", visible(head));
        auto mode = parse_mode(words[1]);
        auto id = from_hex(words[3]);
        if (!mode || !id)
            return fail(ErrorKind::invalid, "git's list of changes has the line '{}'", visible(head));
        change.id = *id;
        if (*mode != 0)
            change.fields = index_fields(*mode, {});
        changes.push_back(std::move(change));
    }
    std::sort(changes.begin(), changes.end(), [](const auto& a, const auto& b) { return a.path < b.path; });
    return changes;
}

LaterFiles apply_changes(const std::vector<IndexEntry>& earlier, const std::vector<FileChange>& changes)
{
    LaterFiles later;
    later.is_kept.resize(earlier.size());
    size_t i = 0;
    auto keep_before = [&](std::string_view path) {
        for (; i < earlier.size() && (path.empty() || earlier[i].path < path); ++i) {
            later.files.push_back(earlier[i]);
            later.is_kept[i] = true;
        }
    };
    for (const FileChange& change : changes) {
        keep_before(change.path);
        i += i < earlier.size() && earlier[i].path == change.path;
        if (!change.fields.empty())
            later.files.push_back({change.fields, change.id, change.path});
    }
    keep_before("");
    return later;
}

} // namespace quire::git
