// index-changes: brings a repository's indexes of changes, entries, newest commits and paths up to date.
#include <fcntl.h>

#include "base/time.h"
#include "history/change_indexing.h"
#include "history/entry_indexing.h"
#include "history/newest_indexing.h"
#include "history/path_indexing.h"
#include "sys/file.h"
#include "verbs.h"

namespace quire::history_tool {

constexpr cli::Flag no_flags[] = {{"json", nullptr, "print JSON, for scripts"}};

Result<int> verb_index_changes(const cli::Arguments& arguments)
{
    cli::Options options = TRY(cli::Options::parse("index-changes", no_flags, {2, 2}, arguments));
    git::Repository repository = TRY(open_repository(options.operands()[0]));
    UniqueFd runs = TRY(sys::open_directory(AT_FDCWD, options.operands()[1]));
    auto indexed = TRY(history::index_changes(repository, runs.get()));
    TRY(history::index_newest(repository, runs.get()));
    // The task may take half an hour. What is missing then, the next push adds.
    constexpr Instant most = 600 * nanoseconds_per_second;
    auto entries = TRY(history::index_entries(repository, runs.get(), Patience(monotonic_now() + most)));
    auto paths = TRY(history::index_paths(repository, runs.get(), Patience(monotonic_now() + most)));
    if (options.has("json"))
        TRY(cli::print(
            fmt::format("{{\"commits\":{},\"versions\":{},\"anew\":{},\"directories\":{},\"paths_of\":{}}}\n",
                        indexed.commits, indexed.versions, indexed.is_anew, entries.directories, paths.commits)));
    return cli::exit_yes;
}

} // namespace quire::history_tool
