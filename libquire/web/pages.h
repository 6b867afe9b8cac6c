// Every page, one function each, made in the file of that name. A page reads and renders; whether the reader
// may have it was decided before (routes.h).
#pragma once

#include "web/visit.h"

namespace quire::web {

using Page = Result<http::Response>;

Page list_page(const Visit& visit);   ///< page_list.cc
Page health_page(const Visit& visit); ///< page_site.cc, as the next three
Page robots_page(const Visit& visit);
Page icon_page(const Visit& visit);
Page asset_page(const Visit& visit);
Page all_runs_page(const Visit& visit); ///< page_runs.cc

Page home_page(const Visit& visit);   ///< page_home.cc
Page tree_page(const Visit& visit);   ///< page_tree.cc
Page file_page(const Visit& visit);   ///< page_file.cc
Page raw_page(const Visit& visit);    ///< page_raw.cc
Page log_page(const Visit& visit);    ///< page_log.cc
Page commit_page(const Visit& visit); ///< page_commit.cc
Page compare_page(const Visit& visit); ///< page_compare.cc
Page blame_page(const Visit& visit);   ///< page_blame.cc
Page search_page(const Visit& visit);  ///< page_search.cc
Page refs_page(const Visit& visit);   ///< page_refs.cc
Page archive_page(const Visit& visit); ///< page_archive.cc
Page atom_page(const Visit& visit);    ///< page_atom.cc
Page paths_page(const Visit& visit);   ///< page_paths.cc
Page git_refs_page(const Visit& visit);    ///< page_clone.cc, as the next two
Page git_upload_page(const Visit& visit);
Page git_receive_page(const Visit& visit);
Page runs_page(const Visit& visit);   ///< page_runs.cc; page_run*.cc have what belongs to one run
Page badge_page(const Visit& visit);  ///< page_run_feed.cc

} // namespace quire::web
