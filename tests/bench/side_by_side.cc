// side_by_side TIMES [--input FILE] NAME WORD... [-- NAME WORD...]...
//
// Starts each command TIMES times, in turns, so that whatever else the machine does hits all alike, and prints the
// medians (ms) and their ratio to the first. A word NAME=value before the program sets a variable. Outputs
// are thrown away. A command that does not end with 0 ends the bench: its figure would mean nothing.
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>

#include <algorithm>

#include "base/strings.h"
#include "base/time.h"
#include "cli/tool.h"

extern char** environ;

namespace {

struct Contender {
    std::string name;
    std::vector<std::string> environment;
    std::vector<std::string> argv;
    std::vector<int64_t> times;
};

std::vector<char*> pointers(const std::vector<std::string>& strings, char** more = nullptr)
{
    std::vector<char*> result;
    for (const std::string& string : strings)
        result.push_back(const_cast<char*>(string.c_str()));
    for (; more && *more; ++more)
        result.push_back(*more);
    result.push_back(nullptr);
    return result;
}

quire::Result<void> run_once(Contender& command, const std::string& input)
{
    std::vector<char*> argv = pointers(command.argv);
    std::vector<char*> environment = pointers(command.environment, environ);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 0, input.c_str(), O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, 1, 2);

    int64_t begin = quire::monotonic_now();
    pid_t pid = 0;
    int code = posix_spawn(&pid, argv[0], &actions, nullptr, argv.data(), environment.data());
    int status = 0;
    if (code == 0)
        waitpid(pid, &status, 0);
    command.times.push_back(quire::monotonic_now() - begin);

    posix_spawn_file_actions_destroy(&actions);
    if (code != 0)
        return quire::fail_errno("start " + command.argv[0], code);
    if (status != 0)
        return quire::fail(quire::ErrorKind::refused, "{} ended with status {}", command.name, WEXITSTATUS(status));
    return {};
}

double at(std::vector<int64_t> times, double part)
{
    std::sort(times.begin(), times.end());
    return static_cast<double>(times[static_cast<size_t>(static_cast<double>(times.size() - 1) * part)]) / 1e6;
}

std::vector<Contender> read_commands(const quire::cli::Arguments& arguments, size_t from)
{
    std::vector<Contender> commands;
    bool begins = true;
    for (size_t i = from; i < arguments.size(); ++i) {
        const std::string& word = arguments[i];
        if (word == "--")
            begins = true;
        else if (std::exchange(begins, false))
            commands.push_back(Contender{word, {}, {}, {}});
        else if (commands.back().argv.empty() && word.find('=') != std::string::npos)
            commands.back().environment.push_back(word);
        else
            commands.back().argv.push_back(word);
    }
    return commands;
}

quire::Result<int> compare(const quire::cli::Arguments& arguments)
{
    uint64_t times = arguments.empty() ? 0 : quire::parse_decimal(arguments[0]).value_or(0);
    bool has_input = arguments.size() > 2 && arguments[1] == "--input";
    std::vector<Contender> commands = read_commands(arguments, has_input ? 3 : 1);
    bool complete = std::none_of(commands.begin(), commands.end(), [](const Contender& c) { return c.argv.empty(); });
    if (times == 0 || commands.empty() || !complete)
        return quire::fail(quire::ErrorKind::usage,
                           "usage: side_by_side TIMES [--input FILE] NAME WORD... [-- NAME WORD...]...");
    for (uint64_t i = 0; i < times; ++i)
        for (Contender& command : commands)
            TRY(run_once(command, has_input ? arguments[2] : "/dev/null"));
    fmt::print("{:<36} {:>9} {:>9} {:>9}\n", "", "median ms", "90 % ms", "ratio");
    for (const Contender& command : commands)
        fmt::print("{:<36} {:>9.2f} {:>9.2f} {:>9.2f}\n", command.name, at(command.times, 0.5), at(command.times, 0.9),
                   at(command.times, 0.5) / at(commands[0].times, 0.5));
    return quire::cli::exit_yes;
}

} // namespace

int main(int argc, char** argv) { return quire::cli::run_tool("side_by_side", argc, argv, compare); }
