// How quire-init is started: directly, inside bubblewrap, or as the first process of a container.
//
// A Setting says what a run may see; each function turns it into a Confinement, or says what the machine lacks.
// Nothing is started here.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "sys/process.h"

namespace quire::ci {

struct Mount {
    std::string source; ///< on this machine
    std::string target; ///< inside
    bool writable = false;
};

/// `on` is a network of the sandbox's own, which reaches the outside and nothing of this machine (init/network.h); the
/// host executor's is the machine's.
enum class Network { on, off };

struct Setting {
    std::string run;              ///< the run's marker: QUIRE_RUN_MARKER of every process, the label of the container
    std::string workspace;        ///< on this machine, absolute; "/work" inside bubblewrap and containers
    sys::Environment environment; ///< of every command; in a container over the image's own
    std::vector<Mount> mounts;    ///< further ones; the host executor ignores them
    Network network = Network::on;
    std::string helper; ///< the quire-init binary; empty: the one installed with us
};

struct Confinement {
    std::vector<std::string> argv;
    sys::Environment environment;         ///< of argv
    sys::Environment command_environment; ///< sent with every command
    std::string directory;                ///< the workspace as commands see it
    std::string start_directory = {};     ///< where argv itself starts; empty: where we are
    std::string run;
    std::string image = {};           ///< of a container
    bool on_this_machine = false;     ///< its processes can be found by the marker in their environment
    std::vector<std::string> cleanup; ///< run when the helper is gone or can't be reached; may be empty
};

constexpr const char* inside_workspace = "/work";

/// With the operator's rights, in a PID namespace of its own where the kernel gives one.
Result<Confinement> host_confinement(const Setting& setting);

/// Sees the system's programs read-only, the workspace, the mounts, and nothing else.
Result<Confinement> bwrap_confinement(const Setting& setting);

struct Container {
    std::string engine; ///< "podman", "docker" or a path; empty: whichever is there
    std::string image;
    int number = 0;        ///< tells the containers of one run apart
    bool is_local = false; ///< it was built here: no registry is asked for it
};
Result<Confinement> container_confinement(const Setting& setting, const Container& container);

/// The command that builds an image: what its Dockerfile runs has a network of its own, like a job, where the engine
/// takes one (podman). `arguments` follow "build".
Result<std::vector<std::string>> build_command(const Setting& setting, const std::string& engine,
                                               const std::vector<std::string>& arguments);

/// Where the engine itself runs, to build an image: with the operator's rights and the engine's environment, and in no
/// PID namespace of its own, which engines don't like.
Result<Confinement> engine_confinement(const Setting& setting);

/// The translator that joins a sandbox's network to the outside.
Result<std::string> find_translator();

/// The quire-init that belongs to the running program: beside it, or in ../libexec/quire.
Result<std::string> find_helper();

} // namespace quire::ci
