// update-search: the task that indexes what was pushed.
#include "search/update.h"
#include "sys/file.h"
#include "verbs.h"

namespace quire::tool {

Result<int> verb_update_search(const Call& call)
{
    cli::Options options = TRY(call.options());
    store::Root root = TRY(call.root());
    store::RepoName name = TRY(Call::repository(root, options.operands()[0]));
    auto updated = search::update_index(root, name);
    if (!updated) {
        // A repository that is moved or removed takes its index along, also from under this.
        auto repository = root.open_repository(name);
        if (!repository || sys::exists(repository->get(), store::paths::repository_moving))
            return 0;
        return Unexpected(std::move(updated).error());
    }
    if (updated->added > 0)
        TRY(cli::print(fmt::format("{} new files; {} of text in {} of {} segments\n", updated->added,
                                   updated->text_bytes, updated->file_bytes, updated->segments)));
    return 0;
}

} // namespace quire::tool
