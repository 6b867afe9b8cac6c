// Refs that lead nowhere after a power failure.
//
// git names objects, then moves refs. Where the disk does not keep that order (sys/sync_order.h), a ref may have moved
// on it without what it leads to. Nobody was told that such a push was done, and its intent says where the ref was
// before.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "store/intent.h"

namespace quire::push {

/// Returns the refs whose new objects are not all there. Those that are where the push put them, `at_new`, go back.
Result<std::set<std::string>> take_back_lost(int repository, const std::vector<store::RefUpdate>& updates,
                                             const std::set<std::string>& at_new);

} // namespace quire::push
