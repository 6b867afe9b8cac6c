#include "ci/run/checkout_copy.h"

#include <algorithm>

#include "base/strings.h"
#include "ci/language/source_tree.h"
#include "sys/atomic_file.h"
#include "sys/file.h"
#include "sys/process.h"

namespace quire::ci {

/// The caller's environment, because it is the caller's repository, but without variables that redirect git.
static sys::Environment git_environment()
{
    sys::Environment environment = sys::inherited_environment();
    std::erase_if(environment, [](const std::string& entry) {
        return entry.starts_with("GIT_DIR=") || entry.starts_with("GIT_WORK_TREE=") ||
               entry.starts_with("GIT_INDEX_FILE=") || entry.starts_with("GIT_OBJECT_DIRECTORY=") ||
               entry.starts_with("GIT_ALTERNATE_OBJECT_DIRECTORIES=") || entry.starts_with("GIT_PREFIX=");
    });
    return environment;
}

static Result<std::string> git(const std::string& directory, std::vector<std::string> arguments,
                               const sys::Environment& environment, const std::string& input = {})
{
    arguments.insert(arguments.begin(), {"git", "-C", directory});
    return sys::run_ok({.argv = std::move(arguments), .environment = environment}, {.input = input});
}

/// Copies all refs except those that only the original can use.
static Result<void> copy_refs(const std::string& from, const std::string& to, const sys::Environment& environment)
{
    std::string listing =
        TRY(git(from, {"for-each-ref", "--format=%(objectname) %(refname)", "refs/heads", "refs/tags", "refs/remotes"},
                environment));
    std::string commands;
    for (std::string_view line : split(listing, '\n'))
        if (std::string_view id = take_until(line, ' '); !line.empty())
            commands += fmt::format("create {} {}\n", line, id);
    TRY(git(to, {"update-ref", "--no-deref", "--stdin"}, environment, commands));
    return {};
}

/// Makes an index of the present working tree. The objects of new files go into the copy.
static Result<void> take_index(const std::string& from, const std::string& git_dir, const std::string& objects,
                               const std::string& to, const sys::Environment& plain)
{
    // The index has the times of its files, so only changed files are read.
    auto index = sys::read_file(AT_FDCWD, git_dir + "/index", 1u << 30);
    if (index)
        TRY(sys::append_file(AT_FDCWD, to + "/.git/index", *index));
    sys::Environment environment = plain;
    sys::set_variable(environment, "GIT_INDEX_FILE", to + "/.git/index");
    sys::set_variable(environment, "GIT_OBJECT_DIRECTORY", to + "/.git/objects");
    sys::set_variable(environment, "GIT_ALTERNATE_OBJECT_DIRECTORIES", objects);
    TRY(git(from, {"-c", "advice.addEmbeddedRepo=false", "-c", "core.splitIndex=false", "add", "--all", "."},
            environment));
    return {};
}

Result<std::optional<CheckoutCopy>> CheckoutCopy::make(const std::string& checkout)
{
    sys::Environment environment = git_environment();
    auto asked = git(
        checkout,
        {"rev-parse", "--path-format=absolute", "--show-toplevel", "--git-dir", "--git-common-dir", "--show-prefix"},
        environment);
    std::vector<std::string_view> answers = split(asked ? std::string_view(*asked) : "", '\n');
    if (answers.size() < 4)
        return std::optional<CheckoutCopy>();
    std::string top(answers[0]), git_dir(answers[1]), common(answers[2]), prefix(answers[3]);
    std::string objects = common + "/objects";

    sys::TemporaryDirectory directory = TRY(sys::TemporaryDirectory::create("", "quire-run"));
    std::string copy = directory.path() + top.substr(top.rfind('/'));
    TRY(sys::make_directory(AT_FDCWD, copy, 0755));
    std::string format = std::string(trim(TRY(git(top, {"rev-parse", "--show-object-format"}, environment))));
    TRY(git(copy, {"init", "--quiet", "--template=", "--object-format=" + format}, environment));
    TRY(sys::make_directories(AT_FDCWD, copy + "/.git/objects/info"));
    TRY(sys::append_file(AT_FDCWD, copy + "/.git/objects/info/alternates", objects + "\n"));
    TRY(copy_refs(top, copy, environment));
    // HEAD names the branch that is checked out; the copy's branch is its own.
    UniqueFd own = TRY(sys::open_directory(AT_FDCWD, copy + "/.git"));
    TRY(sys::replace_file_unsynced(own.get(), "HEAD", TRY(sys::read_file(AT_FDCWD, git_dir + "/HEAD"))));
    if (auto url = git(top, {"remote", "get-url", "origin"}, environment))
        TRY(git(copy, {"remote", "add", "origin", std::string(trim(*url))}, environment));

    TRY(take_index(top, git_dir, objects, copy, environment));
    TRY(git(copy, {"checkout-index", "--all", "--force", "--quiet", "-u"}, environment));
    auto changed = git(copy, {"diff", "--cached", "--name-only", "-z"}, environment);
    size_t changes = changed ? static_cast<size_t>(std::count(changed->begin(), changed->end(), '\0')) : 0;
    while (prefix.ends_with('/'))
        prefix.pop_back();
    std::string path = prefix.empty() ? copy : copy + "/" + prefix;
    return std::optional(CheckoutCopy(std::move(directory), std::move(path), changes));
}

std::string nearest_pipeline()
{
    auto here = sys::current_directory();
    if (!here || sys::exists(AT_FDCWD, pipeline_file))
        return ".";
    for (std::string path = *here; path.size() > 1;) {
        path.resize(path.rfind('/'));
        if (sys::exists(AT_FDCWD, path + "/" + pipeline_file))
            return path.empty() ? "/" : path;
    }
    return ".";
}

} // namespace quire::ci
