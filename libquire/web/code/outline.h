// The outline of a file: what it defines, by line, each below the type or section that it is in.
//
// No grammar is known, so what is inside what follows from how far lines are indented, and in a document from the
// levels of its headings. An entry that is nested wrongly still leads to its line.
#pragma once

#include "git/repository.h"
#include "search/symbol.h"
#include "web/html/html.h"
#include "web/html/url.h"
#include "web/site/site.h"

namespace quire::web {

/// How deep each symbol of the text is nested among the others, from 0.
std::vector<uint32_t> nesting(std::string_view text, const std::vector<search::Symbol>& symbols);

/// Functions and types, or the sections of a document.
std::shared_ptr<const Outline> outline(Site& site, const git_oid& blob, std::string_view path, std::string_view text);

/// As markup, for beside the file; empty if there is nothing in it. `address` is the page of the file.
Html outline_list(const store::RepoName& name, const git::Place& place, const Outline& outline, const Url& address);

} // namespace quire::web
