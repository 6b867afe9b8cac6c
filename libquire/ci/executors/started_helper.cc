#include "ci/executors/started_helper.h"

#include <signal.h>

#include "sys/file.h"

namespace quire::ci {

Result<StartedHelper> StartedHelper::start(const Confinement& confinement)
{
    sys::Pipe in = TRY(sys::make_pipe());
    sys::Pipe out = TRY(sys::make_pipe());
    sys::Pipe errors = TRY(sys::make_pipe());
    sys::Command command;
    command.argv = confinement.argv;
    command.environment = confinement.environment;
    command.input = in.reader.get();
    command.output = out.writer.get();
    command.error = errors.writer.get();
    command.new_session = true; // so that we handle a person's ^C ourselves
    UniqueFd directory;
    if (!confinement.start_directory.empty()) {
        directory = TRY(sys::open_directory(AT_FDCWD, confinement.start_directory));
        command.directory = directory.get();
    }
    Parts parts{TRY(sys::spawn(command)), std::move(in.writer), std::move(out.reader), std::move(errors.reader)};
    return StartedHelper(confinement, std::move(parts));
}

StartedHelper::~StartedHelper()
{
    if (!m_parts)
        return;
    (void)m_parts->process.signal(SIGKILL); // what it has started of its own dies with it
    (void)m_parts->process.wait();
}

bool StartedHelper::fits(const Confinement& confinement) const
{
    return m_confinement.argv == confinement.argv && m_confinement.environment == confinement.environment &&
           m_confinement.start_directory == confinement.start_directory;
}

} // namespace quire::ci
