#include "store/paths.h"

#include "base/strings.h"
#include "text/escape.h"

namespace quire::store::paths {

std::string old_audit_log(Instant at) { return fmt::format("{}/{:020}.jsonl", audit, at); }
std::string repository(const RepoName& name) { return fmt::format("{}/{}", repositories, name.directory()); }
std::string repository_runs(const RepoName& name) { return fmt::format("{}/{}", runs, name.directory()); }
std::string repository_search(const RepoName& name) { return fmt::format("{}/{}", search, name.directory()); }

std::string repository_cache(const RepoName& name) { return fmt::format("{}/{}", cache, name.directory()); }
std::string run(const RepoName& name, uint64_t number) { return fmt::format("{}/{}", repository_runs(name), number); }
std::string next_number(const RepoName& name) { return repository_runs(name) + "/next"; }

std::string job_directory(std::string_view job)
{
    std::string name = text::percent_encode(job);
    if (name == "." || name == "..")
        name = name.size() == 1 ? "%2E" : "%2E%2E"; // dots need no encoding, except in these two
    return name;
}

std::string job_logs(std::string_view job) { return "jobs/" + job_directory(job); }

std::string job_outputs(std::string_view job) { return job_logs(job) + "/outputs.json"; }

std::string command_log(int number) { return number == 0 ? "job" : fmt::format("sh-{}", number); }

std::string queue_entry(const RepoName& name, uint64_t number, int64_t queued_at)
{
    return fmt::format("{:020}.{}.{}", queued_at, name.component(), number);
}

std::optional<QueueEntry> parse_queue_entry(std::string_view entry)
{
    size_t first = entry.find('.');
    size_t last = entry.rfind('.');
    if (first != 20 || last == first)
        return std::nullopt;
    auto repo = RepoName::from_component(entry.substr(first + 1, last - first - 1));
    auto number = parse_decimal(entry.substr(last + 1));
    if (!repo || !number)
        return std::nullopt;
    return QueueEntry{std::move(*repo), *number};
}

std::string cancel_request(const RepoName& name, uint64_t number)
{
    return fmt::format("{}/{}.{}", queue_cancel, name.component(), number);
}

std::string kept_workspace(const RepoName& name, uint64_t number)
{
    return fmt::format("{}/{}.{}", queue_kept, name.component(), number);
}

std::optional<QueueEntry> parse_cancel_request(std::string_view request)
{
    size_t last = request.rfind('.');
    if (last == std::string_view::npos)
        return std::nullopt;
    auto repo = RepoName::from_component(request.substr(0, last));
    auto number = parse_decimal(request.substr(last + 1));
    if (!repo || !number)
        return std::nullopt;
    return QueueEntry{std::move(*repo), *number};
}

std::string trash_id(const RepoName& name, Instant removed_at)
{
    // Milliseconds: short enough to type, and two repositories of one name are never removed in the same one.
    return fmt::format("{}Z.{}", format_instant(removed_at).substr(0, 23), name.component());
}

std::optional<TrashId> parse_trash_id(std::string_view id)
{
    size_t end = id.find('Z');
    if (end == std::string_view::npos || !id.substr(end + 1).starts_with('.'))
        return std::nullopt;
    auto removed_at = parse_instant(id.substr(0, end + 1));
    auto repo = RepoName::from_component(id.substr(end + 2));
    if (!removed_at || !repo)
        return std::nullopt;
    return TrashId{std::move(*repo), *removed_at};
}

std::string trash_item(const std::string& id) { return fmt::format("{}/{}", trash, id); }

} // namespace quire::store::paths
