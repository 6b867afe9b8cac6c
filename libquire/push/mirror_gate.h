// Whether the mirrors of a repository could be reached a moment ago: a push that could not be mirrored is refused
// before it is in, rather than found missing there later.
//
// Cheap: a repository without mirrors costs one look at a directory, and what was found out is believed for a minute
// (for ten seconds when it was bad). Else `quire probe-mirrors` asks, in a bounded time.
#pragma once

#include <optional>
#include <string>

#include "push/context.h"
#include "store/config.h"

namespace quire::push {

/// Why the push is refused, in lines for the pusher; nullopt: it may pass.
std::optional<std::string> refusal_by_mirrors(const Context& context, const store::RepositoryConfig& config);

} // namespace quire::push
