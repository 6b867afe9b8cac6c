// Gives a sandbox a network of its own: a network namespace with a translator (slirp4netns) as its way out, or a
// container that its engine has connected, and a fence in it (docs/decisions/0011-own-network.md).
//
//   quire-ci ─ warden ─┬─ holder, in the namespace: keeps the fence; bwrap is its child
//                      ├─ slirp4netns, outside: the namespace's way out
//                      └─ podman, outside: told where the namespace is
//
// The warden stays outside, notices when the machine gets new addresses, and tells the fence. If any of these processes
// dies, the others die too, so a job never has a weaker fence than at its start. The command uses the warden's stdin
// and stdout.
#pragma once

#include <string>
#include <string_view>

namespace quire::init {

/// The addresses that slirp4netns uses inside. 198.18.0.0/15 is reserved for benchmarks, so it hides no real network.
constexpr const char* inside_network = "198.18.71.0/24";
constexpr const char* inside_network_6 = "fd00::/64";
constexpr const char* inside_address_6 = "fd00::100";
constexpr const char* inside_gateway_6 = "fd00::2";
constexpr const char* inside_name_server = "198.18.71.3";
constexpr const char* inside_name_server_6 = "fd00::3";

/// In a command's arguments, this is replaced by the path of the namespace, for an engine that takes one.
constexpr const char* namespace_mark = "@network@";
/// The descriptor on which a command inside can read a resolv.conf.
constexpr int resolv_conf_fd = 90;

/// The resolv.conf for the inside: the machine's search list, and our own name servers.
std::string inside_resolv_conf(std::string_view outside);

/// Runs the command inside the namespace (bwrap) and returns its exit code. `command` ends with a null pointer.
int run_inside(const char* translator, char** command);
/// Runs the command outside, with namespace_mark replaced (podman).
int run_named(const char* translator, char** command);
/// Starts `fence`, a command that runs Fence::serve in the right namespace (docker), then runs the command.
int run_behind(char** fence, char** command);

} // namespace quire::init
