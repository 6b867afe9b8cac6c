#include "deliver/root_builder.h"

#include <algorithm>

#include "base/log.h"
#include "base/strings.h"
#include "deliver/backup_payload.h"
#include "deliver/helper.h"
#include "git/git.h"
#include "store/intent.h"
#include "store/push_log.h"
#include "store/root.h"
#include "sys/atomic_file.h"
#include "sys/file.h"

namespace quire::deliver {

using store::ArchiveEntry;
using store::ArchiveReader;
namespace paths = store::paths;

constexpr size_t most_text = size_t{1} << 30;
constexpr int64_t time_to_unpack = 6 * 3600 * nanoseconds_per_second;

/// What the end of a push log tells of one repository.
struct RootBuilder::Story {
    bool is_new = false; ///< the repository came with this object
    uint64_t offset = 0; ///< of the lines
    std::string lines;   ///< of the push log, until then
    std::vector<store::PushLogEntry> pushes;
};

static std::string directory_of(const std::string& path)
{
    size_t slash = path.rfind('/');
    return slash == std::string::npos ? "." : path.substr(0, slash);
}

static std::string name_of(const std::string& path) { return path.substr(path.rfind('/') + 1); }

static Result<std::string> text_of(ArchiveReader& reader, const ArchiveEntry& entry)
{
    if (entry.size > most_text)
        return fail(ErrorKind::invalid, "{}: is larger than a gigabyte", entry.path);
    std::string text;
    while (text.size() < entry.size)
        text += TRY(reader.content());
    return text;
}

/// "grow/17/repos/…": the offset; the path stays.
static std::optional<uint64_t> take_offset(std::string_view& rest) { return parse_decimal(take_until(rest, '/')); }

/// The repository that holds this file of its own, "repos/foo.git/quire/pushes.jsonl" → "repos/foo.git"; "" for others.
static std::string repository_of(std::string_view path, std::string_view inside)
{
    std::string_view rest = path;
    if (!strip_suffix(rest, inside) || !strip_suffix(rest, "/") || !rest.starts_with("repos/"))
        return "";
    return std::string(rest);
}

Result<void> RootBuilder::write_file(ArchiveReader& reader, const ArchiveEntry& entry, const std::string& path)
{
    UniqueFd parent = TRY(sys::make_directories_beneath(m_directory, directory_of(path), 0750));
    std::string name = name_of(path);
    TRY(sys::remove_tree(parent.get(), name));
    if (entry.kind == ArchiveEntry::Kind::symlink)
        return sys::symlink_at(entry.text, parent.get(), name);
    UniqueFd file = TRY(sys::open_at(parent.get(), name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, entry.mode & 0777));
    for (uint64_t left = entry.size; left > 0;) {
        std::string bytes = TRY(reader.content());
        TRY(sys::write_all(file.get(), bytes));
        left -= bytes.size();
    }
    TRY(sys::set_modified(file.get(), entry.modified, path));
    return sys::close_checked(std::move(file), path);
}

Result<void> RootBuilder::write_growth(const std::string& path, uint64_t offset, std::string_view content)
{
    UniqueFd parent = TRY(sys::make_directories_beneath(m_directory, directory_of(path), 0750));
    std::string name = name_of(path);
    if (offset == 0)
        TRY(sys::remove_tree(parent.get(), name));
    UniqueFd file = TRY(sys::open_at(parent.get(), name, O_WRONLY | O_CREAT | O_NOFOLLOW, 0640));
    TRY(sys::write_at(file.get(), content, offset));
    return sys::close_checked(std::move(file), path);
}

Result<void> RootBuilder::remove(const std::string& path)
{
    // Beneath, so that no symlink on the way leads elsewhere.
    auto parent = sys::open_beneath(m_directory, directory_of(path), O_RDONLY | O_DIRECTORY);
    m_refs.erase(path);
    if (!parent && parent.error().kind == ErrorKind::not_found)
        return {};
    return sys::remove_tree(TRY(std::move(parent)).get(), name_of(path));
}

Result<void> RootBuilder::make_repository(const std::string& path)
{
    TRY(remove(path));
    TRY(remove(paths::runs + path.substr(std::string_view(paths::repositories).size())));
    m_refs[path];
    for (const char* inside : {"objects/info", "objects/pack", "refs/heads", "refs/tags"})
        TRY(sys::make_directories_beneath(m_directory, path + "/" + inside, 0750));
    UniqueFd repository = TRY(sys::open_beneath(m_directory, path, O_RDONLY | O_DIRECTORY));
    // Until its own comes: without one git takes it for no repository.
    TRY(sys::append_file(repository.get(), paths::repository_head, "ref: refs/heads/main\n", 0640));
    return {};
}

Result<void> RootBuilder::unpack_bundle(ArchiveReader& reader, const ArchiveEntry& entry, const std::string& path)
{
    UniqueFd repository = TRY(sys::open_beneath(m_directory, path, O_RDONLY | O_DIRECTORY));
    UniqueFd pack = TRY(scratch_in(m_directory));
    std::string head;
    bool in_head = true;
    for (uint64_t left = entry.size; left > 0;) {
        std::string bytes = TRY(reader.content());
        left -= bytes.size();
        if (in_head) {
            head += bytes;
            size_t end = head.find("\n\n");
            in_head = end == std::string::npos;
            bytes = in_head ? "" : head.substr(end + 2);
        }
        TRY(sys::write_all(pack.get(), bytes));
    }
    if (in_head)
        return fail(ErrorKind::invalid, "{}: its bundle has no end of its head", path);
    return run_helper(
        {.argv = {"git", "index-pack", "--stdin", "--fix-thin"}, .directory = repository.get(), .input = pack.get()},
        time_to_unpack);
}

void RootBuilder::move_refs(const std::string& path, std::string_view lines)
{
    Refs& refs = m_refs[path];
    while (!lines.empty()) {
        std::string_view ref = take_until(lines, '\n');
        std::string id(take_until(ref, ' '));
        if (store::is_null_id(id))
            refs.erase(std::string(ref));
        else
            refs[std::string(ref)] = id;
    }
}

Result<void> RootBuilder::apply_entry(ArchiveReader& reader, const ArchiveEntry& entry)
{
    std::string_view rest = entry.path;
    if (strip_prefix(rest, entry::file))
        return write_file(reader, entry, std::string(rest));
    if (strip_prefix(rest, entry::grow)) {
        auto offset = take_offset(rest);
        if (!offset)
            return fail(ErrorKind::invalid, "{}: has no offset", entry.path);
        return write_growth(std::string(rest), *offset, TRY(text_of(reader, entry)));
    }
    if (strip_prefix(rest, entry::remove))
        return remove(std::string(rest));
    if (strip_prefix(rest, entry::repository))
        return make_repository(std::string(rest));
    if (strip_prefix(rest, entry::bundle))
        return unpack_bundle(reader, entry, std::string(rest));
    if (strip_prefix(rest, entry::refs)) {
        move_refs(std::string(rest), TRY(text_of(reader, entry)));
        return {};
    }
    return fail(ErrorKind::invalid, "'{}' is no entry that is known here: it is from a later quire", visible(rest));
}

Result<void> RootBuilder::apply(int payload)
{
    ArchiveReader reader(payload);
    while (auto entry = TRY(reader.next()))
        TRY(apply_entry(reader, *entry));
    return {};
}

Result<std::map<std::string, RootBuilder::Story>> RootBuilder::read_stories(int payload, Instant until)
{
    std::map<std::string, Story> stories;
    ArchiveReader reader(payload);
    while (auto entry = TRY(reader.next())) {
        std::string_view rest = entry->path;
        if (strip_prefix(rest, entry::repository))
            stories[std::string(rest)].is_new = true;
        rest = entry->path;
        auto offset = strip_prefix(rest, entry::grow) ? take_offset(rest) : std::nullopt;
        std::string repository = offset ? repository_of(rest, paths::push_log) : "";
        if (repository.empty())
            continue;
        Story& story = stories[repository];
        story.offset = *offset;
        std::string text = TRY(text_of(reader, *entry));
        for (std::string_view left = text; !left.empty();) {
            std::string_view line = take_until(left, '\n');
            auto push = store::parse_push_log_line(line);
            if (push && push->at > until)
                break;
            story.lines += fmt::format("{}\n", line);
            if (push)
                story.pushes.push_back(std::move(*push));
        }
    }
    std::erase_if(stories, [](const auto& one) { return one.second.pushes.empty(); });
    return stories;
}

/// The log may have two pushes of one ref in the other order than git moved it: each waits for what it began from.
void RootBuilder::tell(const std::string& path, const Story& story)
{
    Refs& refs = m_refs[path];
    std::vector<const store::PushLogEntry*> waiting;
    for (const store::PushLogEntry& push : story.pushes)
        waiting.push_back(&push);
    auto move = [&](const store::PushLogEntry& push) {
        if (store::is_null_id(push.new_id))
            refs.erase(push.ref);
        else
            refs[push.ref] = push.new_id;
    };
    auto is_next = [&](const store::PushLogEntry* push) {
        auto found = refs.find(push->ref);
        return found == refs.end() ? store::is_null_id(push->old_id) : found->second == push->old_id;
    };
    while (!waiting.empty()) {
        auto next = std::find_if(waiting.begin(), waiting.end(), is_next);
        // One that follows nothing: somebody moved the ref without a push. The log's order is all there is.
        if (next == waiting.end())
            next = waiting.begin();
        move(**next);
        waiting.erase(next);
    }
}

/// The lines of a reflog that were written until then.
static std::string reflog_until(std::string_view text, Instant until)
{
    std::string kept;
    while (!text.empty()) {
        std::string_view line = take_until(text, '\n');
        std::string_view head = line.substr(0, line.find('\t'));
        size_t end = head.rfind(' ');
        std::string_view before = head.substr(0, end == std::string_view::npos ? 0 : end);
        auto seconds = parse_decimal(before.substr(before.rfind(' ') + 1));
        if (seconds && static_cast<Instant>(*seconds) <= until / nanoseconds_per_second)
            kept += fmt::format("{}\n", line);
    }
    return kept;
}

Result<void> RootBuilder::apply_until(int payload, Instant until)
{
    std::map<std::string, Story> stories = TRY(read_stories(payload, until));
    auto story_of = [&](std::string_view path) -> std::pair<std::string, const Story*> {
        for (const auto& [repository, story] : stories)
            if (path == repository || path.starts_with(repository + "/"))
                return {repository, &story};
        return {"", nullptr};
    };
    ArchiveReader reader(payload);
    while (auto entry = TRY(reader.next())) {
        std::string_view rest = entry->path;
        std::string_view kind = rest.substr(0, rest.find('/') + 1);
        rest.remove_prefix(kind.size());
        auto offset = kind == entry::grow ? take_offset(rest) : std::nullopt;
        auto [repository, story] = story_of(rest);
        if (!story)
            continue;
        bool is_log = !repository_of(rest, paths::push_log).empty();
        if (kind == entry::bundle || (story->is_new && (kind == entry::file || kind == entry::repository)))
            TRY(apply_entry(reader, *entry));
        else if (offset && !is_log)
            TRY(write_growth(std::string(rest), *offset, reflog_until(TRY(text_of(reader, *entry)), until)));
    }
    for (const auto& [path, story] : stories) {
        TRY(write_growth(path + "/" + paths::push_log, story.offset, story.lines));
        tell(path, story);
    }
    return {};
}

Result<void> RootBuilder::finish_repository(const std::string& path, const Refs& refs)
{
    UniqueFd repository = TRY(sys::open_beneath(m_directory, path, O_RDONLY | O_DIRECTORY));
    std::string packed;
    for (const auto& [ref, id] : refs)
        packed += fmt::format("{} {}\n", id, ref);
    TRY(sys::replace_file_unsynced(repository.get(), "packed-refs", packed, 0640));
    auto complain = [&](const std::string& what) { m_complaints.push_back(fmt::format("{}: {}", path, what)); };
    auto whole = git::run(repository.get(), {"fsck", "--connectivity-only", "--no-dangling", "--no-progress"},
                          {.timeout = time_to_unpack});
    if (!whole || whole->status != 0)
        complain(whole ? fmt::format("git fsck: {}", visible(trim(whole->err + whole->out).substr(0, 300)))
                       : whole.error().message);
    // With what each tag leads to, which spares readers a look at it.
    if (auto done = git::run_ok(repository.get(), {"pack-refs", "--all"}); !done)
        complain(done.error().message);
    auto log = sys::read_file(repository.get(), paths::push_log, size_t{4} << 30);
    for (const std::string& fault : store::verify_chain(std::move(log).value_or(""), {}).faults)
        complain("its push log: " + fault);
    return store::note_head(repository.get());
}

Result<void> RootBuilder::finish()
{
    for (const auto& [path, refs] : m_refs)
        TRY(finish_repository(path, refs));
    return sys::sync_filesystem(m_directory, "the restored root");
}

} // namespace quire::deliver
