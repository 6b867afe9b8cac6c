// A long file in pages: how a URL names a page and its form, and the links between pages.
#pragma once

#include "git/repository.h"
#include "web/code/stretch.h"
#include "web/html/html.h"
#include "web/site/visit.h"

namespace quire::web {

/// What the URL of a file's page asks for.
struct FileView {
    git::Place place;
    uint64_t size = 0;
    uint64_t from = 1;      ///< the first line of the page
    uint64_t line = 0;      ///< a line that must be on the page; 0: none
    bool is_paged = false;  ///< the URL says where to start
    bool is_source = false; ///< show the source, though the file could be rendered
    bool wraps = false;
    bool links_names = false; ///< each name leads to its definition
    bool can_render = false;
    std::string_view encoding = {}; ///< of a file that is not in UTF-8

    /// ErrorKind::not_found if "from" or "line" is not a line number. "from=last" is past every line.
    static Result<FileView> of(const http::Request& request, git::Place place);
    bool is_rendered() const { return can_render && !is_source; }
    /// The URL of the page, without the line.
    Url address(const store::RepoName& name) const;
};

/// The page on which the line usually is; if the lines may be too long for that, the page that begins with it.
Url page_with_line(const store::RepoName& name, const FileView& view);
Url page_from_line(const store::RepoName& name, FileView view);
/// The page with the last of `total` lines.
Url last_page(const store::RepoName& name, FileView view, uint64_t total);

/// Appends the lines with notes about them and links to other pages. Returns the number of the line after the last one.
uint64_t add_file_text(Html& html, const store::RepoName& name, const FileView& view, const Stretch& stretch,
                       int tab_width);

} // namespace quire::web
