// The search behind `quire logs --grep`.
#pragma once

#include "cli/options.h"
#include "store/root.h"

namespace quire::tool {

/// Exits with 1 if no line matches.
Result<int> search_logs(const cli::Options& options, const store::Root& root);

} // namespace quire::tool
