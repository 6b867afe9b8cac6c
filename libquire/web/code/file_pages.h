// A long file by pages: how an address says which page and in what form, and the way from one page to the others.
#pragma once

#include "git/repository.h"
#include "web/code/stretch.h"
#include "web/html/html.h"
#include "web/site/visit.h"

namespace quire::web {

/// What the address of a file's page asks for.
struct FileView {
    git::Place place;
    uint64_t size = 0;
    uint64_t from = 1;      ///< the first line of the page
    uint64_t line = 0;      ///< one that the page is to have; 0: none
    bool is_paged = false;  ///< the address says from where
    bool is_source = false; ///< as it is written, though it could be rendered
    bool wraps = false;
    bool can_render = false;

    /// not_found where "from" or "line" is no line's number. "from=last" is past every line.
    static Result<FileView> of(const http::Request& request, git::Place place);
    bool is_rendered() const { return can_render && !is_source; }
    /// The page's address, without the line.
    Url address(const store::RepoName& name) const;
};

/// Where the page is that has the line, if its lines are not too long for so many; else the page that begins with it.
Url page_with_line(const store::RepoName& name, const FileView& view);
Url page_from_line(const store::RepoName& name, FileView view);
/// The page that has the last of `total` lines.
Url last_page(const store::RepoName& name, FileView view, uint64_t total);

/// The lines with what is to be said of them, and the links to other pages; the number of the line behind the last.
uint64_t add_file_text(Html& html, const store::RepoName& name, const FileView& view, const Stretch& stretch,
                       int tab_width);

} // namespace quire::web
