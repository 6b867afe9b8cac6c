// quire-ci sources.
#include "ci/language/registered_sources.h"

#include "text/fnl.h"
#include "text/json.h"
#include "verbs.h"

namespace quire::ci_tool {

Result<int> verb_sources(const cli::Options& options)
{
    auto program = TRY(load(options));
    if (!program->diagnostics().empty())
        return print_diagnostics(*program);
    text::Data data = store::to_data(ci::sources_of(program->pipeline()));
    TRY(cli::print(options.has("json") ? text::write_json(data) + "\n" : text::write_fnl(data)));
    return cli::exit_yes;
}

} // namespace quire::ci_tool
