// What a push may do. Each rule answers for one ref; the reason is one plain line.
#pragma once

#include <optional>
#include <string>

#include "store/config.h"
#include "store/intent.h"

namespace quire::push {

/// Why this update is refused; nullopt when it may pass.
std::optional<std::string> refusal_of(const store::RefUpdate& update);

/// Why nothing may be pushed here at all; nullopt when pushes are welcome.
std::optional<std::string> refusal_of_repository(const store::RepositoryConfig& config);

/// The commit's message ends in trailers that say `Ci: skip`.
bool asks_to_skip(std::string_view message);

} // namespace quire::push
