// Shapes: what a table that a person wrote may hold, and what to say when it does not fit.
//
//   const Shape config = shape::table({{"host", shape::string()},
//                                      {"executor", shape::word({"auto", "host"})},
//                                      {"env", shape::map(shape::string())},
//                                      {"retention", shape::table({{"runs", shape::integer(1)}})}});
//   TRY(check_shape(data, config, "config.fnl"));
//
// A missing key is always fine. Messages name the file, the line and column if the Data has them, what would have been
// right, and for a misspelt key the nearest one.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "text/data.h"

namespace quire::text {

struct Field;

struct Shape {
    std::vector<Data::Kind> kinds;  ///< any of these; if empty, any kind
    std::vector<Field> fields;      ///< the keys of a table, if they are fixed
    std::vector<Shape> each;        ///< at most one: the shape of each element, or of each value under free keys
    std::vector<std::string> words; ///< the strings that are allowed; if empty, any
    int64_t minimum = std::numeric_limits<int64_t>::min();
    int64_t maximum = std::numeric_limits<int64_t>::max();
};

struct Field {
    std::string key;
    Shape shape;
};

namespace shape {

Shape anything();
Shape boolean();
Shape string();
Shape word(std::vector<std::string> words);
Shape integer(int64_t minimum, int64_t maximum = std::numeric_limits<int64_t>::max());
/// Integers are numbers too.
Shape number();
Shape list(Shape each);
/// A table with any keys, whose values all have one shape.
Shape map(Shape each);
Shape table(std::vector<Field> fields);
/// Accepts either shape. REQUIRES: they are of different kinds, and at most one is a list or a map.
Shape either(Shape a, Shape b);

} // namespace shape

/// All the ways in which `data` does not fit the shape, one message each, in the order of the text.
std::vector<std::string> find_mismatches(const Data& data, const Shape& shape, std::string_view name);

/// Fails with the first mismatch, as an error of kind invalid.
Result<void> check_shape(const Data& data, const Shape& shape, std::string_view name);

} // namespace quire::text
