// How a sandbox gets a network of its own: a network namespace whose way out is a translator (slirp4netns), or a
// container that its engine has connected, and a fence in it. docs/decisions/0011-own-network.md says why.
//
//   quire-ci ─ warden ─┬─ holder, in the namespace: keeps the fence; bwrap is its child
//                      ├─ slirp4netns, outside: the namespace's way out
//                      └─ podman, outside: told where the namespace is
//
// The warden stays outside, sees which addresses the machine comes to have, and tells the fence. Whatever dies takes
// the rest with it: a job never has less of a fence than it began with. The command's stdin and stdout are the
// warden's.
#pragma once

#include <string>
#include <string_view>

namespace quire::init {

/// The namespace as slirp4netns lays it out. 198.18.0.0/15 is for benchmarks, so no real network is hidden by it.
constexpr const char* inside_network = "198.18.71.0/24";
constexpr const char* inside_network_6 = "fd00::/64";
constexpr const char* inside_address_6 = "fd00::100";
constexpr const char* inside_gateway_6 = "fd00::2";
constexpr const char* inside_name_server = "198.18.71.3";
constexpr const char* inside_name_server_6 = "fd00::3";

/// In a command's arguments: the path of the namespace, for an engine that is told of it.
constexpr const char* namespace_mark = "@network@";
/// Where a command started inside finds a resolv.conf to read.
constexpr int resolv_conf_fd = 90;

/// What stands in resolv.conf inside, from what stands in the machine's: its search list, and our name servers.
std::string inside_resolv_conf(std::string_view outside);

/// Runs the command inside the namespace (bwrap); yields its exit code. Arguments end with a null pointer.
int run_inside(const char* translator, char** command);
/// Runs it outside, with namespace_mark replaced (podman).
int run_named(const char* translator, char** command);
/// Starts `fence`, a command that runs Fence::serve where it is to hold (docker), then runs the command.
int run_behind(char** fence, char** command);

} // namespace quire::init
