#include "ci/run/shell.h"

#include <fcntl.h>

#include "base/log.h"
#include "ci/executors/survivors.h"
#include "ci/run/own_run.h"
#include "ci/run/run_executors.h"
#include "sys/file.h"
#include "sys/pty.h"

namespace quire::ci {

/// An interactive bash where there is one. Without a terminal it reads a script.
static std::vector<std::string> shell_command(bool on_terminal)
{
    return on_terminal ? shell_argv("command -v bash >/dev/null 2>&1 && exec bash -i; exec sh -i")
                       : std::vector<std::string>{"sh"};
}

Result<int> run_shell(const RunOptions& options)
{
    UniqueFd checkout = TRY(sys::open_directory(AT_FDCWD, options.checkout));
    Handoff handoff = TRY(take_handoff(options.dispatch));
    auto program = TRY(Program::load(TRY(read_source_tree(checkout.get(), options.checkout)), options.program));
    if (!program->diagnostics().empty())
        return fail(ErrorKind::refused, "the pipeline in the workspace can't be read any more: {}",
                    program->diagnostics()[0].message);
    TRY(check_jobs(program->pipeline(), handoff.source, options.job));
    add_variables(handoff);
    sys::Loop loop;
    PreparedPool prepared = TRY(prepare_executors(options, handoff, *program, options.checkout, checkout.get(), loop));
    sys::Environment more;
    sys::set_variable(more, run_variable, handoff.run);
    sys::set_variable(more, job_variable, options.job);
    for (const char* name : {"TERM", "LANG"})
        if (auto value = sys::process_variable(name))
            sys::set_variable(more, name, *value);
    for (const auto& [name, value] : handoff.secrets)
        if (value)
            sys::set_variable(more, "QUIRE_SECRET_" + name, *value);
    bool on_terminal = sys::has_terminal();
    Confinement confinement =
        TRY(prepared.executors->confine_person(options.job, shell_command(on_terminal), more, on_terminal));
    sys::Command command{.argv = std::move(confinement.argv),
                         .environment = std::move(confinement.environment),
                         .input = 0,
                         .output = 1,
                         .error = 2};
    UniqueFd directory;
    if (!confinement.start_directory.empty()) {
        directory = TRY(sys::open_directory(AT_FDCWD, confinement.start_directory));
        command.directory = directory.get();
    }
    if (on_terminal)
        return sys::run_on_terminal(std::move(command));
    return TRY(sys::spawn(command)).wait();
}

} // namespace quire::ci
