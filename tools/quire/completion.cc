// completion: prints a shell's completion script for quire.
#include "cli/completion.h"
#include "base/log.h"
#include "verbs.h"

namespace quire::tool {

Result<int> verb_completion(const Call& call)
{
    cli::Options options = TRY(call.options());
    const std::string& shell = options.operands()[0];
    auto script = cli::completion_script(shell);
    if (!script)
        return fail(ErrorKind::usage, "completion: '{}' is none of bash, zsh, fish", visible(shell));
    TRY(cli::print(*script));
    return 0;
}

} // namespace quire::tool
