// Changes and shows config files from the command line. Comments, order and layout stay as they are.
//
// An edit locks the directory that holds the file, so two edits never lose each other's change. The file is replaced by
// rename, so readers see the old or the new one. A file that is Fennel code must be edited by hand.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "store/config_keys.h"
#include "store/root.h"

namespace quire::forge {

/// One of the two kinds of config file.
struct ConfigFile {
    UniqueFd directory;
    std::string name;  ///< its name in the directory
    std::string shown; ///< its name in messages
    std::span<const store::ConfigKey> keys;
};

Result<ConfigFile> global_config_file(const store::Root& root);
Result<ConfigFile> repository_config_file(const store::Root& root, const store::RepoName& name);

/// "secrets.token": a key and the keys below it. A key that does not exist is an error that names the nearest one.
using SettingPath = std::vector<std::string>;
Result<SettingPath> parse_setting(const ConfigFile& file, std::string_view text);

/// The value that a person typed: a string where the key wants one, otherwise Fennel data.
text::Data value_from_words(const ConfigFile& file, const SettingPath& path, const std::string& text);

/// nil if it is not set.
Result<text::Data> get_setting(const ConfigFile& file, const SettingPath& path);
/// Everything that is set, with secrets replaced by "…".
Result<text::Data> get_all_settings(const ConfigFile& file);
/// nil removes the setting. The changed file must be valid as a whole before it replaces the old one.
Result<void> set_setting(const ConfigFile& file, const SettingPath& path, const text::Data& value);

} // namespace quire::forge
