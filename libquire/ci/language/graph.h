// The job graph: order, ancestors, cycles, and which jobs an event fires. Pure functions of a Pipeline.
//
// Names that refer to nothing are ignored here; validate.h reports them.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "ci/language/pipeline.h"

namespace quire::ci {

/// Indices into pipeline.jobs so that every job follows what it waits for, registration order otherwise (Kahn's
/// algorithm). Jobs on a cycle, or behind one, are left out.
std::vector<size_t> topological_order(const Pipeline& pipeline);

/// Each cycle once, as ids that start and end alike: {"a", "b", "a"}.
std::vector<std::vector<std::string>> find_cycles(const Pipeline& pipeline);

/// The jobs that `id` waits for, directly or not.
std::set<std::string> ancestors(const Pipeline& pipeline, std::string_view id);

/// Everything that (jobs name) may name inside the job: ancestors, their sources and its own bindings.
std::set<std::string> visible_names(const Pipeline& pipeline, std::string_view id);

/// The jobs whose inputs lead to that source: push_source, or a cron or manual source's own name.
std::set<std::string> fired_by(const Pipeline& pipeline, std::string_view source);

/// The plan as text, one job a line with what it waits for; and for Graphviz.
std::string describe_graph(const Pipeline& pipeline);
std::string graph_to_dot(const Pipeline& pipeline);

} // namespace quire::ci
