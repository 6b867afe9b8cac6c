#include "web/code/newest.h"

#include "web/site/site.h"

namespace quire::web {

std::optional<history::NewestCommits> kept_newest(const Visit& visit, const git_oid& tip)
{
    auto runs = visit.site.open_runs(*visit.repository);
    auto kept = runs ? history::NewestCommits::open(runs->get()) : Unexpected(std::move(runs).error());
    if (!kept || !git::is_same(kept->tip(), tip))
        return std::nullopt;
    return std::move(*kept);
}

Result<std::vector<git::CommitInfo>> newest_commits(const Visit& visit, const git::Repository& repository,
                                                    const git_oid& tip, size_t count)
{
    if (auto kept = kept_newest(visit, tip))
        return kept->first(count);
    return TRY(git::read_log(repository, {.from = {tip}, .count = count})).commits;
}

} // namespace quire::web
