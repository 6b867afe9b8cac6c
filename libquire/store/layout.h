// The data root as a table: every path below it, who writes it, and what losing it would mean.
//
// doctor looks for what is in no row and for secrets that others can read, quire-run(5) lists the rows, a backup takes
// those that are durable, and tests hold the table to the constants of store/root.h and to data roots that were lived
// in. A new path is a constant there, a row here and a row in quire-run(5).
#pragma once

#include <span>
#include <string_view>

namespace quire::store {

enum class Worth {
    durable, ///< can't be made again: a backup needs it
    derived, ///< may be deleted at any time and is made again
    passing, ///< means something only while something is under way
    apart,   ///< can't be made again, and no backup takes it: it belongs to this machine, or protects the backup
};

enum class Privacy { none, secret };

struct LayoutRow {
    /// REPO: a repository's directory, with its group; N: a number; *: one name; ^a: any name but a; ** at the end:
    /// anything below.
    const char* path;
    const char* writer; ///< of what stands there: a program, or "operator"
    Worth worth;
    Privacy privacy = Privacy::none; ///< secret: for the owner's eyes only
};

std::span<const LayoutRow> layout();

/// The first row that fits a path below the root; nullptr when there is none.
const LayoutRow* find_in_layout(std::string_view path);
/// Whether rows lie below this path: it is a directory that the table walks through.
bool leads_into_layout(std::string_view path);

std::string_view to_string(Worth worth);

} // namespace quire::store
