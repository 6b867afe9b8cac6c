// This process: where its program lies, and what it inherited from its parent.
//
// A program that strangers start (through sshd) can't trust what it inherits: streams may be closed, signals ignored,
// descriptors left open. reset_inherited() restores the usual state, for this process and for what it execs.
#pragma once

#include <sys/types.h>

#include <string>

#include "base/result.h"
#include "base/time.h"

namespace quire::sys {

/// Opens /dev/null in place of a standard stream that is closed, marks every other descriptor close-on-exec, unblocks
/// all signals, restores their default actions (except PIPE's), and sets the umask.
Result<void> reset_inherited(mode_t mask);

/// The absolute path of the directory that the running program is in.
Result<std::string> program_directory();

/// Makes an open directory the current one, so that it can't be replaced under its name afterwards.
Result<void> enter_directory(int fd);

/// Whether a descriptor is a terminal.
bool is_terminal(int fd);

pid_t process_id();

/// The effective user id. 0 may mean only the root of a user namespace.
uid_t user_id();
gid_t group_id();

/// Names the time since the machine was started: another one means that everything that ran has ended.
Result<std::string> boot_id();
/// When that was, by the clock as it is now.
Instant booted_at();

} // namespace quire::sys
