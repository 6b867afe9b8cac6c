#include "ci/executors/started_helper.h"

#include <signal.h>

#include "init/service.h"
#include "sys/file.h"
#include "sys/process_copy.h"

namespace quire::ci {

namespace {

struct Pipes {
    sys::Pipe in, out, errors;
};

Result<Pipes> make_pipes() { return Pipes{TRY(sys::make_pipe()), TRY(sys::make_pipe()), TRY(sys::make_pipe())}; }

HelperParts our_ends(sys::Process process, Pipes pipes)
{
    return {std::move(process), std::move(pipes.in.writer), std::move(pipes.out.reader),
            std::move(pipes.errors.reader)};
}

} // namespace

Result<HelperParts> start_helper(const Confinement& confinement)
{
    Pipes pipes = TRY(make_pipes());
    sys::Command command;
    command.argv = confinement.argv;
    command.environment = confinement.environment;
    command.input = pipes.in.reader.get();
    command.output = pipes.out.writer.get();
    command.error = pipes.errors.writer.get();
    command.new_session = true; // so that we handle a person's ^C ourselves
    UniqueFd directory;
    if (!confinement.start_directory.empty()) {
        directory = TRY(sys::open_directory(AT_FDCWD, confinement.start_directory));
        command.directory = directory.get();
    }
    return our_ends(TRY(sys::spawn(command)), std::move(pipes));
}

Result<StartedHelper> StartedHelper::copy_of_us()
{
    Pipes pipes = TRY(make_pipes());
    sys::CopyPlan plan{.input = pipes.in.reader.get(),
                       .output = pipes.out.writer.get(),
                       .error = pipes.errors.writer.get(),
                       .shown = {"quire-init", "--isolate"},
                       .body = [] { return init::serve({.mode = init::Service::Mode::isolate}); }};
    return StartedHelper(our_ends(TRY(sys::spawn_copy(plan)), std::move(pipes)));
}

StartedHelper::~StartedHelper()
{
    if (!m_parts)
        return;
    (void)m_parts->process.signal(SIGKILL); // what it has started of its own dies with it
    (void)m_parts->process.wait();
}

} // namespace quire::ci
