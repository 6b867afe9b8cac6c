#include "deliver/mail_event.h"

#include <algorithm>

#include "base/strings.h"
#include "deliver/run_story.h"

namespace quire::deliver {

using store::Notice;

constexpr std::string_view run_ended = "run-ended";
constexpr std::string_view told_unless_set[] = {"ci-failed", "ci-fixed", "mirror-failed", "mirror-fixed",
                                                "backup-failed"};

std::string Event::group() const { return fmt::format("{} {}", kind, repo ? repo->str() : ""); }

std::string Event::id() const
{
    std::string name = kind;
    if (repo)
        name += "." + repo->str();
    return name + fmt::format(".{}", is_of_run() ? std::to_string(run) : fmt::format("{}.{}", subject, at));
}

text::Data to_data(const Event& event)
{
    text::Data data{text::Data::Table{}};
    data.set("kind", text::Keyword{event.kind});
    if (event.repo)
        data.set("repo", event.repo->str());
    if (event.is_of_run())
        data.set("run", event.run);
    if (!event.subject.empty())
        data.set("subject", event.subject);
    data.set("at", format_instant(event.at));
    if (event.since != 0)
        data.set("since", format_instant(event.since));
    if (!event.reason.empty())
        data.set("reason", event.reason);
    return data;
}

std::optional<Event> event_from_data(const text::Data& data)
{
    auto instant = [&](const char* key) { return parse_instant(data.string_or(key, "")).value_or(0); };
    Event event{.kind = data.string_or("kind", ""),
                .repo = std::nullopt,
                .run = static_cast<uint64_t>(std::max<int64_t>(data.integer_or("run", 0), 0)),
                .subject = data.string_or("subject", ""),
                .at = instant("at"),
                .since = instant("since"),
                .reason = data.string_or("reason", "")};
    if (std::string name = data.string_or("repo", ""); !name.empty()) {
        auto repo = store::RepoName::parse(name);
        if (!repo)
            return std::nullopt;
        event.repo = std::move(*repo);
    }
    return event.kind.empty() ? std::nullopt : std::optional(std::move(event));
}

static Result<std::optional<Event>> judge_run(const store::Root& root, const Notice& notice)
{
    auto number = parse_decimal(notice.subject);
    if (!notice.repo || !number)
        return std::optional<Event>();
    auto record = store::read_run_record(root, *notice.repo, *number);
    if (!record && record.error().kind == ErrorKind::not_found)
        return std::optional<Event>();
    if (!record)
        return Unexpected(std::move(record).error());
    bool failed = is_failure(record->state);
    if (!failed && record->state != store::RunState::succeeded)
        return std::optional<Event>();
    Streak streak = TRY(find_streak(root, *record));
    return std::optional(Event{.kind = failed               ? "ci-failed"
                                       : streak.was_failing ? "ci-fixed"
                                                            : "ci-succeeded",
                               .repo = notice.repo,
                               .run = *number,
                               .at = record->ended_at});
}

Result<std::optional<Event>> judge(const store::Root& root, const Notice& notice)
{
    if (notice.event == run_ended)
        return judge_run(root, notice);
    return std::optional(Event{.kind = notice.event,
                               .repo = notice.repo,
                               .subject = notice.subject,
                               .at = notice.at,
                               .since = notice.since,
                               .reason = notice.reason});
}

std::vector<std::string> addressees(const store::GlobalConfig& config, const store::RepositoryConfig* repository,
                                    const std::string& kind)
{
    const store::NotificationsConfig& all = config.notifications;
    const store::NotificationsConfig own = repository ? repository->notifications : store::NotificationsConfig{};
    const auto& on = own.on ? own.on : all.on;
    bool is_wanted =
        on ? std::find(on->begin(), on->end(), kind) != on->end()
           : std::find(std::begin(told_unless_set), std::end(told_unless_set), kind) != std::end(told_unless_set);
    std::vector<std::string> to;
    if (!is_wanted)
        return to;
    for (const std::string& address : (own.to ? own.to : all.to).value_or(std::vector<std::string>()))
        if (std::find(to.begin(), to.end(), address) == to.end())
            to.push_back(address);
    return to;
}

} // namespace quire::deliver
