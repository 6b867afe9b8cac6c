// quire-ci run.
#include "ci/run/run.h"

#include "base/log.h"
#include "base/strings.h"
#include "ci/run/checkout_copy.h"
#include "store/parameters.h"
#include "verbs.h"

namespace quire::ci_tool {

Result<int> verb_run(const cli::Options& options)
{
    ci::RunOptions run;
    std::vector<std::string> words;
    std::optional<std::string> directory;
    for (const std::string& word : options.operands()) {
        // A directory with a '=' in its name can be written as ./a=b.
        size_t equals = word.find('=');
        if (equals != std::string::npos && equals < word.find('/'))
            words.push_back(word);
        else if (!std::exchange(directory, word))
            continue;
        else
            return fail(ErrorKind::usage, "run: one directory is enough, '{}' is another", visible(word));
    }
    run.checkout = directory.value_or(ci::nearest_pipeline());
    run.parameters = TRY(store::parse_parameters(words));
    run.source = options.value("source").value_or("");
    run.in_place = options.has("in-place");
    run.verbose = options.has("verbose");
    run.executor = options.value("executor").value_or(run.executor);
    if (run.executor != "auto" && run.executor != "host" && run.executor != "bwrap" && run.executor != "container")
        return fail(ErrorKind::usage, "--executor: '{}' is none of auto, host, bwrap, container", run.executor);
    run.events = options.value("events").value_or("");
    run.out_directory = options.value("out-dir").value_or("");
    run.job = options.value("job").value_or("");
    if (auto approved = options.value("approve"))
        for (std::string_view job : split(*approved, ','))
            run.approved.emplace(job);
    run.dispatch = options.value("dispatch").value_or("");
    run.is_away = options.has("away");
    run.is_sealed = options.has("seal");
    if (run.is_away && (run.dispatch.empty() || run.out_directory.empty()))
        return fail(ErrorKind::usage, "run: --away needs --dispatch and --out-dir");
    if (!run.dispatch.empty() && (!run.source.empty() || !run.parameters.empty()))
        return fail(ErrorKind::usage, "run: with --dispatch, the file says what the source and its parameters are");
    if (auto parallel = options.value("parallel")) {
        auto number = parse_decimal(*parallel);
        if (!number || *number == 0 || *number > 1000)
            return fail(ErrorKind::usage, "--parallel: '{}' is not a number from 1 to 1000", *parallel);
        run.parallel = static_cast<size_t>(*number);
    }
    run.program.cache_directory = cache_directory(options);
    return ci::run_pipeline(run);
}

} // namespace quire::ci_tool
