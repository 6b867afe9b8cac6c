// The inputs of a job: names, and what (cron …), (manual …) and (output …) in fennel/quire/ci.fnl return.
#include <algorithm>

#include "base/strings.h"
#include "ci/language/options.h"
#include "ci/language/registration.h"
#include "ci/language/schedule.h"
#include "lua/convert.h"

namespace quire::ci {

using text::Data;

static Result<std::string> check_name(std::string_view what, const Data& data)
{
    const std::string* name = data.string();
    if (!name)
        return fail(ErrorKind::invalid, "{} must be a keyword such as :nightly, not {}.", what, data.kind_name());
    if (name->empty() || name->size() > max_job_id_bytes || name->find('/') != std::string::npos ||
        !is_printable_utf8(*name))
        return fail(ErrorKind::invalid, "{} can't be '{}': a name has no '/', is printable and has at most {} bytes.",
                    what, name->substr(0, 40), max_job_id_bytes);
    return *name;
}

namespace {

/// The arguments of a constructor: the positional ones, and :as.
struct Arguments {
    std::vector<Data> plain;
    std::string as;
};

} // namespace

static Result<Arguments> split_arguments(const Data& mark)
{
    Arguments result;
    const Data* all = mark.find("arguments");
    const Data::Sequence* values = all ? all->sequence() : nullptr;
    for (size_t i = 0; values && i < values->size(); ++i) {
        const std::string* word = (*values)[i].string();
        if (word && *word == "as" && i > 0) {
            if (i + 1 >= values->size() || !result.as.empty())
                return fail(ErrorKind::invalid, ":as needs one name after it.");
            result.as = TRY(check_name(":as", (*values)[++i]));
        } else {
            result.plain.push_back((*values)[i]);
        }
    }
    return result;
}

static Result<Input> parse_cron(const Arguments& arguments)
{
    const std::vector<Data>& plain = arguments.plain;
    Input input{.kind = Input::Kind::cron};
    constexpr const char* usage = "Write (cron :daily), (cron :every \"2h\") or (cron \"0 3 * * 1\" :as :weekly).";
    if (plain.empty() || plain.size() > 2 || !plain[0].string())
        return fail(ErrorKind::invalid, "cron takes a schedule. {}", usage);
    input.schedule = *plain[0].string();
    if (plain.size() == 2) {
        if (input.schedule != "every" || !plain[1].string())
            return fail(ErrorKind::invalid, "cron does not understand its second argument. {}", usage);
        input.schedule += " " + *plain[1].string();
    }
    auto schedule = Schedule::parse(input.schedule);
    if (!schedule)
        return fail(ErrorKind::invalid, "cron: {}.", schedule.error().message);
    input.source = input.name = arguments.as.empty() ? "cron" : arguments.as;
    return input;
}

/// A parameter is given by its default or by a table with more details. Without :default it must be given.
static Result<void> check_parameter(const std::string& name, const Data& value)
{
    if (name.empty() || name.size() > max_job_id_bytes || name[0] == '-' || name.find_first_of("= \t\n") != name.npos ||
        !is_printable_utf8(name))
        return fail(ErrorKind::invalid, "manual: '{}' can't be the name of a parameter: it is written as name=value.",
                    name.substr(0, 40));
    if (value.sequence())
        return fail(ErrorKind::invalid, "manual: parameter ':{}' must have a plain value as its default, not a list.",
                    name);
    if (!value.table())
        return {};
    for (const auto& [key, inner] : *value.table()) {
        if (key != "default" && key != "description")
            return fail(ErrorKind::invalid, "manual: parameter ':{}' knows :default and :description, not ':{}'.", name,
                        key);
        if (inner.sequence() || inner.table() || (key == "description" && !inner.string()))
            return fail(ErrorKind::invalid, "manual: parameter ':{}': :{} must be {}.", name, key,
                        key == "default" ? "a plain value" : "a text");
    }
    return {};
}

static Result<Input> parse_manual(const Arguments& arguments)
{
    const std::vector<Data>& plain = arguments.plain;
    Input input{.kind = Input::Kind::manual};
    if (plain.empty() || plain.size() > 2)
        return fail(ErrorKind::invalid,
                    "manual takes a name and perhaps a table of parameters: (manual :deploy {{:to \"staging\"}}).");
    input.source = TRY(check_name("manual: its name", plain[0]));
    if (plain.size() == 2) {
        if (!plain[1].table())
            return fail(ErrorKind::invalid,
                        "manual: its parameters must be a table, such as {{:to \"staging\"}}, not {}.",
                        plain[1].kind_name());
        for (const auto& [key, value] : *plain[1].table())
            TRY(check_parameter(key, value));
        input.parameters = plain[1];
    }
    input.name = arguments.as.empty() ? "manual" : arguments.as;
    return input;
}

static Result<Input> parse_output(const Arguments& arguments)
{
    if (arguments.plain.size() != 2)
        return fail(ErrorKind::invalid, "output takes a job and one of its outputs: (output :build :sha :as :commit).");
    Input input{.kind = Input::Kind::output};
    input.upstream = TRY(check_name("output: the job", arguments.plain[0]));
    const std::string* key = arguments.plain[1].string();
    if (!key || key->empty())
        return fail(ErrorKind::invalid, "output: the name of the output must be a keyword, not {}.",
                    arguments.plain[1].kind_name());
    input.key = *key;
    input.name = arguments.as.empty() ? input.key : arguments.as;
    return input;
}

Result<Input> parse_input(const Data& data)
{
    if (const std::string* name = data.string()) {
        if (name->empty())
            return fail(ErrorKind::invalid, "one of its inputs is an empty name.");
        return Input{.kind = Input::Kind::name, .name = *name};
    }
    const Data* mark = data.find(input_mark);
    if (!mark || !mark->string())
        return fail(ErrorKind::invalid,
                    "an input must be a name, such as :build, or a source, such as (cron :daily), not {}.",
                    data.kind_name());
    if (*mark->string() == "webhook")
        return fail(ErrorKind::invalid, "webhook is reserved for later; there are no webhook sources yet.");
    Arguments arguments = TRY(split_arguments(data));
    if (*mark->string() == "cron")
        return parse_cron(arguments);
    if (*mark->string() == "manual")
        return parse_manual(arguments);
    return parse_output(arguments);
}

void Registration::take_inputs(lua_State* lua, int index, const Form* form, const Call& call, Job& job)
{
    SourcePlace place = place_of(call, form);
    auto wrong = [&](std::string_view what) {
        job.inputs_blamed = true;
        report(place, fmt::format("Job '{}': its inputs must be {}.", job.id, what));
    };
    switch (lua_type(lua, index)) {
    case LUA_TTABLE:
        break;
    case LUA_TSTRING:
        return wrong(fmt::format("a list, such as [:{}], not a single name", lua::to_string(lua, index)));
    case LUA_TNIL:
    case LUA_TNONE:
        return empty_inputs(place, job);
    default:
        return wrong(fmt::format("a list, such as [:quire/push], not {}", lua::describe_type(lua, index)));
    }
    lua_getfield(lua, index, input_mark);
    bool is_source = !lua_isnil(lua, -1);
    lua_pop(lua, 1);
    if (is_source)
        return wrong("a list; put the source into brackets");
    auto count = list_length(lua, index);
    if (!count)
        return wrong(std::string_view(count.error().message).substr(std::string_view("must be ").size()));
    lua_Integer length = *count;
    if (length == 0)
        return empty_inputs(place, job);
    bool written_out = form && form->kind == Form::Kind::sequence && form->items.size() == static_cast<size_t>(length);
    for (lua_Integer i = 1; i <= length; ++i) {
        lua_rawgeti(lua, index, i);
        take_input(lua, written_out ? place_of(call, &form->items[static_cast<size_t>(i) - 1]) : place, job);
        lua_pop(lua, 1);
    }
}

void Registration::empty_inputs(const SourcePlace& place, const Job& job)
{
    report(place, fmt::format("Job '{}' has empty inputs. Pass [:quire/push] (or another input) as the second argument "
                              "so it has something to fire it.",
                              job.id));
}

/// The value on top of the stack as an input; the error says what is wrong with it.
Result<Input> Registration::read_input(lua_State* lua)
{
    if (lua_type(lua, -1) == LUA_TFUNCTION)
        for (auto [name, example] :
             {std::pair("cron", "(cron :daily)"), std::pair("manual", "(manual :deploy)"),
              std::pair("output", "(output :build :sha)"), std::pair("webhook", "(webhook …)")}) {
            lua_getglobal(lua, name);
            bool is_it = lua_rawequal(lua, -1, -2) != 0;
            lua_pop(lua, 1);
            if (is_it)
                return fail(ErrorKind::invalid, "{} is a function to be called here, as in {}.", name, example);
        }
    auto data = lua::to_data(lua, -1, "input");
    if (data)
        return parse_input(*data);
    std::string kind;
    if (lua_istable(lua, -1)) {
        lua_getfield(lua, -1, input_mark);
        kind = lua::to_string(lua, -1);
        lua_pop(lua, 1);
    }
    if (kind.empty())
        return fail(ErrorKind::invalid,
                    "an input must be a name, such as :build, or a source, such as (cron :daily), "
                    "not {}.",
                    lua::describe_type(lua, -1));
    std::string_view why = data.error().message;
    strip_prefix(why, "input.arguments: ");
    if (strip_prefix(why, "input.arguments["))
        return fail(ErrorKind::invalid, "{}: its arguments must be plain values; argument {}{}.", kind,
                    why.substr(0, why.find(']')), why.substr(std::min(why.find(']'), why.size() - 1) + 1));
    return fail(ErrorKind::invalid, "{}: its arguments must be plain values: {}.", kind, why);
}

void Registration::take_input(lua_State* lua, SourcePlace place, Job& job)
{
    auto input = read_input(lua);
    if (!input) {
        job.inputs_blamed = true;
        report(place, fmt::format("Job '{}': {}", job.id, input.error().message));
        return;
    }
    input->place = std::move(place);
    job.inputs.push_back(*std::move(input));
}

} // namespace quire::ci
