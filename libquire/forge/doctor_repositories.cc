// The checks of forge/doctor.h that look into every repository: config, include, hooks, locks.
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <thread>

#include "base/strings.h"
#include "forge/doctor.h"
#include "forge/listing.h"
#include "forge/shared_config.h"
#include "forge/stale_locks.h"
#include "store/repositories.h"
#include "sys/atomic_file.h"
#include "sys/file.h"

namespace quire::forge {

constexpr int64_t stale_age = 3600 * nanoseconds_per_second;

static void check_include(const store::Root& root, const store::RepoName& name, int repository, Report& report)
{
    auto config = sys::read_file(repository, store::paths::repository_git_config);
    if (!config)
        return report.failed("repository", name.str() + ": " + config.error().message, "is this a git repository?");
    if (has_include(*config, include_path(name)))
        return;
    report.wrong(Severity::failure, "settings", name.str() + " does not include the shared git settings: no hook runs",
                 [&] {
                     return sys::replace_file(repository, store::paths::repository_git_config,
                                              with_include(*config, root, include_path(name)), 0640);
                 });
}

/// libgit2 and our commit-graph reader know only SHA-1, and `quire new` makes nothing else.
static void check_object_format(const store::RepoName& name, int repository, Report& report)
{
    auto config = sys::read_file(repository, store::paths::repository_git_config);
    if (!config)
        return; // check_include reports it
    for (std::string_view line : split(*config, '\n')) {
        std::string setting = to_lower(line);
        std::erase_if(setting, [](char byte) { return byte == ' ' || byte == '\t' || byte == '\r' || byte == '"'; });
        if (setting == "objectformat=sha256")
            report.failed("repository", name.str() + " has SHA-256 object ids, which quire does not read",
                          "make a new one with 'quire new' and push the history there");
    }
}

static void check_own_hooks(const store::RepoName& name, int repository, Report& report)
{
    auto hooks = sys::list_directory(repository, "hooks");
    for (const std::string& hook : std::move(hooks).value_or({}))
        if (!hook.ends_with(".sample") && !sys::is_executable_file(repository, "hooks/" + hook))
            report.warn("hooks",
                        fmt::format("{}: its own hooks/{} is not executable, so git passes it over", name.str(), hook),
                        "chmod +x it, or remove it");
}

static void check_locks(const store::RepoName& name, int repository, Report& report)
{
    for (const std::string& path : stale_locks(repository, now() - stale_age))
        report.wrong(Severity::warning, "locks", fmt::format("{}: {} is over an hour old", name.str(), path),
                     [&] { return sys::unlink_at(repository, path); });
}

/// Makes git run both hooks with a variable to which quire-hook just answers. Returns "" if each answered once.
static std::string probe(int repository, HookMechanism mechanism, const std::string& git)
{
    std::string nonce = sys::unique_name("probe");
    for (std::string hook : {"pre-receive", "post-receive"}) {
        sys::Command command{.argv = {git, "hook", "run", "--ignore-missing", hook}, .directory = repository};
        // The repository's own hooks must not run for this, but git would start them beside ours.
        if (mechanism == HookMechanism::config)
            command.argv.insert(command.argv.begin() + 1, {"-c", "core.hooksPath=/dev/null"});
        sys::set_variable(command.environment, "QUIRE_HOOK_PROBE", nonce);
        auto output = sys::run(command, {.limit = 1u << 16, .timeout = 20 * nanoseconds_per_second});
        if (!output)
            return output.error().message;
        std::string said = output->out + output->err;
        std::vector<std::string_view> lines = split(said, '\n');
        auto answers = std::count(lines.begin(), lines.end(), fmt::format("{} {}", hook, nonce));
        if (answers == 0)
            return fmt::format("{} does not reach quire-hook ({})", hook,
                               trim(said).empty() ? std::string_view("no answer") : trim(said).substr(0, 200));
        if (answers > 1)
            return fmt::format("{} runs {} times: is core.hooksPath set beside git's own hook settings?", hook,
                               answers);
    }
    return {};
}

static void check_hooks(const store::Root& root, const std::vector<store::RepoName>& names,
                        const Installation& installation, Report& report)
{
    auto shared = inspect_shared_config(root, installation);
    if (!shared || names.empty())
        return;
    std::vector<std::string> faults(names.size());
    std::atomic<size_t> next = 0;
    auto work = [&] {
        for (size_t i = next++; i < names.size(); i = next++)
            if (auto repository = root.open_repository(names[i]))
                faults[i] = probe(repository->get(), shared->mechanism, installation.git);
    };
    {
        // Each repository takes two git processes. Several run side by side, but not so many that pushes suffer.
        size_t most = std::max(1u, std::min(4u, std::thread::hardware_concurrency()));
        std::vector<std::jthread> workers;
        for (size_t i = 0; i < std::min(most, names.size()); ++i)
            workers.emplace_back(work);
    }
    size_t good = 0;
    for (size_t i = 0; i < names.size(); ++i)
        if (faults[i].empty())
            ++good;
        else
            report.failed("hooks", fmt::format("{}: {}", names[i].str(), faults[i]),
                          "quire doctor --fix writes git's settings anew");
    if (good == names.size())
        report.ok("hooks", fmt::format("both hooks fire in {} {}", good, good == 1 ? "repository" : "repositories"));
}

void examine_repositories(const store::Root& root, const Installation& installation, Report& report)
{
    auto names = store::list_repositories(root);
    if (!names)
        return report.failed("repositories", names.error().message, "");
    for (const store::RepoName& name : *names) {
        auto repository = root.open_repository(name);
        if (!repository) {
            report.failed("repository", repository.error().message, "");
            continue;
        }
        if (std::string fault = read_config(repository->get(), name).fault; !fault.empty())
            report.failed("config", fault, "until it is right, the repository is private and frozen");
        check_include(root, name, repository->get(), report);
        check_object_format(name, repository->get(), report);
        check_own_hooks(name, repository->get(), report);
        check_locks(name, repository->get(), report);
    }
    check_hooks(root, *names, installation, report);
}

} // namespace quire::forge
