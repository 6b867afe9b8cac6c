#include "dispatch/rights.h"

#include <algorithm>

namespace quire::dispatch {

using cli::Need;

/// The repository that a verb was asked about: its first operand, behind "--".
static Result<std::optional<store::RepoName>> repository_of(const Request& request)
{
    if (request.action == Request::Action::serve)
        return request.repository;
    auto dashes = std::find(request.words.begin(), request.words.end(), "--");
    bool names_one = !request.verb->operands.empty() && request.verb->operands[0].kind == cli::Kind::repository;
    if (!names_one || dashes == request.words.end())
        return std::optional<store::RepoName>();
    return std::optional(TRY(store::RepoName::parse(dashes[1])));
}

static Need need_of(const Request& request)
{
    if (request.action == Request::Action::operate)
        return request.verb->need;
    return request.service->name == std::string_view("git-receive-pack") ? Need::push : Need::read;
}

Result<void> allow(const store::Root& root, const store::KeyRights& rights, const Request& request)
{
    bool acts = request.action == Request::Action::serve || request.action == Request::Action::operate;
    if (!acts || !rights.has_bounds())
        return {};
    Need need = need_of(request);
    std::string title = request.action == Request::Action::serve ? std::string(request.service->name)
                                                                 : fmt::format("quire {}", request.verb->name);
    if (need == Need::operate)
        return fail(ErrorKind::refused, "'{}' is not for this key, which {}", title, store::describe(rights));
    auto repository = TRY(repository_of(request));
    if (!repository && rights.only)
        return fail(ErrorKind::refused, "'{}' needs a repository's name with this key, which {}", title,
                    store::describe(rights));
    // Both are asked, so that they take the same time.
    bool is_there = repository && root.has_repository(*repository);
    bool is_reached = repository && rights.reaches(*repository);
    if (repository && !(is_there && is_reached))
        return fail(ErrorKind::not_found, "there is no repository '{}' here that this key reaches", repository->str());
    if (need == Need::push && rights.only_reads)
        return fail(ErrorKind::refused, "'{}' is not for this key, which only {}", title, store::describe(rights));
    return {};
}

std::string greeting(const store::KeyRights& rights)
{
    return fmt::format("This key, {}, {}.\n", rights.name, store::describe(rights));
}

} // namespace quire::dispatch
