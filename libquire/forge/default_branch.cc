#include "forge/default_branch.h"

#include "base/log.h"
#include "base/strings.h"
#include "git/git.h"
#include "git/head.h"
#include "git/ref_name.h"
#include "sys/file.h"

namespace quire::forge {

static Result<std::vector<std::string>> branches_of(int repository)
{
    std::string listing = TRY(git::run_ok(repository, {"for-each-ref", "--format=%(refname)", "refs/heads"}));
    std::vector<std::string> branches;
    for (std::string_view ref : split(listing, '\n'))
        if (strip_prefix(ref, "refs/heads/"))
            branches.emplace_back(ref);
    return branches;
}

Result<std::string> default_branch_of(const store::Root& root, const store::RepoName& name)
{
    UniqueFd repository = TRY(root.open_repository(name));
    std::string ref = TRY(git::head_ref(repository.get()));
    std::string_view branch = ref;
    strip_prefix(branch, "refs/heads/");
    return std::string(branch);
}

Result<void> set_default_branch(const store::Root& root, const store::RepoName& name, const std::string& branch)
{
    git::RefName ref = TRY(git::RefName::from_branch(branch));
    UniqueFd repository = TRY(root.open_repository(name));
    if (sys::exists(repository.get(), store::paths::repository_moving))
        return fail(ErrorKind::busy, "{} is being moved; try again in a moment", name.str());
    if (!TRY(git::has_ref(repository.get(), ref.str()))) {
        std::vector<std::string> branches = TRY(branches_of(repository.get()));
        auto meant = nearest(branch, branches);
        if (!branches.empty())
            return fail(ErrorKind::not_found, "{} has no branch '{}'; {}", name.str(), visible(branch),
                        meant ? fmt::format("did you mean '{}'?", *meant) : "push it first");
    }
    return git::set_head(repository.get(), ref.str());
}

} // namespace quire::forge
