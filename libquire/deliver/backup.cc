#include "deliver/backup.h"

#include <algorithm>

#include "base/strings.h"
#include "sys/atomic_file.h"
#include "sys/file.h"
#include "sys/random.h"
#include "text/fnl.h"
#include "text/json.h"

namespace quire::deliver {

namespace paths = store::paths;
using text::Data;

constexpr size_t id_digits = 8;
constexpr size_t secret_bytes = 32;
constexpr int64_t most_keep_days = 36500;
constexpr std::string_view key_prefix = "quire-backup-";

static bool is_id(std::string_view text) { return text.size() == id_digits && from_hex(text); }

Result<std::optional<BackupSettings>> read_backup_settings(const store::Root& root)
{
    auto text = sys::read_file(root.fd(), paths::backup_settings, 1u << 16);
    if (!text && text.error().kind == ErrorKind::not_found)
        return std::optional<BackupSettings>();
    Data data = TRY(text::read_fnl(TRY(std::move(text)), paths::backup_settings));
    BackupSettings settings{.id = data.string_or("id", ""), .target = data.string_or("target", "")};
    if (!is_id(settings.id) || settings.target.empty())
        return fail(ErrorKind::invalid, "{}: has no :id of 8 digits, or no :target", paths::backup_settings);
    if (const Data* recipients = data.find("recipients"); recipients && recipients->sequence())
        for (const Data& one : *recipients->sequence())
            settings.recipients.push_back(one.string() ? *one.string() : "");
    settings.without_runs = data.boolean_or("without-runs", false);
    settings.without_artifacts = data.boolean_or("without-artifacts", false);
    settings.keep_days = std::clamp<int64_t>(data.integer_or("keep-days", settings.keep_days), 0, most_keep_days);
    return std::optional(std::move(settings));
}

Result<void> write_backup_settings(const store::Root& root, const BackupSettings& settings)
{
    Data data{Data::Table{}};
    data.set("id", settings.id);
    data.set("target", settings.target);
    if (!settings.recipients.empty())
        data.set("recipients", Data::Sequence(settings.recipients.begin(), settings.recipients.end()));
    if (settings.without_runs)
        data.set("without-runs", true);
    if (settings.without_artifacts)
        data.set("without-artifacts", true);
    data.set("keep-days", settings.keep_days);
    TRY(sys::make_directories(root.fd(), paths::backup_directory, 0700));
    UniqueFd directory = TRY(sys::open_directory(root.fd(), paths::backup_directory));
    std::string name = std::string(paths::backup_settings).substr(std::string_view(paths::backup_directory).size() + 1);
    return sys::replace_file(directory.get(), name, "; quire(1), backup\n" + text::write_fnl(data), 0600);
}

std::string BackupKey::text() const { return fmt::format("{}{}-{}", key_prefix, id, to_hex(secret)); }

Result<BackupKey> BackupKey::parse(std::string_view text)
{
    text = trim(text);
    bool fits = strip_prefix(text, key_prefix);
    std::string_view id = take_until(text, '-');
    auto secret = from_hex(text);
    if (!fits || !is_id(id) || !secret || secret->size() != secret_bytes)
        return fail(ErrorKind::invalid,
                    "this is no key of a backup: one looks like {}1234abcd-… and has 64 digits more", key_prefix);
    return BackupKey{std::string(id), std::move(*secret)};
}

Result<BackupKey> BackupKey::make()
{
    std::string id = TRY(sys::random_hex(id_digits / 2));
    return BackupKey{id, *from_hex(TRY(sys::random_hex(secret_bytes)))};
}

Result<BackupKey> read_backup_key(int directory, const std::string& path)
{
    auto key = BackupKey::parse(TRY(sys::read_file(directory, path, 4096)));
    if (!key)
        return with_context(std::move(key).error(), path);
    return key;
}

static Data to_data(const BackupPosition& position)
{
    Data data{Data::Table{}};
    data.set("complete", position.complete);
    data.set("closing", position.closing);
    data.set("number", position.number);
    data.set("mark", position.mark);
    data.set("at", position.at);
    data.set("complete-at", position.complete_at);
    data.set("swept-at", position.swept_at);
    data.set("base-bytes", position.base_bytes);
    data.set("bytes", position.bytes);
    data.set("base-number", position.base_number);
    return data;
}

static BackupPosition from_data(const Data& data, uint64_t generation)
{
    auto count = [&](const char* key) { return static_cast<uint64_t>(std::max<int64_t>(data.integer_or(key, 0), 0)); };
    return {.generation = generation,
            .complete = data.boolean_or("complete", false),
            .closing = data.boolean_or("closing", false),
            .number = count("number"),
            .mark = data.string_or("mark", ""),
            .at = data.integer_or("at", 0),
            .complete_at = data.integer_or("complete-at", 0),
            .swept_at = data.integer_or("swept-at", 0),
            .base_bytes = count("base-bytes"),
            .bytes = count("bytes"),
            .base_number = count("base-number")};
}

static std::string directory_of(uint64_t generation)
{
    return fmt::format("{}/{}", paths::backup_generations, generation);
}

Result<std::vector<BackupPosition>> read_backup_positions(const store::Root& root)
{
    std::vector<BackupPosition> positions;
    auto names = sys::list_directory(root.fd(), paths::backup_generations);
    if (!names && names.error().kind == ErrorKind::not_found)
        return positions;
    for (const std::string& name : TRY(std::move(names))) {
        auto generation = parse_decimal(name);
        if (!generation)
            continue;
        std::string path = fmt::format("{}/{}", directory_of(*generation), paths::backup_position);
        auto text = sys::read_file(root.fd(), path, 1u << 16);
        if (!text && text.error().kind == ErrorKind::not_found)
            continue; // its maker died before it had stored anything
        positions.push_back(from_data(TRY(text::read_json(TRY(std::move(text)), path)), *generation));
    }
    std::sort(positions.begin(), positions.end(),
              [](const auto& a, const auto& b) { return a.generation < b.generation; });
    return positions;
}

std::optional<BackupPosition> current_position(const std::vector<BackupPosition>& positions)
{
    std::optional<BackupPosition> found;
    for (const BackupPosition& position : positions)
        if (position.complete)
            found = position;
    return found;
}

std::optional<BackupPosition> unfinished_position(const std::vector<BackupPosition>& positions)
{
    if (positions.empty() || positions.back().complete)
        return std::nullopt;
    return positions.back();
}

Result<UniqueFd> open_generation(const store::Root& root, uint64_t generation)
{
    TRY(sys::make_directories(root.fd(), directory_of(generation), 0700));
    return sys::open_directory(root.fd(), directory_of(generation));
}

Result<void> write_backup_position(const store::Root& root, const BackupPosition& position)
{
    UniqueFd directory = TRY(open_generation(root, position.generation));
    TRY(sys::replace_file(directory.get(), paths::backup_position, text::write_json(to_data(position)) + "\n", 0600));
    return sys::sync_directory(root.fd(), paths::backup_generations);
}

Result<void> forget_generation(const store::Root& root, uint64_t generation)
{
    // The position first: without it there is no generation.
    auto removed = sys::unlink_at(root.fd(), fmt::format("{}/{}", directory_of(generation), paths::backup_position));
    if (!removed && removed.error().kind != ErrorKind::not_found)
        return removed;
    return sys::remove_tree(root.fd(), directory_of(generation));
}

} // namespace quire::deliver
