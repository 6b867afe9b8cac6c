// describe, freeze, thaw and config: verbs that change a config file.
#include "forge/settings.h"
#include "base/strings.h"
#include "text/fnl.h"
#include "text/json.h"
#include "verbs.h"

namespace quire::tool {

static Result<int> change(const Call& call, const char* key, const text::Data& value)
{
    cli::Options options = TRY(call.options());
    store::Root root = TRY(call.root());
    forge::ConfigFile file =
        TRY(forge::repository_config_file(root, TRY(Call::repository(root, options.operands()[0]))));
    TRY(forge::set_setting(file, {key}, value));
    return 0;
}

/// The second operand, or "".
static Result<std::string> text_operand(const Call& call)
{
    cli::Options options = TRY(call.options());
    std::string text = options.operands().size() > 1 ? options.operands()[1] : "";
    if (!is_printable_utf8(text))
        return fail(ErrorKind::usage, "{}: the text has control characters or is no UTF-8", call.verb.name);
    return text;
}

Result<int> verb_describe(const Call& call)
{
    std::string text = TRY(text_operand(call));
    return change(call, "description", text.empty() ? text::Data() : text::Data(text));
}

Result<int> verb_freeze(const Call& call)
{
    std::string message = TRY(text_operand(call));
    return change(call, "frozen", message.empty() ? text::Data(true) : text::Data(message));
}

Result<int> verb_thaw(const Call& call) { return change(call, "frozen", text::Data()); }

static Result<int> get(const forge::ConfigFile& file, const std::optional<std::string>& setting, bool json)
{
    text::Data value;
    if (setting)
        value = TRY(forge::get_setting(file, TRY(forge::parse_setting(file, *setting))));
    else
        value = TRY(forge::get_all_settings(file));
    if (json)
        TRY(cli::print(text::write_json(value) + "\n"));
    else if (const std::string* text = value.string())
        TRY(cli::print(*text + "\n"));
    else if (!value.is_nil())
        TRY(cli::print(text::write_fnl(value)));
    return value.is_nil() ? cli::exit_no : cli::exit_yes;
}

/// The file to use: a repository's if one is named before the setting.
static Result<forge::ConfigFile> file_for(const store::Root& root, const std::optional<std::string>& repository)
{
    if (repository)
        return forge::repository_config_file(root, TRY(Call::repository(root, *repository)));
    return forge::global_config_file(root);
}

/// The operands without the repository, if one was named first.
struct Words {
    std::optional<std::string> repository;
    std::vector<std::string> rest;
};

static Words take_repository_if(bool is_named, std::vector<std::string> words)
{
    if (!is_named)
        return {std::nullopt, std::move(words)};
    std::string name = words.front();
    words.erase(words.begin());
    return {std::move(name), std::move(words)};
}

Result<int> verb_config_get(const Call& call)
{
    cli::Options options = TRY(call.options());
    store::Root root = TRY(call.root());
    // "get url" is a setting of the forge; "get foo" shows all settings of a repository.
    const cli::Arguments& operands = options.operands();
    std::string first = operands.empty() ? "" : operands[0].substr(0, operands[0].find('.'));
    bool is_named = operands.size() == 2 || (operands.size() == 1 && !store::find_key(store::global_keys(), first));
    auto [repository, rest] = take_repository_if(is_named, operands);
    auto setting = rest.empty() ? std::nullopt : std::optional(rest[0]);
    return get(TRY(file_for(root, repository)), setting, options.has("json"));
}

Result<int> verb_config_set(const Call& call)
{
    cli::Options options = TRY(call.options());
    store::Root root = TRY(call.root());
    auto [repository, rest] = take_repository_if(options.operands().size() == 3, options.operands());
    forge::ConfigFile file = TRY(file_for(root, repository));
    forge::SettingPath path = TRY(forge::parse_setting(file, rest[0]));
    TRY(forge::set_setting(file, path, forge::value_from_words(file, path, rest[1])));
    return 0;
}

Result<int> verb_config_unset(const Call& call)
{
    cli::Options options = TRY(call.options());
    store::Root root = TRY(call.root());
    auto [repository, rest] = take_repository_if(options.operands().size() == 2, options.operands());
    forge::ConfigFile file = TRY(file_for(root, repository));
    TRY(forge::set_setting(file, TRY(forge::parse_setting(file, rest[0])), text::Data()));
    return 0;
}

} // namespace quire::tool
