// compare_files finds the lines that changed in the files of a diff.
//
// Most of the time goes into unpacking their versions, so a second thread takes some of the files where there is one
// (sys/second_thread.h). The room that DiffOptions gives goes to the files in their order, whoever compares them, so
// that the outcome does not depend on the threads.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "git/diff.h"

namespace quire::git {

/// A file to show, and the contents to compare.
struct Comparison {
    FileDiff file;
    std::optional<TreeSide> before, after;
    std::optional<std::string> before_text = {}, after_text = {}; ///< where a side is no object
};

/// Gives each file its counts and hunks; what there is no room or time for is cut.
void compare_files(const Repository& repository, std::vector<Comparison>& files, const DiffOptions& options);

} // namespace quire::git
