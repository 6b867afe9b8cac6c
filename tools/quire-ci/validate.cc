// quire-ci validate and quire-ci graph.
#include <fcntl.h>

#include "base/log.h"
#include "ci/language/graph.h"
#include "ci/run/checkout_copy.h"
#include "sys/file.h"
#include "text/json.h"
#include "verbs.h"

namespace quire::ci_tool {

using text::Data;

std::string cache_directory(const cli::Options& options)
{
    return options.has("no-cache") ? "" : options.value("cache-dir").value_or(ci::default_cache_directory());
}

Result<std::unique_ptr<ci::Program>> load(const cli::Options& options)
{
    std::string path = options.operands().empty() ? ci::nearest_pipeline() : options.operands()[0];
    UniqueFd checkout = TRY(sys::open_directory(AT_FDCWD, path));
    ci::SourceTree tree = TRY(ci::read_source_tree(checkout.get(), path));
    ci::ProgramOptions program_options;
    program_options.cache_directory = cache_directory(options);
    auto program = TRY(ci::Program::load(std::move(tree), program_options));
    if (!program->printed().empty())
        TRY(sys::write_all(2, program->printed()));
    return program;
}

Result<int> print_diagnostics(const ci::Program& program)
{
    std::string text;
    for (const ci::Diagnostic& diagnostic : program.diagnostics())
        text += format_diagnostic(diagnostic);
    size_t count = program.diagnostics().size();
    text += fmt::format("{} {} in the pipeline\n", count, count == 1 ? "error" : "errors");
    TRY(sys::write_all(2, text));
    return cli::exit_no;
}

static Data describe(const ci::Program& program)
{
    Data::Sequence problems, jobs;
    for (const ci::Diagnostic& diagnostic : program.diagnostics())
        problems.push_back(to_data(diagnostic));
    if (program.diagnostics().empty())
        for (const ci::Job& job : program.pipeline().jobs) {
            Data::Sequence inputs;
            for (const ci::Input& input : job.inputs)
                inputs.emplace_back(input.name);
            Data entry{Data::Table{}};
            entry.set("id", job.id);
            entry.set("inputs", std::move(inputs));
            entry.set("file", job.place.file);
            entry.set("line", int64_t{job.place.position.line});
            entry.set("column", int64_t{job.place.position.column});
            jobs.push_back(std::move(entry));
        }
    Data result{Data::Table{}};
    result.set("valid", program.diagnostics().empty());
    result.set("errors", std::move(problems));
    result.set("jobs", std::move(jobs));
    return result;
}

Result<int> verb_validate(const cli::Options& options)
{
    auto program = TRY(load(options));
    if (options.has("json")) {
        TRY(cli::print(text::write_json(describe(*program)) + "\n"));
        return program->diagnostics().empty() ? cli::exit_yes : cli::exit_no;
    }
    if (!program->diagnostics().empty())
        return print_diagnostics(*program);
    size_t jobs = program->pipeline().jobs.size();
    TRY(cli::print(fmt::format("{}: {} {}, no errors\n", ci::pipeline_file, jobs, jobs == 1 ? "job" : "jobs")));
    return cli::exit_yes;
}

Result<int> verb_graph(const cli::Options& options)
{
    auto program = TRY(load(options));
    if (!program->diagnostics().empty())
        return print_diagnostics(*program);
    TRY(cli::print(options.has("dot") ? graph_to_dot(program->pipeline()) : describe_graph(program->pipeline())));
    return cli::exit_yes;
}

} // namespace quire::ci_tool
