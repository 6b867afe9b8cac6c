// Of deliver/mirror.h: what makes a mirror and its keys, and changes and removes them.
#include <algorithm>

#include "base/log.h"
#include "base/strings.h"
#include "deliver/mirror.h"
#include "store/task.h"
#include "sys/atomic_file.h"
#include "sys/file.h"
#include "sys/lock.h"
#include "text/fnl.h"

namespace quire::deliver {

namespace paths = store::paths;

constexpr int64_t keys_take = 30 * nanoseconds_per_second;

static std::string path_of(const MirrorPlace& place, const char* file)
{
    return fmt::format("{}/{}", paths::mirror(place.name), file);
}

static sys::Command in_repository(const MirrorPlace& place, std::vector<std::string> argv)
{
    sys::Command command{.argv = std::move(argv), .directory = place.repository};
    if (auto path = sys::process_variable("PATH"))
        sys::set_variable(command.environment, "PATH", *path);
    return command;
}

/// An ed25519 key without a passphrase: the runner has nobody to ask for one.
static Result<void> make_key(const MirrorPlace& place, const std::string& path)
{
    std::string comment = fmt::format("quire mirror {} of {}", place.name, place.repo.str());
    TRY(sys::run_ok(in_repository(place, {"ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", comment, "-f", path}),
                    {.timeout = keys_take}));
    return {};
}

static Result<std::string> read_public_key(const MirrorPlace& place, const std::string& path)
{
    std::string key = TRY(sys::read_file(place.repository, path + ".pub", 8192));
    return std::string(trim(key));
}

/// The remote's host keys as it shows them now, into the file; their fingerprints.
static Result<std::vector<std::string>> pin_host(const MirrorPlace& place, const RemoteUrl& url,
                                                 const std::string& directory)
{
    auto output =
        sys::run(in_repository(place, {"ssh-keyscan", "-T", "10", "-p", std::to_string(url.port), "--", url.host}),
                 {.limit = 1u << 20, .timeout = keys_take});
    if (!output)
        return Unexpected(std::move(output).error());
    std::string keys;
    for (std::string_view line : split(output->out, '\n'))
        if (!line.empty() && !line.starts_with('#'))
            keys += std::string(line) + "\n";
    if (keys.empty()) {
        std::string_view said = trim(output->err);
        return fail(ErrorKind::system, "the host keys of {} can't be had{}{}; nothing was made", url.host,
                    said.empty() ? "" : ": ", said.substr(said.rfind('\n') + 1));
    }
    UniqueFd opened = TRY(sys::open_directory(place.repository, directory));
    TRY(sys::replace_file(opened.get(), paths::mirror_known_hosts, keys, 0600));
    std::string file = fmt::format("{}/{}", directory, paths::mirror_known_hosts);
    std::string listed =
        TRY(sys::run_ok(in_repository(place, {"ssh-keygen", "-l", "-f", file}), {.timeout = keys_take}));
    std::vector<std::string> fingerprints;
    for (std::string_view line : split(trim(listed), '\n'))
        fingerprints.push_back(visible(line));
    return fingerprints;
}

Result<MadeMirror> add_mirror(const MirrorPlace& place, const NewMirror& mirror)
{
    if (!store::is_mirror_name(place.name))
        return fail(ErrorKind::usage, "'{}' is no name for a mirror: lower-case letters, digits and dashes, at most 40",
                    visible(place.name));
    RemoteUrl url = TRY(parse_remote_url(mirror.url));
    if (url.is_ssh && !mirror.secret.empty())
        return fail(ErrorKind::usage, "over ssh a mirror has a key, not a --secret");
    if (!url.is_ssh && mirror.secret.empty())
        return fail(ErrorKind::usage, "over https a mirror needs a --secret: the name of one in config.fnl");
    std::string directory = paths::mirror(place.name);
    if (sys::exists(place.repository, directory))
        return fail(ErrorKind::exists, "{} has a mirror '{}' already", place.repo.str(), place.name);
    TRY(sys::make_directories(place.repository, paths::mirrors, 0700));
    std::string temporary = fmt::format("{}/{}", paths::mirrors, sys::unique_name(".new"));
    TRY(sys::make_directory(place.repository, temporary, 0700));
    auto made = [&]() -> Result<MadeMirror> {
        MadeMirror result;
        UniqueFd opened = TRY(sys::open_directory(place.repository, temporary));
        TRY(sys::replace_file(opened.get(), paths::mirror_url, mirror.url + "\n", 0600));
        if (url.is_ssh) {
            result.fingerprints = TRY(pin_host(place, url, temporary));
            std::string key = fmt::format("{}/{}", temporary, paths::mirror_key);
            TRY(make_key(place, key));
            result.public_key = TRY(read_public_key(place, key));
        } else {
            text::Data secret{text::Data::Table{}};
            secret.set("secret", mirror.secret);
            secret.set("user", mirror.user);
            TRY(sys::replace_file(opened.get(), paths::mirror_secret, text::write_fnl(secret), 0600));
        }
        TRY(sys::sync_directory(place.repository, temporary));
        TRY(sys::rename_noreplace(place.repository, temporary, place.repository, directory));
        TRY(sys::sync_directory(place.repository, paths::mirrors));
        return result;
    }();
    if (!made)
        (void)sys::remove_tree(place.repository, temporary);
    return made;
}

Result<void> remove_mirror(const MirrorPlace& place)
{
    TRY(store::read_mirror(place.repository, place.name));
    auto lock = TRY(sys::FileLock::acquire(place.repository, path_of(place, paths::mirror_lock)));
    // By rename: nobody finds half a mirror.
    std::string gone = fmt::format("{}/{}", paths::mirrors, sys::unique_name(".gone"));
    TRY(sys::rename_noreplace(place.repository, paths::mirror(place.name), place.repository, gone));
    TRY(sys::remove_tree(place.repository, gone));
    return store::drop_task(place.root, store::TaskPlace::waiting,
                            {.kind = "mirror", .repo = place.repo, .subject = place.name});
}

/// Each step leaves what the next one, or the same one again, finds its way from.
Result<Rotation> rotate_mirror(const MirrorPlace& place)
{
    constexpr int64_t patience = 60 * nanoseconds_per_second;
    auto lock = TRY(sys::FileLock::acquire(place.repository, path_of(place, paths::mirror_lock)));
    store::Mirror mirror = TRY(store::read_mirror(place.repository, place.name));
    if (!TRY(parse_remote_url(mirror.url)).is_ssh)
        return Rotation{.step = Rotation::Step::nothing_to_do};
    std::string key = path_of(place, paths::mirror_key), next = path_of(place, paths::mirror_next_key);
    if (mirror.has_old_key)
        return fail(
            ErrorKind::busy,
            "the remote may still let the key before this one in: remove it there, then quire mirror check {} {}",
            place.repo.str(), place.name);
    if (!mirror.is_rotating) {
        std::string temporary = fmt::format("{}/{}", paths::mirror(place.name), sys::unique_name(".key"));
        TRY(make_key(place, temporary));
        // The key last: it is there when its other half is.
        TRY(sys::rename_at(place.repository, temporary + ".pub", place.repository, next + ".pub"));
        TRY(sys::rename_at(place.repository, temporary, place.repository, next));
        TRY(sys::sync_directory(place.repository, paths::mirror(place.name)));
        return Rotation{.step = Rotation::Step::began, .public_key = TRY(read_public_key(place, next))};
    }
    Rotation rotation{.step = Rotation::Step::waits, .public_key = TRY(read_public_key(place, next))};
    auto tried = try_push({.repository = place.repository, .url = mirror.url, .key = next}, patience);
    if (!tried) {
        rotation.why = tried.error().message;
        return rotation;
    }
    rotation.old_key = TRY(read_public_key(place, key));
    // A copy first: a kill leaves the mirror with a key that works.
    UniqueFd directory = TRY(sys::open_directory(place.repository, paths::mirror(place.name)));
    TRY(sys::replace_file(directory.get(), std::string(paths::mirror_old_key) + ".pub", rotation.old_key + "\n", 0600));
    TRY(sys::replace_file(directory.get(), paths::mirror_old_key, TRY(sys::read_file(place.repository, key, 65536)),
                          0600));
    TRY(sys::rename_at(place.repository, next + ".pub", place.repository, key + ".pub"));
    TRY(sys::rename_at(place.repository, next, place.repository, key));
    TRY(sys::sync_directory(place.repository, paths::mirror(place.name)));
    rotation.step = Rotation::Step::switched;
    return rotation;
}

} // namespace quire::deliver
