#include "store/config_keys.h"

#include <algorithm>

#include "base/log.h"
#include "base/strings.h"

namespace quire::store {

std::span<const KeySpec> global_keys()
{
    static const KeySpec keys[] = {
        {"host", Shape::text, "where ssh reaches this forge, for clone URLs: git@example.org"},
        {"url", Shape::text, "where a browser reaches it: https://example.org"},
        {"secrets", Shape::secrets, "what pipelines may ask for by name: a string or {:file \"…\"} each"},
        {"env", Shape::variables, "environment variables for every run"},
        {"smtp", Shape::table, "how mail is sent"},
        {"executor", Shape::choice, "what runs a pipeline's commands", {"auto", "host", "container", "bwrap"}},
        {"engine", Shape::choice, "the container engine", {"docker", "podman"}},
        {"max-concurrent-runs", Shape::count, "runs at the same time; 1 unless set"},
        {"max-parallel-jobs", Shape::count, "jobs of a run at the same time; the number of cores unless set"},
        {"limits", Shape::table, "bounds on what a run may use"},
        {"retention", Shape::table, "how long runs are kept"},
        {"notifications", Shape::table, "who is told of what"},
        {"proxy-secret", Shape::secret, "what the web proxy sends to be believed"},
    };
    return keys;
}

std::span<const KeySpec> repository_keys()
{
    static const KeySpec keys[] = {
        {"description", Shape::text, "one line about it"},
        {"private", Shape::boolean, "true: only those whom the proxy vouches for see it"},
        {"public-runs", Shape::boolean, "true: everybody sees its runs and logs (unless it is private)"},
        {"pinned", Shape::words, "refs that its page shows first"},
        {"frozen", Shape::boolean_or_text, "true, or a message for the pusher: pushes are refused"},
        {"accept-without-mirror", Shape::boolean, "true: pushes are accepted while its mirrors can't be reached"},
        {"notifications", Shape::table, "who is told of what, for this repository"},
    };
    return keys;
}

const KeySpec* find_key(std::span<const KeySpec> keys, std::string_view name)
{
    auto found = std::find_if(keys.begin(), keys.end(), [&](const KeySpec& key) { return key.name == name; });
    return found == keys.end() ? nullptr : &*found;
}

static std::string expected(const KeySpec& key)
{
    switch (key.shape) {
    case Shape::text:
        return "a string";
    case Shape::boolean:
        return "true or false";
    case Shape::boolean_or_text:
        return "true, false or a message";
    case Shape::count:
        return "an integer of at least 1";
    case Shape::choice:
        return "one of :" + join(key.choices, " :");
    case Shape::words:
        return "a sequence of strings: [\"main\" \"next\"]";
    case Shape::secret:
        return "a string or {:file \"/path\"}";
    case Shape::secrets:
        return "a table of strings and {:file \"/path\"}";
    case Shape::variables:
        return "a table of strings";
    case Shape::table:
        return "a table";
    }
    return {};
}

static bool is_secret(const text::Data& value)
{
    const text::Data* file = value.find("file");
    return value.string() || (value.table() && value.table()->size() == 1 && file && file->string());
}

/// `{}` reads as an empty table or an empty sequence; either will do for both.
static bool is_empty(const text::Data& value)
{
    return (value.table() && value.table()->empty()) || (value.sequence() && value.sequence()->empty());
}

static bool every_value(const text::Data& value, bool (*is_right)(const text::Data&))
{
    if (is_empty(value))
        return true;
    return value.table() && std::all_of(value.table()->begin(), value.table()->end(),
                                        [&](const auto& entry) { return is_right(entry.second); });
}

static bool fits(const text::Data& value, const KeySpec& key)
{
    auto is_string = [](const text::Data& data) { return data.string() != nullptr; };
    switch (key.shape) {
    case Shape::text:
        return value.string();
    case Shape::boolean:
        return value.boolean();
    case Shape::boolean_or_text:
        return value.boolean() || value.string();
    case Shape::count:
        return value.integer() && *value.integer() >= 1 && *value.integer() <= 100'000;
    case Shape::choice:
        return value.string() && std::count(key.choices.begin(), key.choices.end(), *value.string()) > 0;
    case Shape::words:
        return is_empty(value) || (value.sequence() && std::all_of(value.sequence()->begin(), value.sequence()->end(),
                                                                   is_string));
    case Shape::secret:
        return is_secret(value);
    case Shape::secrets:
        return every_value(value, is_secret);
    case Shape::variables:
        return every_value(value, is_string);
    case Shape::table:
        return value.table() || is_empty(value);
    }
    return false;
}

Result<void> check_value(const text::Data& value, const KeySpec& key, std::string_view where)
{
    if (fits(value, key))
        return {};
    return fail(ErrorKind::invalid, "{}:{} must be {}, not {}", where, key.name, expected(key),
                value.string() && key.shape == Shape::choice ? fmt::format("\"{}\"", visible(*value.string()))
                                                             : std::string(value.kind_name()));
}

std::string unknown_key(std::string_view name, std::span<const KeySpec> keys)
{
    std::vector<std::string> names;
    for (const KeySpec& key : keys)
        names.emplace_back(key.name);
    auto meant = nearest(name, names);
    return fmt::format("there is no setting :{}; {}", visible(name),
                       meant ? fmt::format("did you mean :{}?", *meant)
                             : fmt::format("there are :{}", join(names, " :")));
}

Result<void> check_config(const text::Data& config, std::span<const KeySpec> keys, std::string_view file)
{
    if (is_empty(config))
        return {};
    if (!config.table())
        return fail(ErrorKind::invalid, "{}:{}:{}: the file must hold one table, not {}", file, config.position.line,
                    config.position.column, config.kind_name());
    for (const auto& [name, value] : *config.table()) {
        std::string where = fmt::format("{}:{}:{}: ", file, value.position.line, value.position.column);
        const KeySpec* key = find_key(keys, name);
        if (!key)
            return fail(ErrorKind::invalid, "{}{}", where, unknown_key(name, keys));
        TRY(check_value(value, *key, where));
    }
    return {};
}

} // namespace quire::store
