#include "store/mirror.h"

#include <algorithm>

#include "base/strings.h"
#include "sys/atomic_file.h"
#include "sys/file.h"
#include "text/fnl.h"

namespace quire::store {

using text::Data;

constexpr size_t most_drift = 50;
constexpr size_t most_pushed_bytes = 64u << 20;

std::string paths::mirror(const std::string& name) { return fmt::format("{}/{}", mirrors, name); }

bool is_mirror_name(std::string_view name)
{
    constexpr size_t longest = 40;
    return !name.empty() && name.size() <= longest && !name.starts_with('-') &&
           std::all_of(name.begin(), name.end(),
                       [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; });
}

std::string_view MirrorStatus::word() const
{
    if (is_failing || !is_reachable)
        return "failing";
    return last_success == 0 ? "new" : "well";
}

static Data status_data(const MirrorStatus& status)
{
    Data data{Data::Table{}};
    data.set("state", text::Keyword{status.is_failing ? "failing" : status.last_success == 0 ? "new" : "well"});
    auto instant = [&](const char* key, Instant at) {
        if (at != 0)
            data.set(key, format_instant(at));
    };
    instant("last-success", status.last_success);
    instant("last-failure", status.last_failure);
    instant("failing-since", status.failing_since);
    instant("checked-at", status.checked_at);
    data.set("reachable", status.is_reachable);
    if (!status.reason.empty())
        data.set("reason", status.reason);
    Data::Sequence drift;
    for (const MirrorDrift& one : status.drift) {
        if (drift.size() == most_drift)
            break;
        Data row{Data::Table{}};
        row.set("ref", one.ref);
        row.set("ours", one.ours);
        row.set("theirs", one.theirs);
        row.set("since", format_instant(one.since));
        drift.push_back(std::move(row));
    }
    data.set("more-drift", status.more_drift + status.drift.size() - drift.size());
    data.set("drift", std::move(drift));
    if (!status.order.is_nil())
        data.set("order", status.order);
    return data;
}

static MirrorStatus status_of(const Data& data)
{
    auto instant = [](const Data& from, const char* key) { return parse_instant(from.string_or(key, "")).value_or(0); };
    MirrorStatus status;
    status.is_failing = data.string_or("state", "") == "failing";
    status.last_success = instant(data, "last-success");
    status.last_failure = instant(data, "last-failure");
    status.failing_since = instant(data, "failing-since");
    status.checked_at = instant(data, "checked-at");
    status.is_reachable = data.boolean_or("reachable", true);
    status.reason = data.string_or("reason", "");
    status.more_drift = static_cast<size_t>(std::max<int64_t>(data.integer_or("more-drift", 0), 0));
    if (const Data* drift = data.find("drift"); drift && drift->sequence())
        for (const Data& row : *drift->sequence())
            status.drift.push_back({row.string_or("ref", ""), row.string_or("ours", ""), row.string_or("theirs", ""),
                                    instant(row, "since")});
    if (const Data* order = data.find("order"))
        status.order = *order;
    return status;
}

static std::string path_of(const std::string& name, const char* file)
{
    return fmt::format("{}/{}", paths::mirror(name), file);
}

static Mirror load(int repository, const std::string& name)
{
    Mirror mirror{.name = name, .url = {}, .status = {}};
    auto url = sys::read_file(repository, path_of(name, paths::mirror_url), 8192);
    if (url)
        mirror.url = trim(*url);
    auto content = sys::read_file(repository, path_of(name, paths::mirror_status), text::max_fnl_bytes);
    if (content) {
        auto data = text::read_fnl(*content, paths::mirror_status);
        if (data)
            mirror.status = status_of(*data);
        else
            mirror.status.reason = data.error().message;
    } else if (content.error().kind != ErrorKind::not_found) {
        mirror.status.reason = content.error().message;
    }
    if (!url)
        mirror.status.reason = url.error().message;
    mirror.is_rotating = sys::exists(repository, path_of(name, paths::mirror_next_key));
    mirror.has_old_key = sys::exists(repository, path_of(name, paths::mirror_old_key));
    return mirror;
}

static Result<std::vector<std::string>> names_of(int repository)
{
    auto all = sys::list_directory(repository, paths::mirrors);
    if (!all && all.error().kind == ErrorKind::not_found)
        return std::vector<std::string>();
    std::vector<std::string> names = TRY(std::move(all));
    std::erase_if(names, [](const std::string& name) { return !is_mirror_name(name); });
    return names;
}

Result<std::vector<Mirror>> list_mirrors(int repository)
{
    std::vector<Mirror> mirrors;
    for (const std::string& name : TRY(names_of(repository)))
        mirrors.push_back(load(repository, name));
    return mirrors;
}

Result<Mirror> read_mirror(int repository, const std::string& name)
{
    std::vector<std::string> names = TRY(names_of(repository));
    if (std::find(names.begin(), names.end(), name) != names.end())
        return load(repository, name);
    return fail(ErrorKind::not_found, "there is no mirror '{}' here; {}", name,
                names.empty() ? "quire mirror add makes one" : fmt::format("there are: {}", join(names, ", ")));
}

Result<std::optional<MirrorSecret>> read_mirror_secret(int repository, const std::string& name)
{
    auto content = sys::read_file(repository, path_of(name, paths::mirror_secret), text::max_fnl_bytes);
    if (!content && content.error().kind == ErrorKind::not_found)
        return std::optional<MirrorSecret>();
    Data data = TRY(text::read_fnl(TRY(std::move(content)), paths::mirror_secret));
    return std::optional(MirrorSecret{data.string_or("secret", ""), data.string_or("user", "")});
}

Result<void> write_mirror_status(int repository, const std::string& name, const MirrorStatus& status)
{
    UniqueFd directory = TRY(sys::open_directory(repository, paths::mirror(name)));
    TRY(sys::replace_file(directory.get(), paths::mirror_status, text::write_fnl(status_data(status)), 0600));
    // The directory above tells by its time that some status is another one: pages go by that.
    UniqueFd all = TRY(sys::open_directory(repository, paths::mirrors));
    return sys::set_modified(all.get(), now(), paths::mirrors);
}

Result<RefValues> read_pushed(int repository, const std::string& name)
{
    RefValues values;
    auto content = sys::read_file(repository, path_of(name, paths::mirror_pushed), most_pushed_bytes);
    if (!content && content.error().kind == ErrorKind::not_found)
        return values;
    std::string text = TRY(std::move(content));
    for (std::string_view rest = text; !rest.empty();) {
        std::string_view ref = take_until(rest, '\n');
        std::string_view id = take_until(ref, ' ');
        if (!ref.empty())
            values.emplace(ref, id);
    }
    return values;
}

Result<void> write_pushed(int repository, const std::string& name, const RefValues& values)
{
    std::string text;
    for (const auto& [ref, id] : values)
        text += fmt::format("{} {}\n", id, ref);
    UniqueFd directory = TRY(sys::open_directory(repository, paths::mirror(name)));
    return sys::replace_file(directory.get(), paths::mirror_pushed, text, 0600);
}

Data to_data(const Mirror& mirror)
{
    Data data{Data::Table{}};
    data.set("name", mirror.name);
    data.set("url", mirror.url);
    Data status = status_data(mirror.status);
    for (auto& [key, value] : *status.table())
        data.set(key, std::move(value));
    data.set("rotating", mirror.is_rotating);
    data.set("old-key", mirror.has_old_key);
    return data;
}

} // namespace quire::store
