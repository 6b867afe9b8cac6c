#include "deliver/mirror.h"

#include <algorithm>

#include "base/log.h"
#include "base/show_time.h"
#include "base/strings.h"
#include "store/notice.h"
#include "store/repositories.h"
#include "store/task.h"
#include "sys/atomic_file.h"
#include "sys/file.h"
#include "sys/lock.h"
#include "text/fnl.h"

namespace quire::deliver {

namespace paths = store::paths;
using store::Mirror;
using store::MirrorDrift;
using store::MirrorStatus;
using store::RefValues;

/// A remote whose refs differ for longer than a job takes is worth telling.
constexpr int64_t drift_is_told_after = 3600 * nanoseconds_per_second;
constexpr size_t most_drift = 1000;

static std::string path_of(const MirrorPlace& place, const char* file)
{
    return fmt::format("{}/{}", paths::mirror(place.name), file);
}

static Result<sys::FileLock> lock_mirror(const MirrorPlace& place)
{
    return sys::FileLock::acquire(place.repository, path_of(place, paths::mirror_lock));
}

/// With the key of that file, or over https the header that the secret makes.
static Result<Remote> remote_of(const MirrorPlace& place, const Mirror& mirror, const ReadSecret& read_secret,
                                const char* key = paths::mirror_key)
{
    Remote remote{.repository = place.repository, .url = mirror.url};
    if (TRY(parse_remote_url(mirror.url)).is_ssh) {
        remote.key = path_of(place, key);
        return remote;
    }
    auto secret = TRY(store::read_mirror_secret(place.repository, place.name));
    if (!secret)
        return remote;
    auto value = read_secret(secret->secret);
    if (!value)
        return with_context(std::move(value).error(), fmt::format("secret '{}'", secret->secret));
    remote.header = basic_header(secret->user, *value);
    return remote;
}

static void compare(const RefValues& ours, const RefValues& theirs, MirrorStatus& status)
{
    std::vector<MirrorDrift> before = std::exchange(status.drift, {});
    status.more_drift = 0;
    auto add = [&](const std::string& ref, const std::string& own, const std::string& other) {
        auto known = std::find_if(before.begin(), before.end(), [&](const MirrorDrift& one) { return one.ref == ref; });
        if (status.drift.size() < most_drift)
            status.drift.push_back({ref, own, other, known == before.end() ? now() : known->since});
        else
            ++status.more_drift;
    };
    for (const auto& [ref, id] : ours) {
        auto there = theirs.find(ref);
        if (there == theirs.end() || there->second != id)
            add(ref, id, there == theirs.end() ? "" : there->second);
    }
}

/// What the patterns of the order are about; for a mirror that was never pushed to, everything.
static RefValues own_now(int repository, const Mirror& mirror)
{
    PushOrder order = last_order(mirror);
    order.prune = true; // one that is not there any more is no error here
    return own_refs(repository, order).value_or({});
}

Result<std::vector<MirrorDrift>> find_drift(int repository, const Mirror& mirror)
{
    MirrorStatus status = mirror.status;
    compare(own_now(repository, mirror), TRY(store::read_pushed(repository, mirror.name)), status);
    return std::move(status.drift);
}

PushOrder last_order(const Mirror& mirror)
{
    auto order = push_order_from_data(mirror.status.order);
    return order && mirror.status.order.table() ? std::move(*order) : PushOrder{};
}

/// A mirror that begins to fail is told of, and one that is well again.
static void note(const MirrorPlace& place, MirrorStatus& status, const std::string& error)
{
    auto tell = [&](const char* event, Instant since, std::string reason) {
        auto told = store::add_notice(place.root, {.event = event,
                                                   .repo = place.repo,
                                                   .subject = place.name,
                                                   .at = now(),
                                                   .since = since,
                                                   .reason = std::move(reason)});
        if (!told)
            log("{}", told.error().message);
    };
    if (error.empty()) {
        if (std::exchange(status.is_failing, false))
            tell("mirror-fixed", status.failing_since, "");
        status.failing_since = 0;
        return;
    }
    status.last_failure = now();
    status.reason = error;
    if (std::exchange(status.is_failing, true))
        return;
    status.failing_since = now();
    tell("mirror-failed", status.failing_since, error);
}

Result<PushReport> push_mirror(const MirrorPlace& place, const PushOrder& order, const ReadSecret& read_secret)
{
    auto lock = TRY(lock_mirror(place));
    Mirror mirror = TRY(store::read_mirror(place.repository, place.name));
    RefValues known = store::read_pushed(place.repository, place.name).value_or({});
    PushReport report;
    auto remote = remote_of(place, mirror, read_secret);
    if (remote)
        report = push_refs(*remote, order, known);
    else
        report.error = remote.error().message;
    MirrorStatus& status = mirror.status;
    status.order = to_data(order);
    if (report.was_asked || !remote)
        status.is_reachable = report.was_reachable;
    if (report.was_reachable) {
        status.checked_at = now();
        TRY(store::write_pushed(place.repository, place.name, report.theirs));
        known = report.theirs;
    }
    compare(report.ours.empty() ? own_now(place.repository, mirror) : report.ours, known, status);
    note(place, status, report.error);
    if (report.error.empty())
        status.last_success = now();
    TRY(store::write_mirror_status(place.repository, place.name, status));
    if (!report.error.empty())
        TRY(store::add_task(place.root, {.kind = "mirror", .repo = place.repo, .subject = place.name}));
    return report;
}

Result<Mirror> check_mirror(const MirrorPlace& place, const ReadSecret& read_secret, Look look, int64_t patience)
{
    auto lock = TRY(lock_mirror(place));
    Mirror mirror = TRY(store::read_mirror(place.repository, place.name));
    MirrorStatus& status = mirror.status;
    auto looked = [&]() -> Result<void> {
        Remote remote = TRY(remote_of(place, mirror, read_secret));
        RefValues theirs = TRY(list_remote(remote, patience));
        compare(own_now(place.repository, mirror), theirs, status);
        TRY(store::write_pushed(place.repository, place.name, theirs));
        if (look == Look::whether_it_takes_a_push)
            TRY(try_push(remote, patience));
        return {};
    }();
    status.checked_at = now();
    status.is_reachable = looked.has_value();
    bool was_failing = status.is_failing;
    if (!looked)
        note(place, status, looked.error().message);
    else if (was_failing && status.order.is_nil()) // nothing but its being reached had failed
        note(place, status, "");
    if (!looked || was_failing) // it heals by itself
        TRY(store::add_task(place.root, {.kind = "mirror", .repo = place.repo, .subject = place.name}));
    if (mirror.has_old_key && looked && look == Look::whether_it_takes_a_push) {
        Remote old = TRY(remote_of(place, mirror, read_secret, paths::mirror_old_key));
        if (!list_remote(old, patience)) { // it was removed there, as it should be
            TRY(sys::unlink_at(place.repository, path_of(place, paths::mirror_old_key)));
            (void)sys::unlink_at(place.repository, path_of(place, paths::mirror_old_key) + ".pub");
            mirror.has_old_key = false;
        }
    }
    TRY(store::write_mirror_status(place.repository, place.name, status));
    return mirror;
}

std::vector<Trouble> examine_mirrors(const store::Root& root)
{
    std::vector<Trouble> troubles;
    size_t count = 0;
    auto names = store::list_repositories(root);
    if (!names)
        return {{.is_failure = true, .check = "mirrors", .text = names.error().message, .advice = "see above"}};
    for (const store::RepoName& repo : *names) {
        auto repository = root.open_repository(repo);
        auto mirrors =
            repository ? store::list_mirrors(repository->get()) : Result<std::vector<Mirror>>(std::vector<Mirror>());
        if (!mirrors) {
            troubles.push_back({.is_failure = true,
                                .check = "mirrors",
                                .text = fmt::format("{}: {}", repo.str(), mirrors.error().message),
                                .advice = "see above"});
            continue;
        }
        for (const Mirror& mirror : *mirrors) {
            ++count;
            const MirrorStatus& status = mirror.status;
            std::string who = fmt::format("{} of {}", mirror.name, repo.str());
            std::string check = fmt::format("quire mirror check {} {}", repo.str(), mirror.name);
            if (status.word() == "failing") {
                Instant since = status.is_failing ? status.failing_since : status.checked_at;
                troubles.push_back(
                    {.is_failure = true,
                     .check = "mirrors",
                     .text = fmt::format("{} fails since {}: {}", who, show_moment(since), status.reason),
                     .advice = check});
            } else if (status.word() == "new") {
                troubles.push_back({.check = "mirrors",
                                    .text = fmt::format("{} was never pushed to", who),
                                    .advice = "a job of the pipeline does that: quire-ci.fnl(5)"});
            } else if (auto drift = find_drift(repository->get(), mirror); drift && !drift->empty()) {
                Instant oldest = status.last_success;
                if (now() - oldest > drift_is_told_after)
                    troubles.push_back(
                        {.check = "mirrors",
                         .text = fmt::format("{} lacks {} refs as they are, such as {}; it was last "
                                             "pushed to at {}",
                                             who, drift->size(), drift->front().ref, show_moment(oldest)),
                         .advice = check});
            }
            if (mirror.has_old_key)
                troubles.push_back({.check = "mirrors",
                                    .text = fmt::format("{}: the remote may still let the old key in", who),
                                    .advice = fmt::format("remove it there, then {}", check)});
        }
    }
    if (troubles.empty())
        troubles.push_back(
            {.check = "mirrors", .text = count == 0 ? "there are none" : fmt::format("{} are well", count)});
    return troubles;
}

} // namespace quire::deliver
