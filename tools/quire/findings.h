// What deliveries (mail, mirrors, the backup) and keys have to say, in the words of doctor.
#pragma once

#include <vector>

#include "forge/doctor.h"

namespace quire::tool {

/// Findings that are ok are among them. A config that can't be read leaves mail and mirrors out: doctor tells of it.
std::vector<forge::Finding> delivery_findings(const store::Root& root);

} // namespace quire::tool
