// What all programs of quire share: exit codes, --version, and how errors are printed.
//
//   int main(int argc, char** argv) { return quire::cli::run_tool("quire-hook", argc, argv, body); }
//
// run_tool sets the program's name, ignores SIGPIPE, calls the body, prints the error that it returns as one line on
// stderr and turns its kind into an exit code. It catches all exceptions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace quire::cli {

/// Exit codes are a contract: they mean the same in every program.
enum ExitCode : int {
    exit_yes = 0,
    exit_no = 1,
    exit_usage = 100,
    exit_system = 111,
};

using Arguments = std::vector<std::string>;
using ToolBody = Result<int> (*)(const Arguments& arguments);

/// `arguments` is argv without argv[0].
int run_tool(std::string_view name, int argc, char** argv, ToolBody body);

int exit_code_for(const Error& error);

std::string_view version();
/// Writes to stdout. It is no error if the reader went away.
Result<void> print(std::string_view text);

/// If `arguments` is just --help or --version, prints the answer and returns true.
Result<bool> answered_help(const Arguments& arguments, std::string_view usage);

} // namespace quire::cli
