// The frame of every page: head, the navigation bar, the tabs of a repository, foot.
#pragma once

#include "git/repository.h"
#include "web/html/html.h"
#include "web/site/visit.h"

namespace quire::web {

enum class Tab { none, home, files, log, refs, search, runs };

struct Frame {
    std::string title; ///< of the window; the repository's name is put before it
    Tab tab = Tab::none;
    int status = 200;
    const git::Place* place = nullptr; ///< what the page shows; the tabs keep its ref, and another one can be chosen
    const char* view = "tree";         ///< that of the page's address
    bool keeps_ref = false;            ///< render() decides it
    bool is_whole = true;              ///< false: time ran out or more is to come, so nobody may cache the page
};

/// All up to where the body of the page begins, and all after it.
Html page_beginning(const Visit& visit, const Frame& frame);
Html page_end();
http::Response page_response(std::string text, int status = 200);

http::Response render(const Visit& visit, const Frame& frame, const Html& body);

/// A page with only a title and a paragraph. It says nothing about any repository.
http::Response notice(const http::Request& request, int status, std::string_view title, std::string_view text);
/// What a request is told that can't be answered (http/troubles.h): a notice, or a line of text.
http::Response apology(const http::Request& request, int status, std::string_view title, std::string_view text);
/// The answer for a missing page, a private page and a wrong address: the same bytes for all three, for a browser as
/// for a program.
http::Response not_found(const http::Request& request);
/// What a tab of a repository shows before the first push; nullopt if there is something to show.
std::optional<http::Response> nothing_pushed(const Visit& visit, const git::Repository& repository, Tab tab,
                                             std::string_view title);
/// For what is missing in a repository that the reader may see. It says what was looked for.
http::Response missing(const Visit& visit, std::string_view reason);
/// A browser gets `page` for the reason.
http::Response missing(const Visit& visit, std::string_view reason, const Html& page);

} // namespace quire::web
