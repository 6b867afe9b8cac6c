// The jobs of a run as an SVG, in layers from left to right. Every job is a link to its log.
#pragma once

#include "web/html/html.h"
#include "web/runs/run_story.h"

namespace quire::web {

/// Empty for fewer than two jobs and for more than a picture can show.
Html run_graph(const store::RunRecord& run, const RunStory& story);

} // namespace quire::web
