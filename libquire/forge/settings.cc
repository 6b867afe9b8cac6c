#include "forge/settings.h"

#include <algorithm>

#include "base/log.h"
#include "base/strings.h"
#include "forge/config.h"
#include "sys/atomic_file.h"
#include "sys/file.h"
#include "sys/lock.h"
#include "text/fnl.h"

namespace quire::forge {

Result<ConfigFile> global_config_file(const store::Root& root)
{
    return ConfigFile{TRY(sys::duplicate(root.fd())), store::paths::config, store::paths::config, store::global_keys()};
}

Result<ConfigFile> repository_config_file(const store::Root& root, const store::RepoName& name)
{
    UniqueFd repository = TRY(root.open_repository(name));
    auto made = sys::make_directory(repository.get(), store::paths::repository_settings, 0750);
    if (!made && made.error().kind != ErrorKind::exists)
        return Unexpected(std::move(made).error());
    return ConfigFile{TRY(sys::open_directory(repository.get(), store::paths::repository_settings)),
                      store::paths::config,
                      fmt::format("{}/{}", store::paths::repository(name), store::paths::repository_config),
                      store::repository_keys()};
}

Result<SettingPath> parse_setting(const ConfigFile& file, std::string_view text)
{
    SettingPath path;
    strip_prefix(text, ":");
    for (std::string_view part : split(text, '.'))
        path.emplace_back(part);
    if (std::count(path.begin(), path.end(), "") > 0)
        return fail(ErrorKind::usage, "'{}' is not the name of a setting", visible(text));
    if (store::find_key(file.keys, path[0]))
        return path;
    std::vector<std::string> names;
    for (const store::ConfigKey& key : file.keys)
        names.emplace_back(key.name);
    auto meant = nearest(path[0], names);
    return fail(ErrorKind::usage, "{} has no setting '{}'; {}", file.shown, visible(path[0]),
                meant ? fmt::format("did you mean '{}'?", *meant) : "there are " + join(names, ", "));
}

static bool wants(const text::Shape& shape, text::Data::Kind kind)
{
    return std::count(shape.kinds.begin(), shape.kinds.end(), kind) > 0;
}

text::Data value_from_words(const ConfigFile& file, const SettingPath& path, const std::string& text)
{
    const store::ConfigKey* key = store::find_key(file.keys, path[0]);
    bool only_strings =
        key && path.size() == 1 && key->shape.kinds.size() == 1 && wants(key->shape, text::Data::Kind::string);
    if (only_strings)
        return text;
    auto read = text::read_fnl(text, "value");
    // A bare word is not Fennel data, so it is taken as a string; the check that follows decides if that is valid.
    return read ? std::move(*read) : text::Data(text);
}

Result<text::Data> get_setting(const ConfigFile& file, const SettingPath& path)
{
    std::string source = TRY(store::read_config_source(file.directory.get(), file.name));
    text::Data all = TRY(store::parse_config(source, file.keys, file.shown, config_evaluator()));
    const text::Data* value = &all;
    for (const std::string& key : path)
        if (!(value = value->find(key)))
            return text::Data();
    return *value;
}

static void mask(text::Data& table, std::string_view key)
{
    const text::Data* value = table.find(key);
    if (!value)
        return;
    if (!value->table() || value->find("file")) {
        if (value->string())
            table.set(key, "…");
        return;
    }
    text::Data masked = *value;
    for (const auto& [name, unused] : *value->table())
        mask(masked, name);
    table.set(key, std::move(masked));
}

Result<text::Data> get_all_settings(const ConfigFile& file)
{
    text::Data all = TRY(get_setting(file, {}));
    if (all.table())
        for (const char* key : {"secrets", "proxy-secret"})
            mask(all, key);
    if (const text::Data* smtp = all.find("smtp"); smtp && smtp->table()) {
        text::Data masked = *smtp;
        mask(masked, "password");
        all.set("smtp", std::move(masked));
    }
    return all;
}

Result<void> set_setting(const ConfigFile& file, const SettingPath& path, const text::Data& value)
{
    auto lock = TRY(sys::FileLock::adopt(TRY(sys::open_directory(file.directory.get(), ".")), file.shown));
    std::string source = TRY(store::read_config_source(file.directory.get(), file.name));
    auto edited = text::edit_fnl(source, file.shown, path, value);
    if (!edited && text::is_code(edited.error()))
        return fail(ErrorKind::refused, "{} is Fennel code, not plain data: change it in an editor", file.shown);
    if (!edited)
        return Unexpected(std::move(edited).error());
    TRY(store::parse_config(*edited, file.keys, file.shown));
    if (*edited == source)
        return {};
    // Only the owner may read a new file, because the global config may hold secrets.
    auto status = TRY(sys::stat_at(file.directory.get(), file.name));
    return sys::replace_file(file.directory.get(), file.name, *edited, status ? status->st_mode & 0777 : 0600);
}

} // namespace quire::forge
