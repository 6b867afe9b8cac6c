#include "history/newest_commits.h"

#include <zlib.h>

#include <algorithm>

#include "base/strings.h"
#include "history/open_index.h"
#include "store/newest_commits.h"

namespace quire::history {

/// The first words of the file; another one is another format.
constexpr std::string_view mark = "quire-newest 1";

static uint64_t checksum_of(std::string_view text)
{
    return crc32_z(0, reinterpret_cast<const unsigned char*>(text.data()), text.size());
}

/// "quire-newest 1 <CRC-32 of all that follows>", then a line with the ids that the log goes on from, and for each
/// commit a line "<id> <bytes>" and its content.
std::string newest_commits_text(const std::vector<git_oid>& rest,
                                const std::vector<std::pair<git_oid, std::string>>& commits)
{
    std::string text;
    for (const git_oid& id : rest)
        text.append(git::to_string(id)).append(" ");
    text += "\n";
    for (const auto& [id, content] : commits)
        text.append(fmt::format("{} {}\n", git::to_string(id), content.size())).append(content);
    return fmt::format("{} {}\n", mark, checksum_of(text)) + text;
}

Result<NewestCommits> NewestCommits::open(int runs)
{
    return open_index<NewestCommits>(runs, store::paths::newest_commits);
}

bool NewestCommits::parse()
{
    std::string_view text = m_file.content();
    std::string_view first = take_until(text, '\n');
    if (!strip_prefix(first, mark) || !strip_prefix(first, " ") || parse_decimal(first) != checksum_of(text))
        return false;
    for (std::string_view ids = take_until(text, '\n'); !ids.empty();) {
        auto id = git::parse_oid(take_until(ids, ' '));
        if (!id)
            return false;
        m_rest.push_back(*id);
    }
    while (!text.empty()) {
        std::string_view line = take_until(text, '\n');
        auto id = git::parse_oid(take_until(line, ' '));
        auto size = parse_decimal(line);
        if (!id || !size || *size > text.size() || m_commits.size() == most_newest_commits)
            return false;
        m_commits.emplace_back(*id, text.substr(0, *size));
        text.remove_prefix(*size);
    }
    return !m_commits.empty();
}

std::vector<git::CommitInfo> NewestCommits::first(size_t count) const
{
    std::vector<git::CommitInfo> commits;
    for (size_t i = 0; i < std::min(count, m_commits.size()); ++i)
        commits.push_back(git::parse_commit_info(m_commits[i].first, m_commits[i].second));
    return commits;
}

git::LogPage NewestCommits::page() const
{
    return {.commits = first(most_newest_commits), .end = m_commits.back().first, .rest = m_rest};
}

} // namespace quire::history
