// Changing and showing config files from the command line; comments, order and layout stay as they are.
//
// Editors lock the directory that holds the file, so two of them never lose one another's change; a file appears by
// rename, so readers see the old or the new one. A file that is Fennel code is left to its author's own editor.
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
    std::string name;  ///< in it
    std::string shown; ///< in messages
    std::span<const store::ConfigKey> keys;
};

Result<ConfigFile> global_config_file(const store::Root& root);
Result<ConfigFile> repository_config_file(const store::Root& root, const store::RepoName& name);

/// "secrets.token": a key, and keys below it. Fails on a key that does not exist, naming the nearest.
using SettingPath = std::vector<std::string>;
Result<SettingPath> parse_setting(const ConfigFile& file, std::string_view text);

/// The value as a person types it: a string where one is wanted, Fennel data elsewhere.
text::Data value_from_words(const ConfigFile& file, const SettingPath& path, const std::string& text);

/// nil when it is not set.
Result<text::Data> get_setting(const ConfigFile& file, const SettingPath& path);
/// All that is set, with secrets replaced by "…".
Result<text::Data> get_all_settings(const ConfigFile& file);
/// nil removes. The changed file must be right as a whole before it takes the old one's place.
Result<void> set_setting(const ConfigFile& file, const SettingPath& path, const text::Data& value);

} // namespace quire::forge
