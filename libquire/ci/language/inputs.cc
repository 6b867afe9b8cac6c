// The inputs of a job: names, and what (cron …), (manual …) and (output …) of fennel/quire/ci.fnl make.
#include "base/strings.h"
#include "ci/language/registration.h"
#include "ci/language/schedule.h"

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

/// The arguments of a constructor: plain ones, and :as.
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

/// A parameter is its default, or a table that says more; without :default it has to be given.
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

} // namespace quire::ci
