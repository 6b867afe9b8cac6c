#include "runner/workspace.h"

#include <map>

#include "base/strings.h"
#include "git/git.h"
#include "store/intent.h"
#include "sys/file.h"

namespace quire::runner {

namespace paths = store::paths;

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
    auto text = sys::read_file(repository, "packed-refs", most_bytes);
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

/// Ignores a ref that disappears meanwhile.
static Result<void> add_loose_refs(int repository, const std::string& directory, Refs& refs, int depth = 0)
{
    constexpr int deepest = 64;
    auto names = sys::list_directory(repository, directory);
    if (!names)
        return {};
    for (const std::string& name : *names) {
        std::string path = directory + "/" + name;
        auto status = TRY(sys::stat_at(repository, path));
        if (!status)
            continue;
        if (S_ISDIR(status->st_mode) && depth < deepest)
            TRY(add_loose_refs(repository, path, refs, depth + 1));
        if (!S_ISREG(status->st_mode) || name.ends_with(".lock"))
            continue;
        if (auto id = sys::read_file(repository, path, 4096); id && !id->starts_with("ref:"))
            add_ref(refs, path, trim(*id));
    }
    return {};
}

/// Loose refs take precedence over packed ones and are read first: git packs a ref before it removes the loose file, so
/// in this order a ref that is being packed is found at least once.
static Result<void> read_refs(int repository, Refs& refs)
{
    TRY(add_loose_refs(repository, "refs/heads", refs));
    TRY(add_loose_refs(repository, "refs/tags", refs));
    return add_packed_refs(repository, refs);
}

static std::string config_of(const std::string& repository, const std::string& sha)
{
    bool sha256 = sha.size() == 64;
    return fmt::format("[core]\n\trepositoryformatversion = {}\n\tbare = false\n\tlogAllRefUpdates = false\n{}"
                       "[remote \"origin\"]\n\turl = {}\n\tfetch = +refs/heads/*:refs/remotes/origin/*\n",
                       sha256 ? 1 : 0, sha256 ? "[extensions]\n\tobjectFormat = sha256\n" : "",
                       git::quote_config_value(repository));
}

static Result<void> write_new(int directory, const std::string& name, std::string_view content)
{
    UniqueFd file = TRY(sys::open_at(directory, name, O_WRONLY | O_CREAT | O_EXCL, 0644));
    TRY(sys::write_all(file.get(), content));
    return sys::close_checked(std::move(file), name);
}

Result<void> prepare_workspace(const store::Root& root, int run, int repository, const store::RunRecord& record)
{
    if (sys::exists(run, paths::run_workspace))
        TRY(sys::remove_tree(run, paths::run_workspace));
    std::string git = fmt::format("{}/.git", paths::run_workspace);
    TRY(sys::make_directories(run, git + "/objects/info", 0755));
    TRY(sys::make_directories(run, git + "/objects/pack", 0755));
    TRY(sys::make_directories(run, git + "/refs", 0755));
    UniqueFd directory = TRY(sys::open_directory(run, git));
    Refs refs;
    TRY(read_refs(repository, refs));
    std::string packed = "# pack-refs with: sorted \n";
    for (const auto& [name, id] : refs)
        packed += fmt::format("{} {}\n", id, name);
    std::string place = root.absolute(paths::repository(record.repo));
    TRY(write_new(directory.get(), "packed-refs", packed));
    TRY(write_new(directory.get(), "objects/info/alternates", place + "/objects\n"));
    TRY(write_new(directory.get(), "config", config_of(place, record.sha)));
    return write_new(directory.get(), "HEAD", record.sha + "\n");
}

Result<sys::Command> checkout_command(const std::string& workspace, const std::string& sha, int error)
{
    sys::Environment environment = sys::base_environment();
    sys::set_variable(environment, "GIT_DIR", workspace + "/.git");
    sys::set_variable(environment, "GIT_WORK_TREE", workspace);
    return sys::Command{.argv = {"git", "-c", "advice.detachedHead=false", "read-tree", "-u", "--reset", sha},
                        .environment = std::move(environment),
                        .error = error};
}

namespace {

struct CopyBudget {
    size_t files = 1000;
    uint64_t bytes = 16u << 20;
};

Result<void> copy_tree(int from, int to, const std::string& path, CopyBudget& budget, int depth)
{
    constexpr int deepest = 16;
    for (const std::string& name : TRY(sys::list_directory(from, path))) {
        std::string inner = path == "." ? name : path + "/" + name;
        auto status = TRY(sys::stat_at(from, inner));
        if (status && S_ISDIR(status->st_mode) && depth < deepest) {
            TRY(sys::make_directory(to, inner));
            TRY(copy_tree(from, to, inner, budget, depth + 1));
        }
        if (!status || !S_ISREG(status->st_mode) || budget.files == 0)
            continue;
        uint64_t size = static_cast<uint64_t>(status->st_size);
        if (size > budget.bytes)
            continue;
        --budget.files;
        budget.bytes -= size;
        UniqueFd file = TRY(sys::open_regular_beneath(from, inner, O_NOFOLLOW));
        TRY(write_new(to, inner, TRY(sys::read_all(file.get(), size + 1, inner))));
    }
    return {};
}

} // namespace

Result<void> keep_pipeline(int run)
{
    if (sys::exists(run, paths::run_pipeline))
        TRY(sys::remove_tree(run, paths::run_pipeline));
    TRY(sys::make_directory(run, paths::run_pipeline));
    UniqueFd workspace = TRY(sys::open_directory(run, paths::run_workspace));
    auto source = sys::open_beneath(workspace.get(), ".quire", O_RDONLY | O_DIRECTORY);
    if (!source)
        return {}; // quire-ci will report what is wrong with it
    UniqueFd target = TRY(sys::open_directory(run, paths::run_pipeline));
    CopyBudget budget;
    return copy_tree(source->get(), target.get(), ".", budget, 0);
}

} // namespace quire::runner
