#include "web/code/newest.h"

#include "web/site/site.h"

namespace quire::web {

std::optional<history::NewestCommits> kept_newest(const Visit& visit)
{
    auto runs = visit.site.open_runs(*visit.repository);
    auto kept = runs ? history::NewestCommits::open(runs->get()) : Unexpected(std::move(runs).error());
    return kept ? std::optional(std::move(*kept)) : std::nullopt;
}

std::optional<history::NewestCommits> kept_newest(const Visit& visit, const git_oid& tip)
{
    auto kept = kept_newest(visit);
    return kept && git::is_same(kept->tip(), tip) ? std::move(kept) : std::nullopt;
}

Result<std::vector<git::CommitInfo>> newest_commits(const std::optional<history::NewestCommits>& kept,
                                                    const git::Repository& repository, const git_oid& tip, size_t count)
{
    if (kept && git::is_same(kept->tip(), tip))
        return kept->first(count);
    return TRY(git::read_log(repository, {.from = {tip}, .count = count})).commits;
}

} // namespace quire::web
