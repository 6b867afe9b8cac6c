// run, and refresh-sources, which the runner calls when a default branch has moved.
#include "base/strings.h"
#include "forge/config.h"
#include "forge/manual.h"
#include "forge/refresh_sources.h"
#include "store/parameters.h"
#include "sys/process.h"
#include "sys/self.h"
#include "text/escape.h"
#include "text/json.h"
#include "verbs.h"

namespace quire::tool {

static std::string describe(const store::ManualSource& source)
{
    using text::for_terminal;
    std::string text = for_terminal(source.name) + "\n";
    for (const auto& [name, parameter] : source.parameters) {
        text += fmt::format("  {}={}", for_terminal(name), for_terminal(parameter.fallback.value_or("")));
        text += parameter.fallback ? "" : "  (has to be given)";
        text += parameter.description.empty() ? "\n" : fmt::format("  {}\n", for_terminal(parameter.description));
    }
    return text;
}

static Result<int> list_sources(const store::Root& root, const store::RepoName& name, bool as_json)
{
    auto sources = TRY(forge::current_sources(root, name, TRY(sys::program_directory())));
    if (as_json) {
        TRY(cli::print(text::write_json(to_data(sources)) + "\n"));
        return 0;
    }
    std::string text;
    for (const store::ManualSource& source : sources.manual)
        text += describe(source);
    if (text.empty())
        text = fmt::format("{} has no manual source; one is an input such as (manual :deploy {{:to \"staging\"}})\n",
                           name.str());
    TRY(cli::print(text));
    return 0;
}

Result<int> verb_run(const Call& call)
{
    cli::Options options = TRY(call.options());
    store::Root root = TRY(call.root());
    store::RepoName name = TRY(Call::repository(root, options.operands()[0]));
    std::vector<std::string> words(options.operands().begin() + 1, options.operands().end());
    auto source = options.value("source");
    if (!source && !words.empty())
        return fail(ErrorKind::usage, "say which source: quire run {} --source SOURCE {}", name.str(),
                    join(words, " "));
    if (!source)
        return list_sources(root, name, options.has("json"));
    auto given = TRY(store::parse_parameters(words));
    store::GlobalConfig config = TRY(forge::read_global_config(root));
    std::string who = sys::process_variable("QUIRE_PUSHER").value_or("operator");
    auto record = TRY(forge::fire_manual(root, name, *source, given, who, TRY(sys::program_directory())));
    std::string url = config.run_url(name, record.number);
    if (options.has("json")) {
        text::Data data = to_data(record);
        if (!url.empty())
            data.set("url", url);
        TRY(cli::print(text::write_json(data) + "\n"));
        return 0;
    }
    TRY(cli::print(fmt::format("run #{} of {}: {} of {}{}{}\n", record.number, name.str(), text::for_terminal(*source),
                               record.sha.substr(0, 12), url.empty() ? "" : "\n", url)));
    return 0;
}

Result<int> verb_refresh_sources(const Call& call)
{
    cli::Options options = TRY(call.options());
    store::Root root = TRY(call.root());
    store::RepoName name = TRY(Call::repository(root, options.operands()[0]));
    TRY(forge::refresh_sources(root, name, TRY(sys::program_directory())));
    return 0;
}

} // namespace quire::tool
