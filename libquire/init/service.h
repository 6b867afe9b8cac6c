// What quire-init does for a run, from its arguments to its end: it keeps to limits and to a group, isolates itself,
// and serves requests from its standard input on its standard output.
#pragma once

#include <string_view>

#include "init/room.h"

namespace quire::init {

struct Service {
    enum class Mode {
        plain, ///< in a sandbox or container
        seal,  ///< the same, sealed if it is the first process there
        isolate,
        guard,
    };
    Mode mode = Mode::plain;
    const char* group = nullptr;
    RoomLimits limits = {};
    uint32_t most_processes = 0; ///< 0: any number
};

/// Returns the exit code: 0, or another one after it has been told on standard error why.
int serve(const Service& service);

} // namespace quire::init
