// What a key may do, as the options of quire-exec say it: --pusher NAME, --may read, --only foo,work/bar.
//
// The options stand in the command of the key's line in authorized_keys (store/authorized_keys.h). A key without bounds
// may do whatever is served over ssh; what one with bounds may do is dispatch/rights.h's business.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "store/repo_name.h"

namespace quire::store {

constexpr size_t max_pusher_bytes = 100;

/// Whether the name is printable UTF-8, not empty, and at most max_pusher_bytes long.
bool is_pusher_name(std::string_view name);

struct KeyRights {
    std::string name;                          ///< whose key it is; "": unknown
    bool only_reads = false;                   ///< --may read
    std::optional<std::vector<RepoName>> only; ///< --only; nullopt: every repository

    bool has_bounds() const { return only_reads || only.has_value(); }
    bool reaches(const RepoName& repository) const;
};

/// Whether an option of quire-exec speaks of rights.
bool is_right(std::string_view option);
/// Takes over one of them. Each may be given once; `given` remembers that.
Result<void> set_right(KeyRights& rights, std::vector<std::string>& given, const std::string& option,
                       const std::string& value);

/// The options, in words for a command line.
std::vector<std::string> to_options(const KeyRights& rights);
/// "reads foo, work/bar", for people.
std::string describe(const KeyRights& rights);

} // namespace quire::store
