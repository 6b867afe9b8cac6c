// The job graph: order, ancestors, cycles, and which jobs an event fires. Pure functions of a Pipeline.
//
// Names that refer to nothing are ignored here; validate.h reports them.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "ci/language/pipeline.h"

namespace quire::ci {

/// Indices into pipeline.jobs such that every job comes after those it waits for, otherwise in the order of
/// registration (Kahn's algorithm). Jobs on a cycle or behind one are left out.
std::vector<size_t> topological_order(const Pipeline& pipeline);

/// Each cycle once, as ids; the first id is repeated at the end: {"a", "b", "a"}.
std::vector<std::vector<std::string>> find_cycles(const Pipeline& pipeline);

/// The jobs that `id` waits for, directly or not.
std::set<std::string> ancestors(const Pipeline& pipeline, std::string_view id);

/// The names that (jobs name) accepts inside the job: ancestors, their sources, and the job's own bindings.
std::set<std::string> visible_names(const Pipeline& pipeline, std::string_view id);

/// The jobs whose inputs lead to a source: push_source, or the name of a cron or manual source.
std::set<std::string> fired_by(const Pipeline& pipeline, std::string_view source);

/// The plan as text (one job a line, with the jobs it waits for), and as input for Graphviz.
std::string describe_graph(const Pipeline& pipeline);
std::string graph_to_dot(const Pipeline& pipeline);

} // namespace quire::ci
