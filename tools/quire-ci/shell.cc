// quire-ci shell: a shell where a job's commands ran; `quire shell` starts it.
#include "ci/run/shell.h"

#include "verbs.h"

namespace quire::ci_tool {

Result<int> verb_shell(const cli::Options& options)
{
    ci::RunOptions run;
    run.checkout = options.operands()[0];
    run.executor = options.value("executor").value_or(run.executor);
    run.job = options.value("job").value_or("");
    run.dispatch = options.value("dispatch").value_or("");
    if (run.job.empty() || run.dispatch.empty())
        return fail(ErrorKind::usage, "shell: needs --job and --dispatch");
    run.program.cache_directory = options.value("cache-dir").value_or(ci::default_cache_directory());
    return ci::run_shell(run);
}

} // namespace quire::ci_tool
