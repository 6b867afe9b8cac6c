// Remote: git as the client of another forge, with a key or a header of quire's own.
//
// Over ssh git starts this very program as its ssh (become_ssh_if_asked), which knows where the key and the remote's
// pinned keys lie; nothing is put together as a command line for a shell. Over https the header stands in a file in
// memory that git includes: it is in no argument and no environment.
#pragma once

#include "git/git.h"
#include "store/mirror.h"

namespace quire::deliver {

struct Remote {
    int repository = -1; ///< its open directory; outlives the object
    std::string url;
    std::string key = {};    ///< over ssh: the key's path in the repository; "": whatever ssh of the user has
    std::string header = {}; ///< over https: a whole header, "Authorization: …"
};

/// An address that a mirror may have: ssh or https, one line, without a password.
struct RemoteUrl {
    bool is_ssh = false;
    std::string host;
    int64_t port = 22;
};
Result<RemoteUrl> parse_remote_url(std::string_view url);

/// git with these arguments in the repository; `url` stands in them by itself.
Result<sys::Output> run_git(const Remote& remote, std::vector<std::string> arguments, int64_t timeout);

/// What the remote has, refs/heads and refs/tags and the like; peeled tags and HEAD are left out.
Result<store::RefValues> list_remote(const Remote& remote, int64_t timeout);
/// Whether it would take a push: asks its receive-pack, and sends nothing.
Result<void> try_push(const Remote& remote, int64_t timeout);

/// The line that tells why, of what git printed.
std::string reason_of(const sys::Output& output);

/// "Authorization: Basic …"
std::string basic_header(std::string_view user, std::string_view password);

/// Where git has started us as its ssh: becomes ssh, and does not return but on failure.
void become_ssh_if_asked(int argc, char** argv);

} // namespace quire::deliver
