// The keys of both kinds of config file: their names, the values they may have, and what they are for.
//
// Reading, `quire config set` and its help all use this one table, so none can know a key that another does not know.
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
/// nullptr if there is no key of that name.
const ConfigKey* find_key(std::span<const ConfigKey> keys, std::string_view name);

/// Fails with ErrorKind::invalid and "<file>:<line>:<column>: …" at the first key or value that is wrong.
Result<void> check_config(const text::Data& config, std::span<const ConfigKey> keys, std::string_view file);

/// Parses a config file's text and checks it. A file that holds nothing but comments gives an empty table.
Result<text::Data> parse_config(std::string_view source, std::span<const ConfigKey> keys, std::string_view file,
                                const ConfigEvaluator& evaluate = {});
/// The text of the file; "" if it does not exist.
Result<std::string> read_config_source(int directory, const std::string& path);

} // namespace quire::store
