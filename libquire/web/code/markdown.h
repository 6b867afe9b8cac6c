// Renders Markdown, plain text and other formats as a page shows them; HTML must pass the allow-list.
#pragma once

#include "web/html/html.h"
#include "web/site/visit.h"

namespace quire::web {

bool is_markdown(std::string_view file_name);
bool is_readme(std::string_view file_name);

/// `ref` and `directory` say where the file is: relative links lead to files there, relative images to their bytes.
/// Headings go down by `lower` levels, so that they fit below the page's own.
Html render_markdown(const store::RepoName& name, std::string_view ref, std::string_view directory,
                     std::string_view source, int lower = 0);

} // namespace quire::web
