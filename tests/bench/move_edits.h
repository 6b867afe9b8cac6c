// What make_moves knows of texts: their lines, the blocks in them, and edits as they happen to code that moves.
#pragma once

#include <cstddef>
#include <random>
#include <string>
#include <vector>

namespace quire::tests {

using Lines = std::vector<std::string>;
using Random = std::minstd_rand;

/// Lines [first, last) of a text.
struct Stretch {
    size_t first = 0, last = 0;
};

Lines lines_of(const std::string& text);

/// What begins with a line and goes on with lines that are further in, up to one that closes it.
std::vector<Stretch> blocks_of(const Lines& lines);

/// The block with so large a share of its lines changed, dropped or added, names changed throughout, and sometimes with
/// another indentation. New words and lines are those of `around`.
Lines edited(Random& random, const Lines& block, const Lines& around, double rate);

} // namespace quire::tests
