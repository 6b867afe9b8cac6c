// Starts quire-init, as a program or as a copy of this process.
//
// A StartedHelper was started before its Executor exists, so that it gets ready while a pipeline is read. An Executor
// takes it over if it fits; nobody can tell the difference. One that nobody takes over is killed.
#pragma once

#include <optional>

#include "ci/executors/confinement.h"
#include "sys/process.h"

namespace quire::ci {

struct HelperParts {
    sys::Process process;
    UniqueFd input, output, errors; ///< our ends
};

Result<HelperParts> start_helper(const Confinement& confinement);

class StartedHelper {
public:
    /// A copy of this process, which costs less to start than a program. It knows what we know: only while no secret
    /// has been read.
    static Result<StartedHelper> copy_of_us();
    StartedHelper(StartedHelper&& other) noexcept : m_parts(std::exchange(other.m_parts, std::nullopt)) {}
    StartedHelper& operator=(StartedHelper&&) = delete;
    ~StartedHelper();

    /// Whether it does what would be started for that confinement.
    static bool fits(const Confinement& confinement) { return confinement.is_plain_host; }

    /// From then on it is the caller's.
    HelperParts take() { return *std::exchange(m_parts, std::nullopt); }

private:
    explicit StartedHelper(HelperParts parts) : m_parts(std::move(parts)) {}
    std::optional<HelperParts> m_parts;
};

} // namespace quire::ci
