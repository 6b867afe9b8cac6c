// The keys of both config files: what they are called, what they may hold, what they are for.
//
// One table serves reading, `quire config set` and its help, so none of them can know a key that another doesn't.
#pragma once

#include <span>
#include <string_view>

#include "base/result.h"
#include "store/config.h"
#include "text/data.h"
#include "text/schema.h"

namespace quire::store {

struct ConfigKey {
    const char* name;
    text::Shape shape;
    const char* help;
};

std::span<const ConfigKey> global_keys();
std::span<const ConfigKey> repository_keys();
/// nullptr if there is none of that name.
const ConfigKey* find_key(std::span<const ConfigKey> keys, std::string_view name);

/// Fails with ErrorKind::invalid and "<file>:<line>:<column>: …" at the first key or value that is not right.
Result<void> check_config(const text::Data& config, std::span<const ConfigKey> keys, std::string_view file);

/// The checked table that a config file's text holds; an empty one if it holds nothing but comments.
Result<text::Data> parse_config(std::string_view source, std::span<const ConfigKey> keys, std::string_view file,
                                const ConfigEvaluator& evaluate = {});
/// The text; "" where there is no file.
Result<std::string> read_config_source(int directory, const std::string& path);

} // namespace quire::store
