// quire-exec: what sshd's ForceCommand starts. The security boundary; see quire-exec(8) and libquire/dispatch.
#include "dispatch/dispatch.h"

int main(int argc, char** argv) { return quire::cli::run_tool("quire-exec", argc, argv, quire::dispatch::dispatch); }
