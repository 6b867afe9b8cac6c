// update-search: the task that indexes what was pushed.
#include "search/update.h"
#include "verbs.h"

namespace quire::tool {

Result<int> verb_update_search(const Call& call)
{
    cli::Options options = TRY(call.options());
    store::Root root = TRY(call.root());
    store::RepoName name = TRY(Call::repository(root, options.operands()[0]));
    search::Updated updated = TRY(search::update_index(root, name));
    if (updated.added > 0)
        TRY(cli::print(fmt::format("{} new files; {} of text in {} of {} segments\n", updated.added, updated.text_bytes,
                                   updated.file_bytes, updated.segments)));
    return 0;
}

} // namespace quire::tool
