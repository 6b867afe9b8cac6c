#include "ci/language/validate.h"

#include <algorithm>
#include <map>
#include <set>

#include "base/strings.h"
#include "ci/language/graph.h"

namespace quire::ci {

namespace {

class Validator {
public:
    Validator(Pipeline& pipeline, std::vector<Diagnostic>& diagnostics)
        : m_pipeline(pipeline), m_diagnostics(diagnostics)
    {}

    void run()
    {
        for (const Job& job : m_pipeline.jobs)
            m_ids.push_back(job.id);
        for (Job& job : m_pipeline.jobs)
            for (Input& input : job.inputs)
                resolve(job, input);
        for (const Job& job : m_pipeline.jobs)
            check_bindings(job);
        check_sources();
        check_cycles();
        check_reachability();
    }

private:
    void report(const SourcePlace& place, std::string message)
    {
        m_diagnostics.push_back({place, std::move(message), "", ""});
    }

    std::string did_you_mean(std::string_view name, std::vector<std::string> candidates) const
    {
        auto close = nearest(name, candidates);
        return close ? fmt::format(" Did you mean ':{}'?", *close) : std::string();
    }

    void resolve(const Job& job, Input& input)
    {
        if (input.kind == Input::Kind::output) {
            unalias(input.upstream);
            if (!m_pipeline.find(input.upstream))
                unknown(job, input, input.upstream);
            return;
        }
        if (input.kind != Input::Kind::name)
            return;
        unalias(input.name);
        if (input.name == push_source)
            input.kind = Input::Kind::push;
        else if (m_pipeline.find(input.name))
            input.kind = Input::Kind::job;
        else
            unknown(job, input, input.name);
    }

    /// ":_setup" is ":setup", listed for its order alone.
    void unalias(std::string& name) const
    {
        if (name.size() > 1 && name[0] == '_' && !m_pipeline.find(name))
            name.erase(0, 1);
    }

    void unknown(const Job& job, const Input& input, const std::string& name)
    {
        m_has_unknown = true;
        std::vector<std::string> candidates = m_ids;
        std::erase(candidates, job.id);
        candidates.push_back(push_source);
        if (name.find('/') != std::string::npos)
            report(input.place,
                   fmt::format("Job '{}' has an unknown source ':{}'.{} The only source named with a '/' is "
                               ":quire/push.",
                               job.id, name, did_you_mean(name, candidates)));
        else
            report(input.place, fmt::format("Job '{}' has an unknown input ':{}': no job has that id.{}", job.id, name,
                                            did_you_mean(name, candidates)));
    }

    /// Each name that (jobs …) understands means one thing.
    void check_bindings(const Job& job)
    {
        std::set<std::string> seen;
        for (const Input& input : job.inputs) {
            if (!seen.insert(input.name).second)
                report(input.place, fmt::format("Job '{}' lists ':{}' twice among its inputs.", job.id, input.name));
            bool renamed = input.kind == Input::Kind::cron || input.kind == Input::Kind::manual ||
                           input.kind == Input::Kind::output;
            if (renamed && (m_pipeline.find(input.name) || input.name == push_source))
                report(input.place,
                       fmt::format("Job '{}' calls an input ':{}', which is also a job's id. Name it with :as.", job.id,
                                   input.name));
        }
    }

    /// A source's own name stands for one schedule, or one set of parameters.
    void check_sources()
    {
        std::map<std::string, const Input*> seen;
        for (const Job& job : m_pipeline.jobs)
            for (const Input& input : job.inputs) {
                if (input.kind != Input::Kind::cron && input.kind != Input::Kind::manual)
                    continue;
                auto [entry, is_new] = seen.emplace(input.source, &input);
                const Input& first = *entry->second;
                if (is_new || (first.kind == input.kind && first.schedule == input.schedule &&
                               first.parameters == input.parameters))
                    continue;
                report(input.place,
                       fmt::format("Two different sources are called '{}' (the other one at {}). {}", input.source,
                                   to_string(first.place),
                                   input.kind == Input::Kind::cron ? "Name one with :as." : "Name them apart."));
            }
    }

    void check_cycles()
    {
        for (const std::vector<std::string>& cycle : find_cycles(m_pipeline)) {
            const Job* job = m_pipeline.find(cycle.front());
            SourcePlace place = job->place;
            for (const Input& input : job->inputs)
                if (input.job_name() == cycle[1])
                    place = input.place;
            std::string path = join(cycle, " -> ");
            report(place, cycle.size() == 2 ? fmt::format("Job '{}' waits for itself: {}.", job->id, path)
                                            : fmt::format("Jobs wait for each other in a cycle: {}.", path));
        }
    }

    void check_reachability()
    {
        std::set<std::string> reached;
        std::vector<size_t> order = topological_order(m_pipeline);
        for (size_t index : order) {
            const Job& job = m_pipeline.jobs[index];
            bool reaches = std::any_of(job.inputs.begin(), job.inputs.end(), [&](const Input& input) {
                return input.is_source() || reached.contains(std::string(input.job_name()));
            });
            // Empty inputs and unknown ones have been reported already; what hangs off them says nothing new.
            bool reported = job.inputs.empty() || m_has_unknown;
            if (reaches || reported)
                reached.insert(job.id);
            else
                report(job.place,
                       fmt::format("Job '{}' can never run: none of its inputs leads to a source. Add :quire/push (or "
                                   "another source) to its inputs, or to those of a job it waits for.",
                                   job.id));
        }
    }

    Pipeline& m_pipeline;
    std::vector<Diagnostic>& m_diagnostics;
    std::vector<std::string> m_ids;
    bool m_has_unknown = false;
};

} // namespace

void validate(Pipeline& pipeline, std::vector<Diagnostic>& diagnostics) { Validator(pipeline, diagnostics).run(); }

} // namespace quire::ci
