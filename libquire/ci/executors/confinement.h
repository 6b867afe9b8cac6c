// How quire-init is started: directly, inside bubblewrap, or as the first process of a container.
//
// A Setting says what a run may see. Each function turns it into a Confinement, or says what the machine lacks. Nothing
// is started here.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "ci/language/pipeline.h"
#include "sys/process.h"

namespace quire::ci {

struct Mount {
    std::string source; ///< the path on this machine
    std::string target; ///< the path inside
    bool writable = false;
};

/// `on`: a sandbox gets a network of its own that reaches the outside but nothing on this machine (init/network.h); the
/// host executor uses the machine's network.
enum class Network { on, off };

struct Setting {
    std::string run;              ///< the run's marker: QUIRE_RUN_MARKER of each process, and a label of containers
    std::string workspace;        ///< an absolute path on this machine; commands may see it as "/work"
    sys::Environment environment; ///< for every command; in a container, on top of the image's own
    std::vector<Mount> mounts;    ///< additional ones; the host executor ignores them
    Network network = Network::on;
    JobLimits limits = {};       ///< of the one job that runs there; an engine enforces them too
    std::string group = {};      ///< the directory of a control group made for it; only on the host and in bubblewrap
    bool is_sealed = false;      ///< in a sandbox or container: see init/seal.h
    bool read_only_root = false; ///< a container's own file system can't be written to, but for /tmp and the like
    std::vector<std::string> command = {}; ///< runs for a person, in place of what quire-init is asked for
    bool on_terminal = false;              ///< its streams are a terminal
    std::string helper;                    ///< the quire-init binary; empty: the one that was installed with us
};

struct Confinement {
    std::vector<std::string> argv;
    bool is_plain_host = false;           ///< on the host without limits: a copy of ourselves serves as well as argv
    sys::Environment environment;         ///< for argv
    sys::Environment command_environment; ///< sent with every command
    std::string directory;                ///< the workspace as commands see it
    std::string start_directory = {};     ///< where argv itself starts; empty: our own
    std::string group = {};               ///< as in Setting: to be removed in the end
    std::string run;
    std::string image = {};           ///< the container's
    bool on_this_machine = false;     ///< the processes can be found by the marker in their environment
    std::vector<std::string> cleanup; ///< a command to run when the helper is gone or can't be reached; may be empty
};

/// What quire-init is to do: to keep its commands within the limits, or to run a person's command.
std::vector<std::string> helper_arguments(const Setting& setting);

constexpr const char* inside_workspace = "/work";

/// Commands run with the operator's rights, in a PID namespace if the kernel allows one.
Result<Confinement> host_confinement(const Setting& setting);

/// Commands see the system's programs read-only, the workspace and the mounts, and nothing else.
Result<Confinement> bwrap_confinement(const Setting& setting);

struct Container {
    std::string engine; ///< "podman", "docker" or a path; empty: any that is installed
    std::string image;
    int number = 0;        ///< tells the containers of a run apart
    bool is_local = false; ///< it was built here, so no registry is asked for it
};
Result<Confinement> container_confinement(const Setting& setting, const Container& container);

/// The command that builds an image. If the engine allows it (podman), the commands of the Dockerfile get a network of
/// their own, as jobs do. `arguments` follow "build".
Result<std::vector<std::string>> build_command(const Setting& setting, const std::string& engine,
                                               const std::vector<std::string>& arguments);

/// Runs the engine itself to build an image, with the operator's rights and the engine's environment. It gets no PID
/// namespace of its own, because engines don't work well in one.
Result<Confinement> engine_confinement(const Setting& setting);

/// Finds the translator that connects a sandbox's network to the outside.
Result<std::string> find_translator();

/// Finds the quire-init that belongs to the running program: beside it, or in ../libexec/quire.
Result<std::string> find_helper();

} // namespace quire::ci
