// What a manual source is fired with: the words a person typed, held against what the source takes.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "store/repository_sources.h"

namespace quire::store {

/// "to=prod" for each; ErrorKind::usage names the word that is none.
Result<std::map<std::string, std::string>> parse_parameters(const std::vector<std::string>& words);

/// All parameters of the source, given ones over defaults; or what is missing, or misspelt.
Result<text::Data> fill_parameters(const ManualSource& source, const std::map<std::string, std::string>& given);

} // namespace quire::store
