#include "web/history.h"

#include "base/strings.h"
#include "git/object_reader.h"
#include "sys/process.h"

namespace quire::web {

constexpr int64_t deadline = 10 * nanoseconds_per_second;
constexpr size_t max_output = 8u << 20;

static Result<std::string> run_git(const Repository& where, std::vector<std::string> arguments)
{
    sys::Command command;
    command.argv = {"git", "--literal-pathspecs", "--no-optional-locks"};
    command.argv.insert(command.argv.end(), arguments.begin(), arguments.end());
    command.environment = git::repository_environment();
    command.directory = where.directory.get();
    return sys::run_ok(command, {.input = {}, .limit = max_output, .timeout = deadline});
}

Result<std::vector<git::CommitInfo>> path_history(const Repository& where, const git::Repository& repository,
                                                  const git::Place& place, size_t skip, size_t count)
{
    std::string ids = TRY(run_git(where, {"rev-list", fmt::format("--skip={}", skip), fmt::format("--max-count={}", count),
                                          "--end-of-options", git::to_string(place.commit), "--", place.path}));
    std::vector<git::CommitInfo> commits;
    for (std::string_view line : split(ids, '\n'))
        if (auto id = git::parse_oid(line))
            commits.push_back(TRY(repository.commit(*id)));
    return commits;
}

} // namespace quire::web
