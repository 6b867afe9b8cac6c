#include "forge/sizes.h"

#include "base/strings.h"
#include "sys/atomic_file.h"
#include "sys/file.h"
#include "sys/stamp.h"

namespace quire::forge {

static Result<uint64_t> size_of_directory(int objects, const std::string& directory)
{
    UniqueFd fd = TRY(sys::open_directory(objects, directory));
    uint64_t bytes = 0;
    for (const std::string& name : TRY(sys::list_directory(fd.get(), ".")))
        if (auto status = TRY(sys::stat_at(fd.get(), name)); status && S_ISREG(status->st_mode))
            bytes += static_cast<uint64_t>(status->st_size);
    return bytes;
}

Result<uint64_t> measure_size(int repository)
{
    UniqueFd objects = TRY(sys::open_directory(repository, "objects"));
    uint64_t bytes = 0;
    for (const std::string& directory : TRY(sys::list_directory(objects.get(), "."))) {
        // git may remove an empty directory while this looks.
        auto size = size_of_directory(objects.get(), directory);
        if (size)
            bytes += *size;
        else if (size.error().code != ENOENT && size.error().code != ENOTDIR)
            return size;
    }
    return bytes;
}

static Result<std::string> change_of(int repository, const char* path)
{
    auto stamp = TRY(sys::stamp_at(repository, path));
    return stamp ? stamp->lasting() : std::string("-");
}

Sizes Sizes::load(const store::Root& root)
{
    Sizes sizes;
    auto text = sys::read_file(root.fd(), store::paths::sizes);
    if (!text)
        return sizes;
    // Each line is "<key> <bytes> <name>".
    for (std::string_view line : split(*text, '\n')) {
        std::string_view key = take_until(line, ' ');
        auto bytes = parse_decimal(take_until(line, ' '));
        if (bytes && !line.empty())
            sizes.m_entries.emplace_hint(sizes.m_entries.end(), line, Entry{std::string(key), *bytes});
    }
    return sizes;
}

Result<uint64_t> Sizes::of(int repository, const store::RepoName& name)
{
    std::string key = fmt::format("{}/{}", TRY(change_of(repository, store::paths::push_log)),
                                  TRY(change_of(repository, "objects/pack")));
    Entry& entry = m_entries[name.str()];
    if (entry.key != key) {
        entry = {key, TRY(measure_size(repository))};
        m_changed = true;
    }
    return entry.bytes;
}

void Sizes::save(const store::Root& root) const
{
    if (!m_changed)
        return;
    std::string text;
    for (const auto& [name, entry] : m_entries)
        text += fmt::format("{} {} {}\n", entry.key, entry.bytes, name);
    if (auto directory = sys::open_directory(root.fd(), store::paths::cache))
        (void)sys::replace_file(directory->get(), store::paths::sizes + std::string_view("cache/").size(), text, 0640);
}

} // namespace quire::forge
