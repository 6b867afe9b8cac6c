// quire-exec: what sshd's ForceCommand starts; see quire-exec(8).
#include "cli/tool.h"

using namespace quire;

static Result<int> run(const cli::Arguments&)
{
    return fail(ErrorKind::refused, "nothing is served yet");
}

int main(int argc, char** argv) { return cli::run_tool("quire-exec", argc, argv, run); }
