// The keys of both config files: what they are called, what they may hold, what they are for.
//
// One table serves reading, `quire config set` and its help, so none of them can know a key that another doesn't.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "text/data.h"

namespace quire::store {

enum class Shape {
    text,
    boolean,
    boolean_or_text, ///< true, false, or a message that means true
    count,           ///< an integer of at least 1
    choice,          ///< one of KeySpec::choices
    words,           ///< a sequence of strings
    secret,          ///< a string or {:file "…"}
    secrets,         ///< a table of those
    variables,       ///< a table of strings
    table,
};

struct KeySpec {
    std::string_view name;
    Shape shape;
    std::string_view help;
    std::vector<std::string> choices = {};
};

std::span<const KeySpec> global_keys();
std::span<const KeySpec> repository_keys();
const KeySpec* find_key(std::span<const KeySpec> keys, std::string_view name);

/// Fails with ErrorKind::invalid and "<file>:<line>:<column>: …" at the first key or value that is not right.
Result<void> check_config(const text::Data& config, std::span<const KeySpec> keys, std::string_view file);
/// The same for one value; `where` begins the message.
Result<void> check_value(const text::Data& value, const KeySpec& key, std::string_view where);
/// What is said of a key that does not exist, with the nearest one that does.
std::string unknown_key(std::string_view name, std::span<const KeySpec> keys);

} // namespace quire::store
