// The frame of every page: head, the bar with the way back up, the tabs of a repository, foot.
#pragma once

#include "web/html/html.h"
#include "web/site/visit.h"

namespace quire::web {

enum class Tab { none, home, files, log, refs, search, runs };

/// Prose and lists read best in a narrow column; code takes the window.
enum class Width { narrow, wide };

struct Frame {
    std::string title; ///< of the window; the repository's name is added
    Tab tab = Tab::none;
    Width width = Width::narrow;
    int status = 200;
    bool is_whole = true; ///< false: time was up, or more is to come; the next reader may get more, so nobody keeps it
};

http::Response render(const Visit& visit, const Frame& frame, const Html& body);

/// A page that says one thing: a title and a paragraph. Knows nothing of any repository.
http::Response notice(const http::Request& request, int status, std::string_view title, std::string_view text);
/// What a missing page, a private one and a wrong address have in common: every byte.
http::Response not_found(const http::Request& request);
/// A page that is missing in a repository which the reader may see; says what was looked for.
http::Response missing(const Visit& visit, std::string_view reason);
/// The same with paragraphs of its own.
http::Response missing(const Visit& visit, const Html& reason);

} // namespace quire::web
