#include "ci/language/graph.h"

#include <algorithm>
#include <functional>
#include <map>

namespace quire::ci {

/// For each job, the indices of the jobs it waits for, without those that do not exist.
static std::vector<std::vector<size_t>> upstreams(const Pipeline& pipeline)
{
    std::map<std::string_view, size_t> index;
    for (size_t i = 0; i < pipeline.jobs.size(); ++i)
        index.emplace(pipeline.jobs[i].id, i);
    std::vector<std::vector<size_t>> result(pipeline.jobs.size());
    for (size_t i = 0; i < pipeline.jobs.size(); ++i)
        for (const Input& input : pipeline.jobs[i].inputs)
            if (auto found = index.find(input.job_name()); found != index.end())
                if (std::find(result[i].begin(), result[i].end(), found->second) == result[i].end())
                    result[i].push_back(found->second);
    return result;
}

std::vector<size_t> topological_order(const Pipeline& pipeline)
{
    auto waits_for = upstreams(pipeline);
    std::vector<std::vector<size_t>> dependents(waits_for.size());
    std::vector<size_t> missing(waits_for.size());
    std::set<size_t> ready; // sorted, so that jobs that are ready come in the order of registration
    for (size_t i = 0; i < waits_for.size(); ++i) {
        missing[i] = waits_for[i].size();
        for (size_t upstream : waits_for[i])
            dependents[upstream].push_back(i);
        if (missing[i] == 0)
            ready.insert(i);
    }
    std::vector<size_t> order;
    while (!ready.empty()) {
        size_t job = *ready.begin();
        ready.erase(ready.begin());
        order.push_back(job);
        for (size_t dependent : dependents[job])
            if (--missing[dependent] == 0)
                ready.insert(dependent);
    }
    return order;
}

std::vector<std::vector<std::string>> find_cycles(const Pipeline& pipeline)
{
    auto waits_for = upstreams(pipeline);
    std::vector<size_t> sorted = topological_order(pipeline);
    std::vector<bool> settled(waits_for.size());
    for (size_t job : sorted)
        settled[job] = true;
    std::vector<std::vector<std::string>> cycles;
    for (size_t start = 0; start < waits_for.size(); ++start) {
        if (settled[start])
            continue;
        // Following the inputs leads back to a job of the path, or ends at a known cycle that the job only depends on.
        std::vector<size_t> path;
        size_t at = start;
        bool ends = false;
        while (!settled[at] && std::find(path.begin(), path.end(), at) == path.end()) {
            path.push_back(at);
            auto next =
                std::find_if(waits_for[at].begin(), waits_for[at].end(), [&](size_t job) { return !settled[job]; });
            ends = next == waits_for[at].end();
            if (ends)
                break;
            at = *next;
        }
        auto begin = ends ? path.end() : std::find(path.begin(), path.end(), at);
        if (begin != path.end()) {
            std::vector<std::string> names;
            for (auto job = begin; job != path.end(); ++job)
                names.push_back(pipeline.jobs[*job].id);
            // A cycle is shown starting with its first registered job.
            std::rotate(names.begin(), names.begin() + (std::min_element(begin, path.end()) - begin), names.end());
            names.push_back(names.front());
            cycles.push_back(std::move(names));
        }
        for (size_t job : path)
            settled[job] = true;
    }
    return cycles;
}

static void collect_ancestors(const Pipeline& pipeline, std::string_view id, std::set<std::string>& found)
{
    std::vector<std::string_view> left{id};
    while (!left.empty()) {
        const Job* job = pipeline.find(left.back());
        left.pop_back();
        if (!job)
            continue;
        for (const Input& input : job->inputs)
            if (!input.job_name().empty() && found.insert(std::string(input.job_name())).second)
                left.push_back(input.job_name());
    }
}

std::set<std::string> ancestors(const Pipeline& pipeline, std::string_view id)
{
    std::set<std::string> found;
    collect_ancestors(pipeline, id, found);
    return found;
}

std::set<std::string> visible_names(const Pipeline& pipeline, std::string_view id)
{
    std::set<std::string> names = ancestors(pipeline, id);
    std::set<std::string> jobs = names;
    for (const std::string& ancestor : jobs)
        if (const Job* job = pipeline.find(ancestor))
            for (const Input& input : job->inputs)
                if (input.is_source())
                    names.insert(input.name);
    if (const Job* job = pipeline.find(id))
        for (const Input& input : job->inputs)
            names.insert(input.name);
    return names;
}

static bool names_source(const Input& input, std::string_view source)
{
    return input.kind == Input::Kind::push ? source == push_source : input.is_source() && input.source == source;
}

std::set<std::string> fired_by(const Pipeline& pipeline, std::string_view source)
{
    std::set<std::string> fired;
    for (size_t index : topological_order(pipeline)) {
        const Job& job = pipeline.jobs[index];
        bool fires = std::any_of(job.inputs.begin(), job.inputs.end(), [&](const Input& input) {
            return names_source(input, source) || fired.contains(std::string(input.job_name()));
        });
        if (fires)
            fired.insert(job.id);
    }
    return fired;
}

static std::string shown(const Input& input)
{
    switch (input.kind) {
    case Input::Kind::cron:
        return fmt::format("cron {}{}", input.schedule, input.source == "cron" ? "" : " as " + input.source);
    case Input::Kind::manual:
        return fmt::format("manual {}", input.source);
    case Input::Kind::output:
        return fmt::format("{}.{}", input.upstream, input.key);
    case Input::Kind::name:
    case Input::Kind::job:
    case Input::Kind::push:
        break;
    }
    return input.name;
}

std::string describe_graph(const Pipeline& pipeline)
{
    size_t width = 0;
    for (const Job& job : pipeline.jobs)
        width = std::max(width, job.id.size());
    std::string text;
    for (size_t index : topological_order(pipeline)) {
        const Job& job = pipeline.jobs[index];
        std::string inputs;
        for (const Input& input : job.inputs)
            inputs += (inputs.empty() ? "" : ", ") + shown(input);
        text += fmt::format("{:<{}}  after {}{}\n", job.id, width, inputs,
                            job.approve_within > 0 ? ", waits for approval" : "");
    }
    return text;
}

static std::string quoted(std::string_view text)
{
    std::string result = "\"";
    for (char byte : text) {
        if (byte == '"' || byte == '\\')
            result += '\\';
        result += byte;
    }
    return result + '"';
}

std::string graph_to_dot(const Pipeline& pipeline)
{
    std::string text = "digraph pipeline {\n  rankdir=LR;\n  node [shape=box];\n";
    std::set<std::string> sources;
    for (const Job& job : pipeline.jobs)
        for (const Input& input : job.inputs)
            if (input.is_source() && sources.insert(shown(input)).second)
                text += fmt::format("  {} [shape=ellipse];\n", quoted(shown(input)));
    for (const Job& job : pipeline.jobs)
        text += fmt::format("  {};\n", quoted(job.id));
    for (const Job& job : pipeline.jobs)
        for (const Input& input : job.inputs) {
            std::string from = input.is_source() ? shown(input) : std::string(input.job_name());
            std::string label = input.kind == Input::Kind::output ? fmt::format(" [label={}]", quoted(input.key)) : "";
            text += fmt::format("  {} -> {}{};\n", quoted(from), quoted(job.id), label);
        }
    return text + "}\n";
}

} // namespace quire::ci
