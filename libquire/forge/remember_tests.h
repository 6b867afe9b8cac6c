// Reads the test reports of runs that ended since the last look into the repository's TestMemory.
//
// quire-runner has it done as a task after a run that kept reports. It may be killed at any point and begun again: the
// memory is replaced as a whole. Reports are a job's own words, so what is no report, or too large, is passed over.
#pragma once

#include "forge/test_memory.h"
#include "store/root.h"

namespace quire::forge {

/// Saves what it learnt, and yields it. Begins anew where nothing is remembered.
Result<TestMemory> remember_tests(const store::Root& root, const store::RepoName& name);

} // namespace quire::forge
