#include "ci/language/registered_sources.h"

#include <set>

#include "text/json.h"

namespace quire::ci {

using text::Data;

std::string parameter_text(const Data& value) { return value.string() ? *value.string() : text::write_json(value); }

/// Reads what follows a parameter's name: its default, or {:default … :description …}.
static store::ManualParameter parameter_of(const Data& value)
{
    if (!value.table())
        return {parameter_text(value), ""};
    store::ManualParameter parameter{std::nullopt, value.string_or("description", "")};
    if (const Data* fallback = value.find("default"))
        parameter.fallback = parameter_text(*fallback);
    return parameter;
}

static store::ManualSource manual_of(const Input& input)
{
    store::ManualSource source{input.source, {}};
    if (input.parameters.table())
        for (const auto& [name, value] : *input.parameters.table())
            source.parameters.emplace(name, parameter_of(value));
    return source;
}

store::RepositorySources sources_of(const Pipeline& pipeline)
{
    store::RepositorySources sources;
    std::set<std::string> seen;
    for (const Job& job : pipeline.jobs)
        for (const Input& input : job.inputs) {
            bool is_cron = input.kind == Input::Kind::cron;
            if ((!is_cron && input.kind != Input::Kind::manual) || !seen.insert(input.source).second)
                continue;
            if (is_cron)
                sources.cron.push_back({input.source, input.schedule});
            else
                sources.manual.push_back(manual_of(input));
        }
    return sources;
}

} // namespace quire::ci
