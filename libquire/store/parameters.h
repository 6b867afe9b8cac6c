// The parameters for a manual source: parses what a person typed and checks it against what the source accepts.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "store/repository_sources.h"

namespace quire::store {

/// Parses words of the form "to=prod"; ErrorKind::usage names a word that is not.
Result<std::map<std::string, std::string>> parse_parameters(const std::vector<std::string>& words);

/// All parameters of the source, with defaults for those not given. Fails if one is missing or misspelt.
Result<text::Data> fill_parameters(const ManualSource& source, const std::map<std::string, std::string>& given);

} // namespace quire::store
