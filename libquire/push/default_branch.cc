// The first branches of a new repository: if HEAD's branch was not pushed, one of them becomes the default.
#include "push/default_branch.h"

#include <algorithm>

#include "base/strings.h"
#include "git/head.h"

namespace quire::push {

constexpr std::string_view branch_prefix = "refs/heads/";

Result<std::string> adopt_default_branch(int repository, const std::vector<store::RefUpdate>& moved)
{
    std::string head = TRY(git::head_ref(repository));
    if (head.empty() || TRY(git::has_ref(repository, head)))
        return std::string();
    std::vector<std::string> candidates;
    for (const store::RefUpdate& update : moved)
        if (update.ref.starts_with(branch_prefix) && !store::is_null_id(update.new_id))
            candidates.push_back(update.ref);
    std::sort(candidates.begin(), candidates.end());
    for (std::string_view usual : {"refs/heads/master", "refs/heads/main"})
        if (auto found = std::find(candidates.begin(), candidates.end(), usual); found != candidates.end())
            std::rotate(candidates.begin(), found, found + 1);
    for (const std::string& ref : candidates) {
        // It may have been deleted since.
        if (!TRY(git::has_ref(repository, ref)))
            continue;
        TRY(git::set_head(repository, ref));
        return ref.substr(branch_prefix.size());
    }
    return std::string();
}

} // namespace quire::push
