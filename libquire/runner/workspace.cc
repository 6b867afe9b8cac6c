#include "runner/workspace.h"

#include "base/strings.h"
#include "git/git.h"
#include "store/intent.h"
#include "sys/file.h"
#include "sys/self.h"

namespace quire::runner {

namespace paths = store::paths;

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

Result<void> prepare_workspace(const store::Root& root, int run, int repository, KnownRefs& refs,
                               const store::RunRecord& record)
{
    if (sys::exists(run, paths::run_workspace))
        TRY(sys::remove_tree(run, paths::run_workspace));
    std::string git = fmt::format("{}/.git", paths::run_workspace);
    for (const std::string& made :
         {std::string(paths::run_workspace), git, git + "/objects", git + "/objects/info", git + "/refs"})
        TRY(sys::make_directory(run, made, 0755));
    UniqueFd directory = TRY(sys::open_directory(run, git));
    std::string place = root.absolute(paths::repository(record.repo));
    TRY(write_new(directory.get(), "packed-refs", *TRY(refs.as_packed(repository))));
    TRY(write_new(directory.get(), "objects/info/alternates", place + "/objects\n"));
    TRY(write_new(directory.get(), "config", config_of(place, record.sha)));
    return write_new(directory.get(), "HEAD", record.sha + "\n");
}

Result<sys::Command> checkout_command(const store::Root& root, const store::RunRecord& record, int64_t keep_from,
                                      int error)
{
    sys::Command command{.argv = {TRY(sys::program_directory()) + "/quire", "--root", root.path(), "fill-workspace"},
                         .error = error};
    if (keep_from > 0)
        command.argv.insert(command.argv.end(), {"--keep", std::to_string(keep_from)});
    command.argv.insert(command.argv.end(), {"--", record.repo.str(), std::to_string(record.number)});
    return command;
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
