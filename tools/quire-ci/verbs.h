// The verbs of quire-ci, one function each; main.cc parses and dispatches.
#pragma once

#include <memory>

#include "ci/run/program.h"
#include "cli/options.h"

namespace quire::ci_tool {

Result<int> verb_validate(const cli::Options& options);
Result<int> verb_run(const cli::Options& options);
Result<int> verb_graph(const cli::Options& options);
Result<int> verb_pull(const cli::Options& options);
/// Ends what a run left running on this machine.
Result<int> verb_reap(const cli::Options& options);
/// What (mirror …) of a job asks for, as JSON on standard input.
Result<int> verb_push_mirror(const cli::Options& options);
/// A shell where a job's commands ran, for `quire shell`.
Result<int> verb_shell(const cli::Options& options);
Result<int> verb_sources(const cli::Options& options);

/// Loads the pipeline of the checkout in the operand, or of the current directory.
Result<std::unique_ptr<ci::Program>> load(const cli::Options& options);
/// Where compiled pipelines and the dates of images are kept; empty: nowhere.
std::string cache_directory(const cli::Options& options);
/// Prints everything that is wrong to stderr; returns 1.
Result<int> print_diagnostics(const ci::Program& program);

} // namespace quire::ci_tool
