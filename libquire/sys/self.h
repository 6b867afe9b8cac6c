// This process: where its program lies, and what it inherited from whoever started it.
//
// A program that strangers start (through sshd) takes nothing on trust: streams may be closed, signals ignored,
// descriptors left open. reset_inherited() makes all that ordinary, for itself and for what it execs.
#pragma once

#include <sys/types.h>

#include <string>

#include "base/result.h"

namespace quire::sys {

/// Opens /dev/null in place of a standard stream that is closed, marks every other descriptor close-on-exec,
/// unblocks all signals, gives back their default action (PIPE stays as it is), and sets the umask.
Result<void> reset_inherited(mode_t mask);

/// The absolute path of the directory that the running program is in.
Result<std::string> program_directory();

/// Makes an open directory the current one: nothing can be put in its place afterwards.
Result<void> enter_directory(int fd);

/// Whom we act as; 0 may be the root of a user namespace only.
uid_t user_id();
gid_t group_id();

/// The calling thread gives way to others.
void lower_priority();

} // namespace quire::sys
