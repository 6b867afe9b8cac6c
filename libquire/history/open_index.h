// How the indexes beside a repository's runs are opened: each is one file, mapped, and a damaged one counts as missing.
#pragma once

#include "base/result.h"
#include "sys/file.h"
#include "sys/mapping.h"

namespace quire::history {

/// `Index` is made from the mapping of its file; its parse() says whether that is whole. ErrorKind::not_found if there
/// is no index, or it is damaged.
template <typename Index>
Result<Index> open_index(int runs, const char* name)
{
    UniqueFd file = TRY(sys::open_regular(runs, name, O_NOFOLLOW));
    Index index(TRY(sys::Mapping::map(file.get(), name)));
    if (!index.parse())
        return fail(ErrorKind::not_found, "{} is damaged", name);
    return index;
}

} // namespace quire::history
