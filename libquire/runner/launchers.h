// The launchers that make_launcher chooses from.
#pragma once

#include "runner/launcher.h"

namespace quire::runner {

std::unique_ptr<Launcher> make_local_launcher(sys::Loop& loop, std::string programs);
std::unique_ptr<Launcher> make_prefix_launcher(sys::Loop& loop, std::string programs);
std::unique_ptr<Launcher> make_slurm_launcher(sys::Loop& loop, std::string programs);

} // namespace quire::runner
