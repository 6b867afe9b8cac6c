#include "runner/quick_checkout.h"

#include <algorithm>

#include "base/strings.h"
#include "git/index_file.h"
#include "git/tree_object.h"
#include "store/root.h"
#include "sys/file.h"
#include "sys/file_status.h"

namespace quire::runner {

namespace paths = store::paths;
using git::TreeEntry;
using Kind = git::TreeEntry::Kind;

/// Above these, a git of its own, beside which the runner can go on, is the better choice.
constexpr size_t most_files = 256, most_trees = 64;

static Unexpected not_plain(std::string_view what) { return fail(ErrorKind::refused, "git must do it: {}", what); }

/// Whether git has no settings for all repositories that change what it writes into a work tree.
static bool writes_as_stored()
{
    std::string home = sys::process_variable("HOME").value_or(""), own = home + "/.config/git";
    for (const std::string& attributes : {std::string("/etc/gitattributes"), own + "/attributes"})
        if (sys::exists(AT_FDCWD, attributes))
            return false;
    for (const std::string& file : {std::string("/etc/gitconfig"), home + "/.gitconfig", own + "/config"}) {
        auto text = sys::read_file(AT_FDCWD, file, 1u << 20);
        if (!text && text.error().kind == ErrorKind::not_found)
            continue;
        if (!text)
            return false;
        std::string lower = to_lower(*text);
        for (const char* word : {"autocrlf", "eol", "symlinks", "filemode", "attributesfile", "include", "sparse"})
            if (lower.find(word) != std::string::npos)
                return false;
    }
    return true;
}

namespace {

struct Planned {
    std::string path;
    Kind kind;
    std::string id; ///< hex
};

} // namespace

static Result<git::Commit> commit_of(KnownObjects& objects, int repository, const std::string& sha)
{
    if ((sha.size() != 40 && sha.size() != 64) || !from_hex(sha))
        return not_plain("an id that is none");
    auto content = TRY(objects.get(repository, "commit", sha));
    if (content->substr(0, content->find("\n\n")).find("\nencoding ") != std::string::npos)
        return not_plain("a message that is not UTF-8");
    git::Commit commit = git::parse_commit(sha, *content);
    size_t end = content->find("\n\n");
    commit.message = end == std::string::npos ? "" : content->substr(end + 2); // parse_commit trims it
    return commit;
}

/// The files and directories of a tree, level by level.
static Result<std::vector<Planned>> list_tree(KnownObjects& objects, int repository, const std::string& tree)
{
    std::vector<Planned> planned, level = {{"", Kind::directory, tree}};
    size_t trees = 0;
    while (!level.empty()) {
        trees += level.size();
        if (trees > most_trees)
            return not_plain("many directories");
        std::vector<std::string> ids;
        for (const Planned& directory : level)
            ids.push_back(directory.id);
        auto contents = TRY(objects.get(repository, "tree", ids));
        std::vector<Planned> next;
        for (size_t i = 0; i < level.size(); ++i)
            for (const TreeEntry& entry : TRY(git::parse_tree(*contents[i], tree.size() / 2))) {
                if (!git::is_plain_name(entry.name) || entry.kind == Kind::submodule)
                    return not_plain(entry.name);
                std::string path = level[i].path + std::string(entry.name);
                planned.push_back({path, entry.kind, to_hex(entry.id)});
                if (entry.kind == Kind::directory)
                    next.push_back({path + "/", entry.kind, to_hex(entry.id)});
            }
        if (planned.size() > most_files)
            return not_plain("many files");
        level = std::move(next);
    }
    return planned;
}

static Result<struct stat> write_file(int workspace, const Planned& file, const std::string& content)
{
    if (file.kind == Kind::symlink) {
        if (content.empty() || content.find('\0') != std::string::npos)
            return not_plain("a symlink to nowhere");
        TRY(sys::symlink_at(content, workspace, file.path));
        auto status = TRY(sys::stat_at(workspace, file.path));
        if (!status)
            return not_plain("a symlink that is gone");
        return *status;
    }
    constexpr int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW;
    UniqueFd fd = TRY(sys::open_at(workspace, file.path, flags, file.kind == Kind::executable ? 0777 : 0666));
    TRY(sys::write_all(fd.get(), content));
    struct stat status = TRY(sys::stat_of(fd.get(), file.path));
    TRY(sys::close_checked(std::move(fd), file.path));
    return status;
}

static uint32_t mode_of(Kind kind)
{
    return kind == Kind::symlink ? 0120000 : kind == Kind::executable ? 0100755 : 0100644;
}

Result<void> quick_checkout(KnownObjects& objects, int repository, int run, const std::string& sha)
{
    if (!writes_as_stored())
        return not_plain("settings");
    objects.start_clock();
    git::Commit commit = TRY(commit_of(objects, repository, sha));
    std::vector<Planned> planned = TRY(list_tree(objects, repository, commit.tree));
    std::vector<std::string> ids;
    for (const Planned& file : planned)
        if (file.kind != Kind::directory)
            ids.push_back(file.id);
    auto contents = TRY(objects.get(repository, "blob", ids));

    UniqueFd workspace = TRY(sys::open_directory(run, paths::run_workspace));
    std::vector<std::pair<const Planned*, struct stat>> written;
    auto content = contents.begin();
    for (const Planned& file : planned) {
        if (file.kind == Kind::directory)
            TRY(sys::make_directory(workspace.get(), file.path, 0777));
        else
            written.emplace_back(&file, TRY(write_file(workspace.get(), file, **content++)));
    }
    std::sort(written.begin(), written.end(),
              [](const auto& a, const auto& b) { return a.first->path < b.first->path; });
    git::IndexFile index;
    for (const auto& [file, status] : written)
        index.add(file->path, git::index_fields(mode_of(file->kind), status), from_hex(file->id).value_or(""));
    constexpr int flags = O_WRONLY | O_CREAT | O_EXCL;
    UniqueFd fd = TRY(sys::open_at(workspace.get(), ".git/index", flags));
    TRY(sys::write_all(fd.get(), index.finish(sha.size() / 2)));
    return sys::close_checked(std::move(fd), "index");
}

namespace {

/// Lists the paths in which two trees differ, in the order in which git does.
class TreeComparison {
public:
    TreeComparison(KnownObjects& objects, int repository) : m_objects(objects), m_repository(repository) {}

    /// An empty id is an empty tree.
    Result<void> compare(const std::string& before, const std::string& after, const std::string& prefix)
    {
        if (++m_trees > most_trees)
            return not_plain("many directories changed");
        KnownObjects::Content contents[2] = {std::make_shared<const std::string>(),
                                             std::make_shared<const std::string>()};
        if (!before.empty())
            contents[0] = TRY(m_objects.get(m_repository, "tree", before));
        if (!after.empty())
            contents[1] = TRY(m_objects.get(m_repository, "tree", after));
        size_t id_bytes = std::max(before.size(), after.size()) / 2;
        std::vector<TreeEntry> old_entries = TRY(git::parse_tree(*contents[0], id_bytes));
        std::vector<TreeEntry> new_entries = TRY(git::parse_tree(*contents[1], id_bytes));
        auto a = old_entries.begin(), b = new_entries.begin();
        while (a != old_entries.end() || b != new_entries.end()) {
            int order = a == old_entries.end() ? 1 : b == new_entries.end() ? -1 : git::compare_in_tree(*a, *b);
            if (order == 0 && (a->kind != b->kind || a->id != b->id))
                TRY(differs(*b, to_hex(a->id), to_hex(b->id), prefix));
            else if (order < 0)
                TRY(differs(*a, to_hex(a->id), "", prefix));
            else if (order > 0)
                TRY(differs(*b, "", to_hex(b->id), prefix));
            a += order <= 0;
            b += order >= 0;
        }
        return {};
    }

    const std::string& found() const { return m_found; }

private:
    Result<void> differs(const TreeEntry& entry, const std::string& before, const std::string& after,
                         const std::string& prefix)
    {
        std::string path = prefix + std::string(entry.name);
        if (entry.kind == Kind::directory)
            return compare(before, after, path + "/");
        m_found += path;
        m_found += '\0';
        return {};
    }

    KnownObjects& m_objects;
    int m_repository;
    size_t m_trees = 0;
    std::string m_found;
};

} // namespace

Result<std::string> quick_changes(KnownObjects& objects, int repository, std::string_view input)
{
    objects.start_clock();
    input = trim(input);
    std::string sha(take_until(input, ' ')), previous(input);
    git::Commit commit = TRY(commit_of(objects, repository, sha));
    if (commit.message.find('\0') != std::string::npos)
        return not_plain("a message with a byte 0");
    if (previous.empty() && !commit.parents.empty())
        previous = commit.parents[0];
    std::string before = previous.empty() ? std::string() : TRY(commit_of(objects, repository, previous)).tree;
    TreeComparison comparison(objects, repository);
    if (before != commit.tree)
        TRY(comparison.compare(before, commit.tree, ""));
    return commit.message + std::string(1, '\0') + comparison.found();
}

} // namespace quire::runner
