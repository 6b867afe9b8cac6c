// describe, freeze, thaw, config: what changes a config file.
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

/// The file that is meant: a repository's when one is named before the setting.
static Result<forge::ConfigFile> file_for(const store::Root& root, const std::optional<std::string>& repository)
{
    if (repository)
        return forge::repository_config_file(root, TRY(Call::repository(root, *repository)));
    return forge::global_config_file(root);
}

Result<int> verb_config(const Call& call)
{
    cli::Options options = TRY(call.options());
    store::Root root = TRY(call.root());
    cli::Arguments words(options.operands().begin() + 1, options.operands().end());
    const std::string& action = options.operands()[0];
    std::optional<std::string> repository;
    auto take_repository_if = [&](bool named) {
        if (named) {
            repository = words[0];
            words.erase(words.begin());
        }
    };
    if (action == "get") {
        // "get url" is a setting of the whole, "get foo" all of a repository's.
        std::string first = words.empty() ? "" : words[0].substr(0, words[0].find('.'));
        take_repository_if(words.size() == 2 || (words.size() == 1 && !store::find_key(store::global_keys(), first)));
        auto setting = words.empty() ? std::nullopt : std::optional(words[0]);
        if (words.size() <= 1)
            return get(TRY(file_for(root, repository)), setting, options.has("json"));
    } else if (action == "set" && (words.size() == 2 || words.size() == 3)) {
        take_repository_if(words.size() == 3);
        forge::ConfigFile file = TRY(file_for(root, repository));
        forge::SettingPath path = TRY(forge::parse_setting(file, words[0]));
        TRY(forge::set_setting(file, path, forge::value_from_words(file, path, words[1])));
        return 0;
    } else if (action == "unset" && (words.size() == 1 || words.size() == 2)) {
        take_repository_if(words.size() == 2);
        forge::ConfigFile file = TRY(file_for(root, repository));
        TRY(forge::set_setting(file, TRY(forge::parse_setting(file, words[0])), text::Data()));
        return 0;
    }
    return fail(ErrorKind::usage, "config: get [REPOSITORY] [SETTING], set [REPOSITORY] SETTING VALUE or "
                                  "unset [REPOSITORY] SETTING");
}

} // namespace quire::tool
