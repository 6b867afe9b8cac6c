#include "cli/tool.h"

#include <signal.h>

#include <exception>

#include "base/log.h"
#include "sys/file.h"

namespace quire::cli {

int exit_code_for(const Error& error)
{
    switch (error.kind) {
    case ErrorKind::usage:
        return exit_usage;
    case ErrorKind::system:
        return exit_system;
    case ErrorKind::refused:
    case ErrorKind::not_found:
    case ErrorKind::exists:
    case ErrorKind::invalid:
    case ErrorKind::busy:
        // If a system call could not find a file, the machine has failed; that is not the answer "no".
        return error.code != 0 ? exit_system : exit_no;
    }
    return exit_system;
}

int run_tool(std::string_view name, int argc, char** argv, ToolBody body)
{
    set_program_name(name);
    ::signal(SIGPIPE, SIG_IGN);
    try {
        Arguments arguments(argv + (argc > 0 ? 1 : 0), argv + argc);
        Result<int> outcome = body(arguments);
        if (outcome)
            return *outcome;
        log_line(outcome.error().message);
        return exit_code_for(outcome.error());
    } catch (const std::exception& exception) {
        log_line(exception.what());
        return exit_system;
    }
}

std::string_view version() { return QUIRE_VERSION; }

Result<void> print(std::string_view text)
{
    auto written = sys::write_all(1, text);
    if (!written && written.error().code != EPIPE)
        return with_context(std::move(written).error(), "standard output");
    return {};
}

Result<bool> answered_help(const Arguments& arguments, std::string_view usage)
{
    if (arguments.size() != 1)
        return false;
    if (arguments[0] == "--help" || arguments[0] == "-h") {
        TRY(print(usage));
        return true;
    }
    if (arguments[0] == "--version") {
        TRY(print(fmt::format("{} {}\n", program_name(), version())));
        return true;
    }
    return false;
}

} // namespace quire::cli
