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

    std::string did_you_mean(std::string_view name, const std::vector<std::string>& candidates) const
    {
        constexpr std::string_view push = push_source;
        auto close = push.ends_with("/" + std::string(name)) ? std::string(push) : nearest(name, candidates);
        return close ? fmt::format(" Did you mean ':{}'?", *close) : std::string();
    }

    void resolve(Job& job, Input& input)
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

    /// Turns ":_setup", an input that only sets the order, into ":setup".
    void unalias(std::string& name) const
    {
        if (name.size() > 1 && name[0] == '_' && !m_pipeline.find(name))
            name.erase(0, 1);
    }

    void unknown(Job& job, const Input& input, const std::string& name)
    {
        job.inputs_blamed = true;
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

    /// Checks that each name for (jobs …) has one meaning.
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

    /// Checks that a source's name always has the same schedule or parameters.
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

    /// Jobs behind an unknown input or a cycle are not reported again. Empty inputs were reported, but not the jobs
    /// that depend on them.
    void check_reachability()
    {
        std::set<std::string> reached;
        std::vector<const Job*> orphans;
        bool only_empty = true;
        for (size_t index : topological_order(m_pipeline)) {
            const Job& job = m_pipeline.jobs[index];
            bool reaches = std::any_of(job.inputs.begin(), job.inputs.end(), [&](const Input& input) {
                return input.is_source() || reached.contains(std::string(input.job_name()));
            });
            if (reaches || job.inputs_blamed) {
                reached.insert(job.id);
                continue;
            }
            orphans.push_back(&job);
            only_empty = only_empty && job.inputs.empty();
        }
        if (only_empty)
            return;
        std::string names;
        for (const Job* job : orphans)
            names += fmt::format("{}'{}'", names.empty() ? "" : job == orphans.back() ? " and " : ", ", job->id);
        auto place = std::find_if(orphans.begin(), orphans.end(), [](const Job* job) { return !job->inputs.empty(); });
        report((*place)->place,
               fmt::format("{} {} can never run: no input of theirs leads to a source. Add :quire/push (or another "
                           "source) to the inputs of '{}'.",
                           orphans.size() == 1 ? "Job" : "Jobs", names, orphans.front()->id));
    }

    Pipeline& m_pipeline;
    std::vector<Diagnostic>& m_diagnostics;
    std::vector<std::string> m_ids;
};

} // namespace

void validate(Pipeline& pipeline, std::vector<Diagnostic>& diagnostics) { Validator(pipeline, diagnostics).run(); }

} // namespace quire::ci
