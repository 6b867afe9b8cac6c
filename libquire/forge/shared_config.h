// The git settings that all repositories share: $ROOT/git/config, included by each one's own config.
//
// One file decides for every repository: which hooks run, what a push may hold, how long old versions stay. It is
// rewritten when git or quire moved or git changed its version; `$ROOT/git/stamp`, a symlink, says for which git
// it was written, so that quire-exec notices a new one with a readlink and a stat. An operator's own settings go
// into $ROOT/git/local, which is included last and never touched.
#pragma once

#include <string>

#include "base/result.h"
#include "forge/installation.h"
#include "store/root.h"

namespace quire::forge {

/// The text of $ROOT/git/config.
std::string shared_config_text(const store::Root& root, const Installation& installation, HookMechanism mechanism);

struct SharedConfig {
    HookMechanism mechanism = HookMechanism::path;
    bool rewritten = false; ///< it was missing, or for another git or another quire
};

/// Makes config and stamp be right for this installation; asks git for its version only when the stamp is not for it.
Result<SharedConfig> refresh_shared_config(const store::Root& root, const Installation& installation);
/// Says what refresh_shared_config would do and changes nothing.
Result<SharedConfig> inspect_shared_config(const store::Root& root, const Installation& installation);

/// The path by which a repository at repos/<name> includes the shared file: relative, so that a root can move.
std::string include_path(const store::RepoName& name);
/// The text of a new repository's own config.
std::string repository_config_text(const store::RepoName& name);
/// The same config with the include of the shared file replaced by `path`, or with one added if it has none.
std::string with_include(std::string_view config, const store::Root& root, std::string_view path);
/// Whether the config includes the shared file by this path.
bool has_include(std::string_view config, std::string_view path);

} // namespace quire::forge
