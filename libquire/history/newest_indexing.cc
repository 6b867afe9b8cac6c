#include "history/newest_indexing.h"

#include "git/log_walk.h"
#include "history/newest_commits.h"
#include "store/newest_commits.h"
#include "sys/atomic_file.h"
#include "sys/stamp.h"

namespace quire::history {

/// A page reads the whole file, so it stays small.
constexpr size_t max_content = 16u << 10;
constexpr size_t max_rest = 1000;

/// Empty: they are not kept.
static Result<std::string> text_of(const git::Repository& repository, const git_oid& tip)
{
    git::LogPage page = TRY(git::read_log(repository, {.from = {tip}, .count = most_newest_commits}));
    if (page.commits.empty() || page.rest.size() > max_rest)
        return std::string();
    std::vector<std::pair<git_oid, std::string>> commits;
    for (const git::CommitInfo& commit : page.commits) {
        auto object = TRY(repository.objects().read(commit.id, GIT_OBJECT_COMMIT, git::max_commit_bytes));
        std::string content(object.content());
        if (content.size() > max_content || !git::parse_commit_info(commit.id, content).conflict.empty())
            return std::string();
        commits.emplace_back(commit.id, std::move(content));
    }
    return newest_commits_text(page.rest, commits);
}

Result<void> index_newest(const git::Repository& repository, int runs)
{
    auto tip = repository.resolve({});
    auto old = NewestCommits::open(runs);
    if (!tip || (old && git::is_same(old->tip(), tip->commit)))
        return {};
    if (TRY(sys::stamp_at(repository.directory(), "shallow")))
        return {};
    std::string text = TRY(text_of(repository, tip->commit));
    return text.empty() ? Result<void>() : sys::replace_file_unsynced(runs, store::paths::newest_commits, text, 0640);
}

} // namespace quire::history
