#include "ci/executors/image_use.h"

#include <fcntl.h>

#include <algorithm>

#include "base/strings.h"
#include "base/time.h"
#include "ci/executors/containers.h"
#include "ci/executors/image_context.h"
#include "sys/file.h"
#include "sys/process.h"

namespace quire::ci {

/// The part of an image's name that tells it from others that were built, which is a name for its file, too.
static std::string_view tag_of(std::string_view image)
{
    bool is_ours = strip_prefix(image, built_image_name) && strip_prefix(image, ":");
    return is_ours && from_hex(image) ? image : std::string_view();
}

void note_image_use(const std::string& directory, const std::string& image)
{
    std::string tag(tag_of(image));
    if (directory.empty() || tag.empty() || !sys::make_directories(AT_FDCWD, directory, 0700))
        return;
    auto file = sys::open_at(AT_FDCWD, directory + "/" + tag, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, 0600);
    if (file)
        static_cast<void>(sys::write_all(file->get(), "used\n").has_value());
}

/// From "2026-11-26 12:49:12 +0000 UTC", as engines write it. An hour more or less makes no difference.
static Instant built_at(std::string_view text)
{
    constexpr size_t date = 10, time_end = 19;
    std::string instant(text.substr(0, time_end));
    if (instant.size() == time_end)
        instant[date] = 'T';
    return parse_instant(instant + "Z").value_or(now());
}

static Instant used_at(const std::string& path)
{
    auto status = sys::stat_at(AT_FDCWD, path);
    return status && *status ? sys::modified_at(**status) : 0;
}

Result<void> remove_unused_images(const std::string& engine, const std::string& directory)
{
    constexpr int64_t kept_for = int64_t{30} * 24 * 3600 * nanoseconds_per_second;
    if (directory.empty())
        return {};
    std::string list =
        TRY(sys::run_ok({.argv = {engine, "images", "--filter", fmt::format("reference={}", built_image_name),
                                  "--format", "{{.Repository}}:{{.Tag}} {{.CreatedAt}}"},
                         .environment = engine_environment()}));
    for (std::string_view line : split(list, '\n')) {
        std::string image(take_until(line, ' ')); // other names of the same image are listed, too
        std::string path = fmt::format("{}/{}", directory, tag_of(image));
        if (tag_of(image).empty() || now() - std::max(used_at(path), built_at(line)) < kept_for)
            continue;
        auto removed = sys::run_ok({.argv = {engine, "image", "rm", image}, .environment = engine_environment()});
        if (removed && sys::exists(AT_FDCWD, path))
            TRY(sys::unlink_at(AT_FDCWD, path));
    }
    return {};
}

} // namespace quire::ci
