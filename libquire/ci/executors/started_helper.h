// StartedHelper: a quire-init that was started before its Executor exists, so that it gets ready while a pipeline is
// read. An Executor takes it over if it fits; nobody can tell the difference. One that nobody takes over is killed.
#pragma once

#include <optional>

#include "ci/executors/confinement.h"
#include "sys/process.h"

namespace quire::ci {

class StartedHelper {
public:
    static Result<StartedHelper> start(const Confinement& confinement);
    StartedHelper(StartedHelper&& other) noexcept
        : m_confinement(std::move(other.m_confinement)), m_parts(std::exchange(other.m_parts, std::nullopt))
    {}
    StartedHelper& operator=(StartedHelper&&) = delete;
    ~StartedHelper();

    /// Whether it is what would be started for that confinement.
    bool fits(const Confinement& confinement) const;

    struct Parts {
        sys::Process process;
        UniqueFd input, output, errors; ///< our ends
    };
    /// From then on it is the caller's.
    Parts take() { return *std::exchange(m_parts, std::nullopt); }

private:
    StartedHelper(Confinement confinement, Parts parts)
        : m_confinement(std::move(confinement)), m_parts(std::move(parts))
    {}
    Confinement m_confinement;
    std::optional<Parts> m_parts;
};

} // namespace quire::ci
