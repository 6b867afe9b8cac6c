// Decides which outputs of jobs and facts of sources a job may read.
#include "base/strings.h"
#include "ci/language/graph.h"
#include "ci/runtime/runtime.h"

namespace quire::ci {

using text::Data;

void Runtime::set_outputs(const std::string& job, Data outputs) { m_outputs.insert_or_assign(job, std::move(outputs)); }

void Runtime::set_source(const std::string& source, Data facts)
{
    m_sources.insert_or_assign(source, std::move(facts));
}

static const Data* find_in(const std::map<std::string, Data>& map, const std::string& key)
{
    static const Data nothing;
    auto found = map.find(key);
    return found == map.end() ? &nothing : &found->second;
}

Result<const Data*> Runtime::read_outputs(const Job& job, const std::string& name) const
{
    static const Data nothing;
    auto behind = [&](const Input& input) -> const Data* {
        if (input.kind == Input::Kind::push)
            return find_in(m_sources, push_source);
        if (input.is_source())
            return find_in(m_sources, input.source);
        if (input.kind != Input::Kind::output)
            return find_in(m_outputs, input.name);
        const Data* value = find_in(m_outputs, input.upstream)->find(input.key);
        return value ? value : &nothing;
    };
    // A manual source can be read by its own name, even in a job of the same name: (jobs :deploy) in the job :deploy.
    for (const Input& input : job.inputs)
        if (input.kind == Input::Kind::manual && input.source == name)
            return behind(input);
    if (name == job.id)
        return fail(ErrorKind::invalid, "job '{}' asked for its own outputs, which are not there before it has ended",
                    name);
    for (const Input& input : job.inputs)
        if (input.name == name)
            return behind(input);
    std::set<std::string> above = ancestors(m_pipeline, job.id);
    if (above.contains(name))
        return find_in(m_outputs, name);
    for (const std::string& id : above)
        if (const Job* ancestor = m_pipeline.find(id))
            for (const Input& input : ancestor->inputs)
                if (input.is_source() &&
                    (input.name == name || (input.kind == Input::Kind::manual && input.source == name)))
                    return behind(input);
    if (m_pipeline.find(name) || name == push_source)
        return fail(ErrorKind::invalid,
                    "'{}' is not among the inputs of job '{}', direct or indirect; add :{} to its inputs", name, job.id,
                    name);
    std::set<std::string> visible = visible_names(m_pipeline, job.id);
    std::vector<std::string> names(visible.begin(), visible.end());
    auto close = nearest(name, names);
    return fail(ErrorKind::invalid, "job '{}' has no input '{}'{}; it can read :{}", job.id, name,
                close ? fmt::format(", did you mean ':{}'?", *close) : "", join(names, ", :"));
}

} // namespace quire::ci
