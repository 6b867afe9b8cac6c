// new: make a repository.
#include "forge/create.h"
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

} // namespace quire::tool
