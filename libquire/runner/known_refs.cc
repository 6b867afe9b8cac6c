#include "runner/known_refs.h"

#include <algorithm>
#include <map>

#include "base/strings.h"
#include "sys/file.h"

namespace quire::runner {

constexpr const char* packed_refs = "packed-refs";
/// Of so many repositories the refs are remembered.
constexpr size_t most_known = 4;
/// The dates of files may lag behind the clock by one tick of the kernel, and two changes within a tick look like one.
constexpr int64_t date_lag = nanoseconds_per_second / 20;

/// Maps the names of refs in the workspace to their commits.
using Refs = std::map<std::string, std::string>;

/// Adds a ref, unless it is known already.
static void add_ref(Refs& refs, std::string_view name, std::string_view id)
{
    constexpr std::string_view heads = "refs/heads/";
    if (name.starts_with(heads))
        refs.emplace(fmt::format("refs/remotes/origin/{}", name.substr(heads.size())), id);
    else if (name.starts_with("refs/tags/"))
        refs.emplace(name, id);
}

static Result<void> add_packed_refs(int repository, Refs& refs)
{
    constexpr size_t most_bytes = 256u << 20;
    auto text = sys::read_file(repository, packed_refs, most_bytes);
    if (!text && text.error().kind == ErrorKind::not_found)
        return {};
    TRY(text);
    for (std::string_view line : split(*text, '\n')) {
        size_t space = line.find(' ');
        if (space != std::string_view::npos && line[0] != '#' && line[0] != '^')
            add_ref(refs, line.substr(space + 1), line.substr(0, space));
    }
    return {};
}

using Read = std::vector<std::pair<std::string, std::optional<sys::Stamp>>>;

/// Ignores a ref that disappears meanwhile.
static Result<void> add_loose_refs(int repository, const std::string& directory, Refs& refs, Read& read, int depth = 0)
{
    constexpr int deepest = 64;
    read.emplace_back(directory, TRY(sys::stamp_at(repository, directory)));
    auto names = sys::list_directory(repository, directory);
    if (!names)
        return {};
    for (const std::string& name : *names) {
        std::string path = directory + "/" + name;
        auto status = TRY(sys::stat_at(repository, path));
        if (!status)
            continue;
        if (S_ISDIR(status->st_mode) && depth < deepest)
            TRY(add_loose_refs(repository, path, refs, read, depth + 1));
        if (!S_ISREG(status->st_mode) || name.ends_with(".lock"))
            continue;
        if (auto id = sys::read_file(repository, path, 4096); id && !id->starts_with("ref:"))
            add_ref(refs, path, trim(*id));
    }
    return {};
}

/// Loose refs take precedence over packed ones and are read first: git packs a ref before it removes the loose file, so
/// in this order a ref that is being packed is found at least once.
static Result<void> read_refs(int repository, Refs& refs, Read& read)
{
    TRY(add_loose_refs(repository, "refs/heads", refs, read));
    TRY(add_loose_refs(repository, "refs/tags", refs, read));
    read.emplace_back(packed_refs, TRY(sys::stamp_at(repository, packed_refs)));
    return add_packed_refs(repository, refs);
}

bool KnownRefs::is_current(const Known& known, int repository)
{
    return std::all_of(known.read.begin(), known.read.end(), [&](const auto& read) {
        auto stamp = sys::stamp_at(repository, read.first);
        return stamp && *stamp == read.second;
    });
}

Result<std::shared_ptr<const std::string>> KnownRefs::as_packed(int repository)
{
    sys::Stamp stamp = TRY(sys::stamp_of(repository, "a repository"));
    auto found = std::find_if(m_known.begin(), m_known.end(),
                              [&](const Known& known) { return known.repository.same_file(stamp); });
    if (found != m_known.end() && is_current(*found, repository))
        return found->packed;
    if (found != m_known.end())
        m_known.erase(found);
    Instant begun = now();
    Known known{stamp, {}, {}};
    Refs refs;
    TRY(read_refs(repository, refs, known.read));
    std::string packed = "# pack-refs with: sorted \n";
    for (const auto& [name, id] : refs)
        packed += fmt::format("{} {}\n", id, name);
    known.packed = std::make_shared<const std::string>(std::move(packed));
    m_known.push_front(known);
    bool is_settled = std::all_of(known.read.begin(), known.read.end(), [&](const auto& read) {
        return !read.second || std::max(read.second->modified, read.second->changed) + date_lag < begun;
    });
    if (!is_settled)
        m_known.pop_front();
    m_known.resize(std::min(m_known.size(), most_known));
    return known.packed;
}

} // namespace quire::runner
