#include "ci/executors/executor.h"

#include "ci/executors/executor_impl.h"

namespace quire::ci {

std::vector<std::string> shell_argv(std::string_view script) { return {"sh", "-c", std::string(script)}; }

Executor::Executor(sys::Loop& loop, Confinement confinement, Limits limits)
    : m_impl(std::make_unique<Impl>(loop, std::move(confinement), limits))
{}

Executor::~Executor() = default;

CommandId Executor::start(CommandSpec spec, CommandObserver& observer)
{
    return m_impl->start(std::move(spec), observer);
}

void Executor::cancel(CommandId id) { m_impl->cancel(id); }

void Executor::end_job(const std::string& job, Done done) { m_impl->end(job, std::move(done)); }

void Executor::close(Done done) { m_impl->close(std::move(done)); }

} // namespace quire::ci
