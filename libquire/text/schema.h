// Shapes: what a table that a person wrote may hold, and what to say of it where it does not.
//
//   const Shape config = shape::table({{"host", shape::string()},
//                                      {"executor", shape::word({"auto", "host"})},
//                                      {"env", shape::map(shape::string())},
//                                      {"retention", shape::table({{"runs", shape::integer(1)}})}});
//   TRY(check_shape(data, config, "config.fnl"));
//
// A key that is absent is always fine. Messages name file, line and column where the Data has them, the
// nearest key for one that is misspelt, and what would have been right.
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
    std::vector<Data::Kind> kinds;  ///< any of these; none: anything goes
    std::vector<Field> fields;      ///< a table's keys, when they are fixed
    std::vector<Shape> each;        ///< at most one: what every element, or every value of a table with free keys, is
    std::vector<std::string> words; ///< what a string may be; none: anything
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
/// Integers too.
Shape number();
Shape list(Shape each);
/// Free keys, each value of one shape.
Shape map(Shape each);
Shape table(std::vector<Field> fields);
/// One or the other. REQUIRES: they are of different kinds, and at most one is a list or a map.
Shape either(Shape a, Shape b);

} // namespace shape

/// Every way in which `data` is not of the shape, a message each, in the order of the text.
std::vector<std::string> find_mismatches(const Data& data, const Shape& shape, std::string_view name);

/// The first of them as an error of kind invalid.
Result<void> check_shape(const Data& data, const Shape& shape, std::string_view name);

} // namespace quire::text
