// The jobs of a run as a picture: an SVG made here, layer by layer from left to right, every job a link to its log.
#pragma once

#include "web/html/html.h"
#include "web/runs/run_story.h"

namespace quire::web {

/// Nothing for fewer than two jobs, or for more than a picture can show.
Html run_graph(const store::RunRecord& run, const RunStory& story);

/// What a state looks like beside its word: "✓", "✗", "…"
std::string_view state_mark(std::string_view state);

} // namespace quire::web
