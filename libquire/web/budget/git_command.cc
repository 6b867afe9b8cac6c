#include "web/budget/git_command.h"

#include "git/object_reader.h"

namespace quire::web {

sys::Command git_command(const Repository& where, const std::vector<std::string>& arguments, Memory memory)
{
    sys::Command command;
    command.argv = {"prlimit", fmt::format("--data={}", static_cast<uint64_t>(memory)), "git", "--literal-pathspecs",
                    "--no-optional-locks"};
    command.argv.insert(command.argv.end(), arguments.begin(), arguments.end());
    command.environment = git::repository_environment();
    command.directory = where.directory.get();
    return command;
}

void limit_file(sys::Command& git, uint64_t most)
{
    // A process that is ended by this limit would leave a core.
    git.argv.insert(git.argv.begin() + 1, {fmt::format("--fsize={}", most), "--core=0"});
}

} // namespace quire::web
