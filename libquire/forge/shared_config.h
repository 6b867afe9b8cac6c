// The git settings of all repositories: $ROOT/git/config, which each repository's own config includes.
//
// This one file decides for every repository which hooks run, what a push may hold, and how long old versions stay. It
// is rewritten when git or quire moved or git has a new version. `$ROOT/git/stamp`, a symlink, says for which git it
// was written, so quire-exec notices a new one with a readlink and a stat. An operator's own settings belong into
// $ROOT/git/local, which is included last and which quire never touches.
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
    bool rewritten = false; ///< the file was missing, or was for another git or another quire
};

/// Makes config and stamp right for this installation. Asks git for its version only when the stamp does not fit.
Result<SharedConfig> refresh_shared_config(const store::Root& root, const Installation& installation);
/// Says what refresh_shared_config would do, but changes nothing.
Result<SharedConfig> inspect_shared_config(const store::Root& root, const Installation& installation);

/// The path by which a repository at repos/<name> includes the shared file: relative, so that a root can be moved.
std::string include_path(const store::RepoName& name);
/// The text of a new repository's own config.
std::string repository_config_text(const store::RepoName& name);
/// The config with its include of the shared file changed to `path`, or with an include added if it has none.
std::string with_include(std::string_view config, const store::Root& root, std::string_view path);
/// Whether the config includes the shared file by this path.
bool has_include(std::string_view config, std::string_view path);

} // namespace quire::forge
