#include "store/repository_sources.h"

#include <algorithm>

#include "store/root.h"
#include "sys/atomic_file.h"
#include "sys/file.h"
#include "text/fnl.h"

namespace quire::store {

using text::Data;

const ManualSource* RepositorySources::find_manual(std::string_view name) const
{
    auto found =
        std::find_if(manual.begin(), manual.end(), [&](const ManualSource& source) { return source.name == name; });
    return found == manual.end() ? nullptr : &*found;
}

static Data parameters_to_data(const ManualSource& source)
{
    Data parameters{Data::Table{}};
    for (const auto& [name, parameter] : source.parameters) {
        Data entry{Data::Table{}};
        if (parameter.fallback)
            entry.set("default", *parameter.fallback);
        if (!parameter.description.empty())
            entry.set("description", parameter.description);
        parameters.set(name, std::move(entry));
    }
    return parameters;
}

Data to_data(const RepositorySources& sources)
{
    Data data{Data::Table{}};
    if (!sources.sha.empty())
        data.set("sha", sources.sha);
    if (!sources.ref.empty())
        data.set("ref", sources.ref);
    if (sources.looked_at != 0)
        data.set("looked-at", format_instant(sources.looked_at));
    if (!sources.error.empty())
        data.set("error", sources.error);
    Data::Sequence cron, manual;
    for (const CronSource& source : sources.cron) {
        Data entry{Data::Table{}};
        entry.set("name", source.name);
        entry.set("schedule", source.schedule);
        cron.push_back(std::move(entry));
    }
    for (const ManualSource& source : sources.manual) {
        Data entry{Data::Table{}};
        entry.set("name", source.name);
        entry.set("parameters", parameters_to_data(source));
        manual.push_back(std::move(entry));
    }
    data.set("cron", std::move(cron));
    data.set("manual", std::move(manual));
    return data;
}

/// The tables in a list. An empty list may have become an empty table on its way.
static Result<const Data::Sequence*> list_of(const Data& data, std::string_view key, std::string_view name)
{
    static const Data::Sequence empty;
    const Data* value = data.find(key);
    if (!value || (value->table() && value->table()->empty()))
        return &empty;
    if (!value->sequence())
        return fail(ErrorKind::invalid, "{}: :{} must be a list, not {}", name, key, value->kind_name());
    for (const Data& entry : *value->sequence())
        if (!entry.table() || entry.string_or("name", "").empty())
            return fail(ErrorKind::invalid, "{}: each entry of :{} must be a table with a :name", name, key);
    return value->sequence();
}

Result<RepositorySources> sources_from_data(const Data& data, std::string_view name)
{
    if (!data.table())
        return fail(ErrorKind::invalid, "{}: not a table", name);
    RepositorySources sources;
    sources.sha = data.string_or("sha", "");
    sources.ref = data.string_or("ref", "");
    sources.error = data.string_or("error", "");
    sources.looked_at = parse_instant(data.string_or("looked-at", "")).value_or(0);
    for (const Data& entry : *TRY(list_of(data, "cron", name)))
        sources.cron.push_back({entry.string_or("name", ""), entry.string_or("schedule", "")});
    for (const Data& entry : *TRY(list_of(data, "manual", name))) {
        ManualSource source{entry.string_or("name", ""), {}};
        const Data* parameters = entry.find("parameters");
        if (parameters && parameters->table())
            for (const auto& [key, value] : *parameters->table()) {
                ManualParameter parameter{std::nullopt, value.string_or("description", "")};
                if (const Data* fallback = value.find("default"); fallback && fallback->string())
                    parameter.fallback = *fallback->string();
                source.parameters.emplace(key, std::move(parameter));
            }
        sources.manual.push_back(std::move(source));
    }
    return sources;
}

Result<std::optional<RepositorySources>> read_sources(int repository)
{
    auto content = sys::read_file(repository, paths::repository_sources, text::max_fnl_bytes);
    if (!content && content.error().kind == ErrorKind::not_found)
        return std::optional<RepositorySources>();
    Data data = TRY(text::read_fnl(TRY(std::move(content)), paths::repository_sources));
    return std::optional(TRY(sources_from_data(data, paths::repository_sources)));
}

Result<void> write_sources(int repository, const RepositorySources& sources)
{
    std::string path = paths::repository_sources;
    size_t slash = path.rfind('/');
    TRY(sys::make_directories(repository, path.substr(0, slash)));
    UniqueFd directory = TRY(sys::open_directory(repository, path.substr(0, slash)));
    return sys::replace_file(directory.get(), path.substr(slash + 1), text::write_fnl(to_data(sources)));
}

} // namespace quire::store
