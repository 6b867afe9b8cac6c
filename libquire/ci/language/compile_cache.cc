#include "ci/language/compile_cache.h"

#include <fcntl.h>

#include <algorithm>

#include "base/sha256.h"
#include "base/strings.h"
#include "lua/embedded.h"
#include "sys/atomic_file.h"
#include "sys/file.h"
#include "sys/file_status.h"
#include "sys/process.h"
#include "sys/self.h"
#include "text/json.h"

namespace quire::ci {

using text::Data;

constexpr size_t most_entries = 200;
constexpr size_t largest_entry = 15u << 20;

std::string default_cache_directory()
{
    if (auto cache = sys::process_variable("XDG_CACHE_HOME"); cache && cache->starts_with('/'))
        return *cache + "/quire";
    if (auto home = sys::process_variable("HOME"); home && home->starts_with('/'))
        return *home + "/.cache/quire";
    return {};
}

CompileCache::CompileCache(std::string directory, const SourceTree& tree, const std::vector<std::string>& globals)
    : m_directory(directory.empty() ? "" : directory + "/compiled")
{
    if (m_directory.empty())
        return;
    Sha256 hash;
    auto add = [&](std::string_view text) {
        hash.update(fmt::format("{}\n", text.size()));
        hash.update(text);
    };
    add("quire 1");
    add(lua::Fennel::version());
    add(lua::embedded_module("quire.compile")->digest);
    for (const std::string& name : globals)
        add(name);
    for (const auto& [file, content] : tree.files) {
        add(file);
        add(content);
    }
    m_name = to_hex(hash.finish());
}

std::vector<lua::Chunk> CompileCache::read() const
{
    if (m_directory.empty())
        return {};
    auto fd = sys::open_at(AT_FDCWD, m_directory + "/" + m_name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    auto status = fd ? sys::stat_of(fd->get(), m_name) : Unexpected(std::move(fd).error());
    if (!status || !S_ISREG(status->st_mode) || status->st_uid != sys::user_id())
        return {};
    auto text = sys::read_all(fd->get(), largest_entry, m_name);
    auto data = text ? text::read_json(*text, m_name) : Result<Data>(Data());
    const Data* entries = data ? data->find("chunks") : nullptr;
    if (!entries || !entries->sequence())
        return {};
    std::vector<lua::Chunk> chunks;
    for (const Data& entry : *entries->sequence()) {
        lua::Chunk chunk{.file = entry.string_or("file", ""), .lua = entry.string_or("lua", ""), .lines = {}};
        if (const Data* lines = entry.find("lines"); lines && lines->sequence())
            for (const Data& line : *lines->sequence())
                chunk.lines.push_back(line.integer() ? static_cast<uint32_t>(*line.integer()) : 0);
        chunks.push_back(std::move(chunk));
    }
    return chunks;
}

/// Removes old entries if there are many. It need not be exact.
static void make_room(int directory)
{
    auto names = sys::list_directory(directory, ".");
    if (!names || names->size() < most_entries)
        return;
    std::vector<std::pair<Instant, std::string>> by_age;
    for (std::string& name : *names)
        if (auto status = sys::stat_at(directory, name); status && *status)
            by_age.emplace_back(sys::modified_at(**status), std::move(name));
    std::sort(by_age.begin(), by_age.end());
    for (size_t i = 0; i < by_age.size() / 2; ++i)
        static_cast<void>(sys::unlink_at(directory, by_age[i].second).has_value());
}

static Result<void> write_entry(const std::string& path, const std::string& name, const std::string& text)
{
    TRY(sys::make_directories(AT_FDCWD, path, 0700));
    UniqueFd directory = TRY(sys::open_directory(AT_FDCWD, path));
    make_room(directory.get());
    // AtomicFile would fsync, which costs more than the entry is worth.
    std::string temporary = sys::unique_name(name);
    UniqueFd fd = TRY(sys::open_at(directory.get(), temporary, O_WRONLY | O_CREAT | O_EXCL, 0600));
    auto written = sys::write_all(fd.get(), text);
    if (written)
        written = sys::rename_at(directory.get(), temporary, directory.get(), name);
    if (!written)
        TRY(sys::unlink_at(directory.get(), temporary));
    return written;
}

void CompileCache::write(const std::deque<lua::Chunk>& chunks) const
{
    if (m_directory.empty())
        return;
    Data::Sequence entries;
    for (const lua::Chunk& chunk : chunks) {
        if (!is_valid_utf8(chunk.lua) || !is_valid_utf8(chunk.file))
            return; // JSON can't express it
        Data::Sequence lines;
        for (uint32_t line : chunk.lines)
            lines.push_back(int64_t{line});
        Data entry{Data::Table{}};
        entry.set("file", chunk.file);
        entry.set("lua", chunk.lua);
        entry.set("lines", std::move(lines));
        entries.push_back(std::move(entry));
    }
    Data all{Data::Table{}};
    all.set("chunks", std::move(entries));
    static_cast<void>(write_entry(m_directory, m_name, text::write_json(all)).has_value());
}

} // namespace quire::ci
