// All of a data root as one tar file, consistent though pushes and runs go on: what a backup would hold of it now.
#pragma once

#include "deliver/backup.h"

namespace quire::deliver {

/// Writes it to an open file. Needs room beside the root for twice what is in it. `complaints`: what is not as it
/// should be in the root itself.
Result<void> write_archive(const store::Root& root, int out, std::vector<std::string>& complaints);

} // namespace quire::deliver
