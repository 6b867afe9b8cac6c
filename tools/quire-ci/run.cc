// quire-ci run.
#include "ci/run/run.h"

#include "base/strings.h"
#include "verbs.h"

namespace quire::ci_tool {

Result<int> verb_run(const cli::Options& options)
{
    ci::RunOptions run;
    if (!options.operands().empty())
        run.checkout = options.operands()[0];
    run.executor = options.value("executor").value_or(run.executor);
    if (run.executor != "auto" && run.executor != "host" && run.executor != "bwrap" && run.executor != "container")
        return fail(ErrorKind::usage, "--executor: '{}' is none of auto, host, bwrap, container", run.executor);
    run.events = options.value("events").value_or("");
    run.out_directory = options.value("out-dir").value_or("");
    run.job = options.value("job").value_or("");
    run.dispatch = options.value("dispatch").value_or("");
    if (auto parallel = options.value("parallel")) {
        auto number = parse_decimal(*parallel);
        if (!number || *number == 0 || *number > 1000)
            return fail(ErrorKind::usage, "--parallel: '{}' is not a number from 1 to 1000", *parallel);
        run.parallel = static_cast<size_t>(*number);
    }
    if (!options.has("no-cache"))
        run.program.cache_directory = options.value("cache-dir").value_or(ci::default_cache_directory());
    return ci::run_pipeline(run);
}

} // namespace quire::ci_tool
