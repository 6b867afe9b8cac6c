// new: makes a repository. default-branch: the branch that clones of it check out.
#include "forge/create.h"
#include "forge/default_branch.h"
#include "text/escape.h"
#include "verbs.h"

namespace quire::tool {

Result<int> verb_new(const Call& call)
{
    cli::Options options = TRY(call.options());
    store::Root root = TRY(call.root());
    store::RepoName name = TRY(Call::repository(root, options.operands()[0]));
    forge::NewRepository wanted{.description = options.value("description").value_or(""),
                                .is_private = options.has("private")};
    if (auto branch = options.value("default-branch"))
        wanted.default_branch = *branch;
    TRY(forge::create_repository(root, TRY(forge::find_installation()), name, wanted));
    TRY(cli::print(forge::clone_hint(root, name) + "\n"));
    return 0;
}

Result<int> verb_default_branch(const Call& call)
{
    cli::Options options = TRY(call.options());
    store::Root root = TRY(call.root());
    store::RepoName name = TRY(Call::repository(root, options.operands()[0]));
    if (options.operands().size() == 2) {
        TRY(forge::set_default_branch(root, name, options.operands()[1]));
        return 0;
    }
    std::string branch = TRY(forge::default_branch_of(root, name));
    if (branch.empty())
        return fail(ErrorKind::not_found, "{} has no default branch; name one", name.str());
    TRY(cli::print(text::for_terminal(branch) + "\n"));
    return 0;
}

} // namespace quire::tool
