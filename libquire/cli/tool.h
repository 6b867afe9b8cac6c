// What every quire program shares: exit codes, --version, and where errors go.
//
//   int main(int argc, char** argv) { return quire::cli::run_tool("quire-hook", argc, argv, body); }
//
// run_tool sets the program's name, ignores SIGPIPE, calls the body, prints the error it returns as one line
// on stderr and turns its kind into an exit code. No exception passes it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace quire::cli {

/// Exit codes are a contract, the same in every program.
enum ExitCode : int {
    exit_yes = 0,
    exit_no = 1,
    exit_usage = 100,
    exit_system = 111,
};

using Arguments = std::vector<std::string>;
using ToolBody = Result<int> (*)(const Arguments& arguments);

/// `arguments` are argv without argv[0].
int run_tool(std::string_view name, int argc, char** argv, ToolBody body);

int exit_code_for(const Error& error);

std::string_view version();
/// Writes to stdout; a reader that went away is no error.
Result<void> print(std::string_view text);

/// `arguments` is just --help or --version: prints what it asks for and yields true.
Result<bool> answered_help(const Arguments& arguments, std::string_view usage);

} // namespace quire::cli
