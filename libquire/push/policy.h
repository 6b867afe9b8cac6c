// What a push may do. Each rule judges one ref and gives its reason in one plain line.
#pragma once

#include <optional>
#include <string>

#include "store/config.h"
#include "store/intent.h"

namespace quire::push {

/// Why this update is refused; nullopt if it is allowed.
std::optional<std::string> refusal_of(const store::RefUpdate& update);

/// Why nothing may be pushed to the repository; nullopt if pushes are allowed.
std::optional<std::string> refusal_of_repository(const store::RepositoryConfig& config);

/// Whether the commit's message ends in trailers that include `Ci: skip`.
bool asks_to_skip(std::string_view message);

} // namespace quire::push
