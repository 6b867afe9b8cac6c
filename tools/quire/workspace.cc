// fill-workspace: quire-runner starts it for each run whose checkout is more than a moment's work.
#include "forge/fill_workspace.h"
#include "verbs.h"

namespace quire::tool {

Result<int> verb_fill_workspace(const Call& call)
{
    cli::Options options = TRY(call.options());
    store::Root root = TRY(call.root());
    uint64_t number = TRY(Call::run_number(options.operands()[1]));
    store::RepoName repo = TRY(Call::repository(root, options.operands()[0]));
    store::RunRecord record = TRY(store::read_run_record(root, repo, number));
    uint64_t keep_from = TRY(Call::number(options, "keep", 0, 1'000'000'000));
    TRY(forge::fill_workspace(root, record, keep_from, sys::inherited_environment()));
    return cli::exit_yes;
}

} // namespace quire::tool
