// Every page is one function, in the file named beside it. A page reads and renders. Whether the reader may see it was
// decided before (routes.h).
#pragma once

#include "web/site/visit.h"

namespace quire::web {

using Page = Result<http::Response>;

Page list_page(const Visit& visit);   ///< list.cc
Page health_page(const Visit& visit); ///< site.cc, as all down to asset_page
Page metrics_page(const Visit& visit);
Page robots_page(const Visit& visit);
Page login_page(const Visit& visit);
Page icon_page(const Visit& visit);
Page asset_page(const Visit& visit);
Page all_runs_page(const Visit& visit);   ///< runs.cc
Page search_all_page(const Visit& visit); ///< search_all.cc

Page home_page(const Visit& visit);       ///< home.cc
Page tree_page(const Visit& visit);       ///< tree.cc
Page file_page(const Visit& visit);       ///< file.cc
Page raw_page(const Visit& visit);        ///< raw.cc
Page log_page(const Visit& visit);        ///< log.cc
Page commit_page(const Visit& visit);     ///< commit.cc
Page compare_page(const Visit& visit);    ///< compare.cc
Page blame_page(const Visit& visit);      ///< blame.cc
Page pushes_page(const Visit& visit);     ///< pushes.cc
Page range_diff_page(const Visit& visit); ///< range_diff.cc
Page change_page(const Visit& visit);     ///< change.cc
Page interdiff_page(const Visit& visit);  ///< interdiff.cc
Page follow_page(const Visit& visit);     ///< follow.cc
Page trail_page(const Visit& visit);      ///< trail.cc
Page search_page(const Visit& visit);     ///< search.cc
Page symbol_page(const Visit& visit);     ///< symbol.cc
Page refs_page(const Visit& visit);       ///< refs.cc
Page archive_page(const Visit& visit);    ///< archive.cc
Page atom_page(const Visit& visit);       ///< atom.cc
Page paths_page(const Visit& visit);      ///< paths.cc
Page git_refs_page(const Visit& visit);   ///< clone.cc, as the next two
Page git_upload_page(const Visit& visit);
Page git_receive_page(const Visit& visit);
Page runs_page(const Visit& visit);      ///< runs.cc; page_run*.cc have what belongs to one run
Page run_tests_page(const Visit& visit); ///< run_tests.cc
Page run_times_page(const Visit& visit); ///< run_times.cc
Page badge_page(const Visit& visit);     ///< run_feed.cc

} // namespace quire::web
