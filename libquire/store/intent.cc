#include "store/intent.h"

#include <algorithm>

#include "base/log.h"
#include "base/strings.h"
#include "sys/atomic_file.h"
#include "sys/file.h"
#include "sys/self.h"
#include "sys/stamp.h"
#include "sys/sync_order.h"
#include "text/fnl.h"

namespace quire::store {

bool is_null_id(std::string_view id) { return id.find_first_not_of('0') == std::string_view::npos; }

/// Field 22 of /proc/<pid>/stat: when the process started, in ticks since boot. nullopt: there is no such process.
static std::optional<std::string> start_ticks(std::string_view pid)
{
    auto stat = sys::read_file(AT_FDCWD, fmt::format("/proc/{}/stat", pid), 4096);
    if (!stat)
        return std::nullopt;
    // The second field is the name, in parentheses, and may contain anything. Spaces separate the other fields.
    size_t end = stat->rfind(')');
    if (end == std::string::npos)
        return std::nullopt;
    std::vector<std::string_view> fields = split(std::string_view(*stat).substr(end + 1), ' ');
    constexpr size_t start_time = 20; // counted from the third field, which follows an empty first part
    if (fields.size() <= start_time || fields[1] == "Z")
        return std::nullopt;
    return std::string(fields[start_time]);
}

/// Both hooks must compute the same id, so an unknown boot id is an error; there is no default.
static Result<std::string> boot() { return TRY(sys::boot_id()).substr(0, 8); }

Result<std::string> push_id_of(int receiver)
{
    auto ticks = start_ticks(std::to_string(receiver));
    if (!ticks)
        return fail(ErrorKind::system, "process {}, which should be receiving the push, is gone", receiver);
    return fmt::format("{}-{}-{}", TRY(boot()), receiver, *ticks);
}

bool is_of_this_boot(std::string_view push_id)
{
    auto this_boot = boot();
    return !this_boot || split(push_id, '-')[0] == *this_boot;
}

bool receiver_lives(std::string_view push_id)
{
    if (!boot())
        return true; // it may still be alive
    std::vector<std::string_view> parts = split(push_id, '-');
    return parts.size() == 3 && is_of_this_boot(push_id) && parse_decimal(parts[1]) &&
           start_ticks(parts[1]) == parts[2];
}

static text::Data to_data(const Intent& intent)
{
    text::Data data{text::Data::Table{}};
    data.set("push", intent.id);
    data.set("repo", intent.repo.str());
    data.set("pusher", intent.pusher);
    data.set("at", format_instant(intent.at));
    text::Data::Sequence options(intent.options.begin(), intent.options.end());
    data.set("options", std::move(options));
    text::Data::Sequence updates;
    for (const RefUpdate& update : intent.updates)
        updates.push_back(text::Data::Sequence{update.old_id, update.new_id, update.ref});
    data.set("updates", std::move(updates));
    if (!intent.certificate.blob.empty())
        data.set("certificate",
                 text::Data::Sequence{intent.certificate.blob, intent.certificate.verdict, intent.certificate.signer});
    return data;
}

/// A sequence of three strings, or nullptr.
static const text::Data::Sequence* three_strings(const text::Data* data)
{
    const text::Data::Sequence* fields = data ? data->sequence() : nullptr;
    bool whole = fields && fields->size() == 3 &&
                 std::all_of(fields->begin(), fields->end(), [](const text::Data& d) { return d.string(); });
    return whole ? fields : nullptr;
}

static Result<Intent> from_data(const text::Data& data, std::string_view name)
{
    auto at = parse_instant(data.string_or("at", ""));
    const text::Data* options = data.find("options");
    const text::Data* updates = data.find("updates");
    if (!at || !updates || !updates->sequence())
        return fail(ErrorKind::invalid, "{}: is not the intent of a push", name);
    Intent intent{.id = data.string_or("push", ""),
                  .repo = TRY(RepoName::parse(data.string_or("repo", ""))),
                  .pusher = data.string_or("pusher", ""),
                  .at = *at};
    if (options && options->sequence())
        for (const text::Data& option : *options->sequence())
            intent.options.push_back(option.string() ? *option.string() : "");
    for (const text::Data& entry : *updates->sequence()) {
        const text::Data::Sequence* fields = three_strings(&entry);
        if (!fields)
            return fail(ErrorKind::invalid, "{}: has an update that is not [old new ref]", name);
        intent.updates.push_back({*(*fields)[0].string(), *(*fields)[1].string(), *(*fields)[2].string()});
    }
    if (const text::Data::Sequence* fields = three_strings(data.find("certificate")))
        intent.certificate = {*(*fields)[0].string(), *(*fields)[1].string(), *(*fields)[2].string()};
    return intent;
}

static std::string path_of(const std::string& id) { return fmt::format("{}/{}", paths::queue_intent, id); }

/// A push may move every ref of a large repository, so this limit is higher than that of other records.
constexpr size_t max_intent_bytes = 64u << 20;

Result<void> write_intent(const Root& root, int repository, const Intent& intent)
{
    std::string text = text::write_fnl(to_data(intent));
    if (text.size() > max_intent_bytes)
        return fail(ErrorKind::refused, "its {} refs are too many for one push; push them in parts",
                    intent.updates.size());
    UniqueFd directory = TRY(sys::open_directory(root.fd(), paths::queue_intent));
    if (sys::share_sync_order(directory.get(), repository))
        return sys::replace_file_in_order(directory.get(), intent.id, text, 0640);
    return sys::replace_file_then_sync(directory.get(), intent.id, text, 0640);
}

static Result<Intent> parse_intent(std::string_view source, const std::string& id)
{
    return from_data(TRY(text::read_fnl(source, path_of(id), max_intent_bytes)), path_of(id));
}

Result<std::optional<Intent>> read_intent(const Root& root, const std::string& id)
{
    auto source = sys::read_file(root.fd(), path_of(id), max_intent_bytes);
    if (!source && source.error().kind == ErrorKind::not_found)
        return std::optional<Intent>();
    return std::optional(TRY(parse_intent(TRY(std::move(source)), id)));
}

Result<std::optional<HeldIntent>> HeldIntent::read(const Root& root, const std::string& id, sys::FileLock lock)
{
    // While we waited, it may have been completed and removed; then the name is gone or belongs to another file.
    sys::Stamp held = TRY(sys::stamp_of(lock.fd(), path_of(id)));
    auto named = TRY(sys::stamp_at(root.fd(), path_of(id)));
    if (!named || !named->same_file(held))
        return std::optional<HeldIntent>();
    std::string source = TRY(sys::read_all(lock.fd(), max_intent_bytes, path_of(id)));
    if (source.empty()) { // the machine failed before it was on the disk, so the push was not accepted
        TRY(sys::unlink_at(root.fd(), path_of(id)));
        return std::optional<HeldIntent>();
    }
    return std::optional(HeldIntent(std::move(lock), TRY(parse_intent(source, id))));
}

static Result<std::optional<UniqueFd>> open_intent(const Root& root, const std::string& id)
{
    auto fd = sys::open_at(root.fd(), path_of(id), O_RDWR);
    if (fd)
        return std::optional(std::move(*fd));
    if (fd.error().kind == ErrorKind::not_found)
        return std::optional<UniqueFd>();
    return Unexpected(std::move(fd).error());
}

Result<std::optional<HeldIntent>> HeldIntent::hold(const Root& root, const std::string& id)
{
    auto fd = TRY(open_intent(root, id));
    if (!fd)
        return std::optional<HeldIntent>();
    return read(root, id, TRY(sys::FileLock::adopt(std::move(*fd), path_of(id))));
}

Result<std::optional<HeldIntent>> HeldIntent::try_hold(const Root& root, const std::string& id)
{
    auto fd = TRY(open_intent(root, id));
    if (!fd)
        return std::optional<HeldIntent>();
    auto lock = TRY(sys::FileLock::try_adopt(std::move(*fd), path_of(id)));
    if (!lock)
        return std::optional<HeldIntent>();
    return read(root, id, std::move(*lock));
}

Result<void> HeldIntent::remove(const Root& root) { return sys::unlink_at(root.fd(), path_of(m_intent.id)); }

/// Root::prepare makes the directory, but an older root may not have it yet.
static Result<UniqueFd> open_lost(const Root& root)
{
    TRY(sys::make_directories(root.fd(), paths::queue_lost, 0750));
    return sys::open_directory(root.fd(), paths::queue_lost);
}

Result<void> HeldIntent::give_up(const Root& root, const std::string& reason)
{
    text::Data data = to_data(m_intent);
    data.set("reason", reason);
    UniqueFd lost = TRY(open_lost(root));
    TRY(sys::replace_file(lost.get(), m_intent.id, text::write_fnl(data), 0640));
    return remove(root);
}

Result<void> set_aside_unreadable(const Root& root, const std::string& id)
{
    UniqueFd lost = TRY(open_lost(root));
    std::string name = sys::exists(lost.get(), id) ? sys::unique_name(id) : id;
    TRY(sys::rename_at(root.fd(), path_of(id), lost.get(), name));
    return sys::sync_file(lost.get(), paths::queue_lost);
}

static std::string story_of(const Intent& intent, const std::string& reason)
{
    std::string refs = intent.updates.empty() ? "nothing" : visible(intent.updates[0].ref);
    if (intent.updates.size() > 1)
        refs += fmt::format(" and {} more", intent.updates.size() - 1);
    return fmt::format("{} pushed {} to {} on {}, and it is not recorded: {}", visible(intent.pusher), refs,
                       intent.repo.str(), format_instant(intent.at), visible(reason));
}

static Result<std::string> read_story(const Root& root, const std::string& path)
{
    std::string source = TRY(sys::read_file(root.fd(), path, max_intent_bytes));
    text::Data data = TRY(text::read_fnl(source, path, max_intent_bytes));
    return story_of(TRY(from_data(data, path)), data.string_or("reason", "no reason is given"));
}

Result<std::vector<LostIntent>> list_lost_intents(const Root& root)
{
    std::vector<LostIntent> lost;
    auto names = sys::list_directory(root.fd(), paths::queue_lost);
    if (!names && names.error().kind == ErrorKind::not_found)
        return lost;
    for (const std::string& id : TRY(std::move(names))) {
        if (sys::is_temporary_name(id))
            continue;
        auto story = read_story(root, fmt::format("{}/{}", paths::queue_lost, id));
        lost.push_back({id, story ? *story : "a note of a push can't be read: " + story.error().message});
    }
    return lost;
}

Result<void> restore_lost_intent(const Root& root, const std::string& id)
{
    return sys::rename_at(root.fd(), fmt::format("{}/{}", paths::queue_lost, id), root.fd(), path_of(id));
}

Result<std::vector<std::string>> list_intents(const Root& root)
{
    std::vector<std::string> ids = TRY(sys::list_directory(root.fd(), paths::queue_intent));
    std::erase_if(ids, [](const std::string& name) { return sys::is_temporary_name(name); });
    return ids;
}

} // namespace quire::store
