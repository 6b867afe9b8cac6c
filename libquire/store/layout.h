// The data root as a table: every path below it, who writes it, and what losing it would mean.
//
// doctor reports files that fit no row, and secrets that others can read. quire-run(5) lists the rows. A backup takes
// the durable ones. Tests compare the table with the constants of store/root.h and with data roots that were in use.
// A new path needs a constant in store/root.h, a row here, and a row in quire-run(5).
#pragma once

#include <span>
#include <string_view>

namespace quire::store {

enum class Worth {
    durable, ///< can't be made again: a backup needs it
    derived, ///< may be deleted at any time and is made again
    passing, ///< has a meaning only while some work is in progress
    apart,   ///< can't be made again, but no backup takes it: it belongs to this machine, or protects the backup
};

enum class Privacy { none, secret };

struct LayoutRow {
    /// REPO: a repository's directory, with its group; N: a number; *: one name; ^a: any name but a; ** at the end:
    /// anything below.
    const char* path;
    const char* writer; ///< who writes the file: a program, or "operator"
    Worth worth;
    Privacy privacy = Privacy::none; ///< secret: only its owner may read it
};

std::span<const LayoutRow> layout();

/// The first row that fits a path below the root; nullptr if none does.
const LayoutRow* find_in_layout(std::string_view path);
/// Whether the path is a directory that some row leads through.
bool leads_into_layout(std::string_view path);

std::string_view to_string(Worth worth);

} // namespace quire::store
