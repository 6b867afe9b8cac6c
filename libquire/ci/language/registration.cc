#include "ci/language/registration.h"

#include <algorithm>

#include "base/strings.h"
#include "ci/language/options.h"
#include "lua/convert.h"

namespace quire::ci {

using text::Data;

static const std::vector<std::string> job_options = {"inputs",         "run",     "timeout", "retries", "allow-failure",
                                                     "even-if-failed", "approve", "image",   "reports", "limits"};

void Registration::report(SourcePlace place, std::string message)
{
    m_chunks.complete(place);
    diagnostics.push_back({std::move(place), std::move(message), "", ""});
}

Registration::Call Registration::locate(lua_State* lua, const std::vector<std::string_view>& words, std::string_view id)
{
    Call call;
    call.place = m_chunks.current_place(lua);
    if (call.place.position.line == 0)
        call.place.file = pipeline_file; // after a tail call, the caller is not on the stack
    call.form = find_call(m_chunks.outline(call.place.file), words, id, call.place.position.line);
    if (call.form)
        call.place.position = call.form->begin;
    m_chunks.complete(call.place);
    return call;
}

SourcePlace Registration::place_of(const Call& call, const Form* form) const
{
    return form ? SourcePlace{call.place.file, form->begin} : call.place;
}

static const Form* item(const Form* form, size_t index)
{
    return form && index < form->items.size() ? &form->items[index] : nullptr;
}

/// The value of a key in a table, as written in the source.
static const Form* value_of(const Form* table, std::string_view key)
{
    if (!table || table->kind != Form::Kind::table)
        return nullptr;
    for (size_t i = 0; i + 1 < table->items.size(); i += 2)
        if (table->items[i].name() == key)
            return &table->items[i + 1];
    return nullptr;
}

static const Form* key_of(const Form* table, std::string_view key)
{
    const Form* value = value_of(table, key);
    return value ? value - 1 : nullptr;
}

bool Registration::take_id(lua_State* lua, Call& call, std::string& id)
{
    const std::vector<std::string_view> words = {"job", "ci.job", "ci:job"};
    if (lua_type(lua, 1) != LUA_TSTRING) {
        call = locate(lua, words, "");
        report(call.place,
               fmt::format("A job's id must be a keyword such as :build, not {}.", lua::describe_type(lua, 1)));
        return false;
    }
    id = lua::to_string(lua, 1);
    call = locate(lua, words, id);
    SourcePlace place = place_of(call, item(call.form, 1));
    if (id.empty()) {
        report(place, "A job's id is empty. Give it a keyword such as :build.");
        return false;
    }
    if (id.find('/') != std::string::npos) {
        std::string other = id;
        for (char& byte : other)
            if (byte == '/')
                byte = '-';
        report(place,
               fmt::format("Job id '{}' contains '/', which is reserved for the 'quire/' source namespace. Use '{}' or "
                           "another delimiter.",
                           id, other));
        return false;
    }
    if (id.size() > max_job_id_bytes || !is_printable_utf8(id)) {
        report(place, fmt::format("Job id '{}' must be printable text of at most {} bytes.", id.substr(0, 40),
                                  max_job_id_bytes));
        return false;
    }
    if (const Job* other = pipeline.find(id)) {
        report(place, fmt::format("Job '{}' is already defined at {}. Give one of them another id.", id,
                                  to_string(other->place)));
        return false;
    }
    return true;
}

static bool is_map_form(lua_State* lua)
{
    if (!lua_isnoneornil(lua, 3) || lua_type(lua, 2) != LUA_TTABLE || lua_rawlen(lua, 2) > 0)
        return false;
    lua_pushnil(lua);
    bool has_entry = lua_next(lua, 2) != 0;
    lua_pop(lua, has_entry ? 2 : 0);
    return has_entry;
}

void Registration::job(lua_State* lua)
{
    if (too_many)
        return; // this is reported once
    Call call;
    Job job;
    // Other errors in the call are reported even if its id is invalid.
    bool has_id = take_id(lua, call, job.id);
    if (!has_id && job.id.empty())
        job.id = "?";
    job.place = call.place;
    if (is_map_form(lua))
        take_map(lua, call, job);
    else
        take_positional(lua, call, job);
    if (has_id && pipeline.jobs.size() >= max_jobs) {
        too_many = true;
        return report(call.place, fmt::format("A pipeline has at most {} jobs; this one registers more.", max_jobs));
    }
    // A job with an error elsewhere still exists as an input for other jobs.
    if (has_id)
        pipeline.jobs.push_back(std::move(job));
}

void Registration::take_positional(lua_State* lua, const Call& call, Job& job)
{
    if (lua_gettop(lua) > 3)
        report(call.place,
               fmt::format("Job '{}' has more than three arguments: (job id inputs run). Options go into the map form, "
                           "(job id {{:inputs … :run … :timeout …}}).",
                           job.id));
    take_inputs(lua, 2, item(call.form, 2), call, job);
    take_run(lua, 3, place_of(call, item(call.form, 3)), job);
}

void Registration::take_map(lua_State* lua, const Call& call, Job& job)
{
    const Form* table = item(call.form, 2);
    std::vector<std::string> keys;
    for (lua_pushnil(lua); lua_next(lua, 2) != 0; lua_pop(lua, 1))
        if (lua_type(lua, -2) == LUA_TSTRING)
            keys.push_back(lua::to_string(lua, -2));
    std::sort(keys.begin(), keys.end());
    for (const std::string& key : keys) {
        lua_getfield(lua, 2, key.c_str());
        SourcePlace place = place_of(call, key_of(table, key) ? key_of(table, key) : table);
        if (key == "inputs")
            take_inputs(lua, lua_gettop(lua), value_of(table, key), call, job);
        else if (key == "run")
            take_run(lua, lua_gettop(lua), place_of(call, value_of(table, key)), job);
        else
            take_option(lua, call, job, key, place);
        lua_settop(lua, 3);
    }
    lua_settop(lua, 3);
    if (std::find(keys.begin(), keys.end(), "inputs") == keys.end())
        take_inputs(lua, 3, nullptr, call, job);
    if (std::find(keys.begin(), keys.end(), "run") == keys.end())
        report(
            call.place,
            fmt::format("Job '{}' has no :run. It takes a function, such as (fn [{{: sh}}] (sh \"make\")).", job.id));
}

void Registration::take_option(lua_State* lua, const Call& call, Job& job, const std::string& key,
                               const SourcePlace& place)
{
    static_cast<void>(call);
    int top = lua_gettop(lua);
    auto wrong = [&](std::string_view wanted) {
        report(place,
               fmt::format("Job '{}': :{} must be {}, not {}.", job.id, key, wanted, lua::describe_type(lua, top)));
    };
    if (key == "timeout") {
        auto timeout = read_duration(lua, top);
        if (!timeout)
            return report(place, fmt::format("Job '{}': :timeout {}.", job.id, timeout.error().message));
        job.timeout = *timeout;
    } else if (key == "retries") {
        if (!lua_isinteger(lua, top) || lua_tointeger(lua, top) < 0 || lua_tointeger(lua, top) > 10)
            return report(place, fmt::format("Job '{}': :retries must be a whole number from 0 to 10.", job.id));
        job.retries = static_cast<int>(lua_tointeger(lua, top));
    } else if (key == "allow-failure" || key == "even-if-failed") {
        if (lua_type(lua, top) != LUA_TBOOLEAN)
            return wrong("true or false");
        (key == "allow-failure" ? job.allow_failure : job.even_if_failed) = lua_toboolean(lua, top) != 0;
    } else if (key == "approve") {
        auto within = read_approve(lua, top);
        if (!within)
            return report(place, fmt::format("Job '{}': :approve {}.", job.id, within.error().message));
        job.approve_within = *within;
    } else if (key == "image") {
        if (lua_type(lua, top) != LUA_TSTRING || lua_rawlen(lua, top) == 0)
            return wrong("the name of an image, such as \"debian:trixie\"");
        job.image = lua::to_string(lua, top);
    } else if (key == "limits") {
        auto data = lua::to_data(lua, top, ":limits");
        auto limits = data ? read_limits(*data) : Unexpected(std::move(data).error());
        if (!limits)
            return report(place, fmt::format("Job '{}': :limits {}.", job.id, limits.error().message));
        job.limits = *limits;
    } else if (key == "reports") {
        auto reports = lua::to_data(lua, top, ":reports");
        if (!reports || !reports->table())
            return wrong("a table such as {:junit \"results.xml\" :summary \"summary.md\"}");
        for (const auto& [name, value] : *reports->table())
            if ((name != "junit" && name != "tap" && name != "summary") || !value.string())
                return report(
                    place,
                    fmt::format(
                        "Job '{}': :reports knows :junit, :tap and :summary, each with a path; not ':{}' with {}.",
                        job.id, name, value.kind_name()));
        job.reports = *std::move(reports);
    } else {
        report(place, unknown_option(fmt::format("Job '{}'", job.id), key, job_options) + ".");
    }
}

void Registration::take_run(lua_State* lua, int index, const SourcePlace& place, Job& job)
{
    if (lua_type(lua, index) == LUA_TFUNCTION) {
        lua_pushvalue(lua, index);
        job.run_place = m_chunks.function_place(lua);
        return;
    }
    report(place, fmt::format("Job '{}' needs a function to run, such as (fn [{{: sh}}] (sh \"make\")), not {}.",
                              job.id, lua::describe_type(lua, index)));
}

void Registration::image(lua_State* lua)
{
    Call call = locate(lua, {"image", "ci.image", "ci:image"}, "");
    if (lua_type(lua, 1) != LUA_TSTRING || lua_rawlen(lua, 1) == 0) {
        report(call.place, fmt::format("ci.image takes the name of an image, such as \"rust:1.76\", not {}.",
                                       lua::describe_type(lua, 1)));
        return;
    }
    std::string name = lua::to_string(lua, 1);
    if (!pipeline.image.empty()) {
        report(call.place,
               fmt::format(
                   "The pipeline's image is already declared at {}. There is one for the whole pipeline; a job's own "
                   "goes into its :image.",
                   to_string(pipeline.image_place)));
        return;
    }
    if (name.size() > 500 || name[0] == '-' || name.find_first_of(" \t\n\r") != std::string::npos ||
        !is_printable_utf8(name)) {
        report(call.place, fmt::format("'{}' is not the name of an image.", name.substr(0, 100)));
        return;
    }
    if (!pipeline.jobs.empty())
        report(call.place, "ci.image comes before the first job.");
    pipeline.image = name;
    pipeline.image_place = call.place;
}

void Registration::flag(lua_State* lua, const char* what, bool& value, bool& seen)
{
    std::string dotted = fmt::format("ci.{}", what), colon = fmt::format("ci:{}", what);
    Call call = locate(lua, {what, dotted, colon}, "");
    if (lua_type(lua, 1) != LUA_TBOOLEAN)
        report(call.place, fmt::format("ci.{} takes true or false, not {}.", what, lua::describe_type(lua, 1)));
    else if (seen)
        report(call.place, fmt::format("ci.{} is called twice.", what));
    else
        value = lua_toboolean(lua, 1) != 0;
    seen = true;
}

} // namespace quire::ci
