#include "push/take_back.h"

#include <span>
#include <string>

#include "base/log.h"
#include "git/git.h"
#include "text/escape.h"

namespace quire::push {

using store::RefUpdate;

/// Whether git finds what it is asked for. What it did not say itself, such as that it was killed, is an error: nothing
/// is taken back because of it.
static Result<bool> finds(int repository, const std::vector<std::string>& arguments, std::string input = {})
{
    constexpr int bad_object = 128, missing = 1;
    sys::Output said = TRY(git::run(repository, arguments, {.input = std::move(input)}));
    if (said.status == 0)
        return true;
    if (said.status == bad_object || said.status == missing)
        return false;
    return fail(ErrorKind::system, "git {} ended with {}", arguments[0], said.status);
}

/// Whether all that the refs lead to, and did not lead to before, can be found.
static Result<bool> are_whole(int repository, std::span<const RefUpdate> updates)
{
    std::string ends;
    for (const RefUpdate& update : updates) {
        ends += update.new_id + "\n";
        if (!store::is_null_id(update.old_id))
            ends += "^" + update.old_id + "\n";
    }
    return finds(repository, {"rev-list", "--objects", "--quiet", "--stdin"}, std::move(ends));
}

static Result<bool> can_go_back(int repository, const RefUpdate& update)
{
    if (store::is_null_id(update.old_id))
        return true;
    return finds(repository, {"cat-file", "-e", update.old_id});
}

static Result<void> go_back(int repository, const RefUpdate& update)
{
    bool was_new = store::is_null_id(update.old_id);
    if (was_new)
        TRY(git::run_ok(repository, {"update-ref", "-d", update.ref, update.new_id}));
    else
        TRY(git::run_ok(repository,
                        {"update-ref", "-m", "the power failed in a push", update.ref, update.old_id, update.new_id}));
    log("{} {}: the power failed before all that was pushed to it was on the disk; nobody was told that the push was "
        "done",
        text::show_invisible(update.ref),
        was_new ? "is removed again" : fmt::format("is back at {}", update.old_id.substr(0, 7)));
    return {};
}

Result<std::set<std::string>> take_back_lost(int repository, const std::vector<RefUpdate>& updates,
                                             const std::set<std::string>& at_new)
{
    std::vector<RefUpdate> brought;
    for (const RefUpdate& update : updates)
        if (!store::is_null_id(update.new_id))
            brought.push_back(update);
    std::set<std::string> lost;
    if (brought.empty() || TRY(are_whole(repository, brought)))
        return lost;
    for (const RefUpdate& update : brought) {
        if (TRY(are_whole(repository, {&update, 1})))
            continue;
        lost.insert(update.ref);
        if (at_new.contains(update.ref) && TRY(can_go_back(repository, update)))
            TRY(go_back(repository, update));
    }
    return lost;
}

} // namespace quire::push
