#include "store/notice.h"

#include <algorithm>

#include "store/task.h"
#include "sys/atomic_file.h"
#include "sys/file.h"
#include "text/fnl.h"

namespace quire::store {

using text::Data;

constexpr size_t longest_reason = 2000;

static Task same_name(const Notice& notice) { return {notice.event, notice.repo, notice.subject}; }

std::string Notice::name() const { return same_name(*this).id(); }

Result<void> add_notice(const Root& root, Notice notice)
{
    std::string name = notice.name();
    auto made = sys::make_directories(root.fd(), paths::queue_notices, 0750);
    if (!made)
        return made;
    UniqueFd directory = TRY(sys::open_directory(root.fd(), paths::queue_notices));
    if (sys::exists(directory.get(), name))
        return {};
    Data data{Data::Table{}};
    data.set("event", text::Keyword{notice.event});
    if (notice.repo)
        data.set("repo", notice.repo->str());
    if (!notice.subject.empty())
        data.set("subject", notice.subject);
    data.set("at", format_instant(notice.at == 0 ? now() : notice.at));
    if (notice.since != 0)
        data.set("since", format_instant(notice.since));
    if (!notice.reason.empty())
        data.set("reason", notice.reason.substr(0, longest_reason));
    return sys::replace_file(directory.get(), name, text::write_fnl(data));
}

Result<std::vector<Notice>> list_notices(const Root& root)
{
    std::vector<Notice> notices;
    auto names = sys::list_directory(root.fd(), paths::queue_notices);
    if (!names && names.error().kind == ErrorKind::not_found)
        return notices;
    for (const std::string& name : TRY(std::move(names))) {
        auto named = parse_task_id(name);
        if (!named)
            continue;
        Notice notice{.event = named->kind, .repo = named->repo, .subject = named->subject};
        auto content = sys::read_file(root.fd(), fmt::format("{}/{}", paths::queue_notices, name), 64u << 10);
        if (!content && content.error().kind == ErrorKind::not_found)
            continue;
        if (auto data = content ? text::read_fnl(*content, name) : Result<Data>(Data{})) {
            auto instant = [&](const char* key) { return parse_instant(data->string_or(key, "")).value_or(0); };
            notice.at = instant("at");
            notice.since = instant("since");
            notice.reason = data->string_or("reason", "");
        }
        notices.push_back(std::move(notice));
    }
    std::stable_sort(notices.begin(), notices.end(), [](const Notice& a, const Notice& b) { return a.at < b.at; });
    return notices;
}

Result<bool> has_notices(const Root& root)
{
    auto names = sys::list_directory(root.fd(), paths::queue_notices);
    if (!names && names.error().kind == ErrorKind::not_found)
        return false;
    std::vector<std::string> all = TRY(std::move(names));
    return std::any_of(all.begin(), all.end(), [](const std::string& name) { return parse_task_id(name).has_value(); });
}

Result<void> drop_notice(const Root& root, const std::string& name)
{
    auto removed = sys::unlink_at(root.fd(), fmt::format("{}/{}", paths::queue_notices, name));
    if (!removed && removed.error().kind != ErrorKind::not_found)
        return removed;
    return {};
}

} // namespace quire::store
