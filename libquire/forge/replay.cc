#include "forge/replay.h"

#include <signal.h>

#include "base/log.h"
#include "base/strings.h"
#include "forge/config.h"
#include "forge/run_requests.h"
#include "git/git.h"
#include "store/bisect_source.h"
#include "sys/file.h"
#include "sys/loop.h"
#include "sys/signals.h"
#include "sys/temporary_directory.h"
#include "text/shell_words.h"

namespace quire::forge {

Result<Replay> plan_replay(const store::Root& root, const store::RunRecord& record, const std::string& job)
{
    if (!job.empty())
        TRY(check_job(root, record, job));
    TRY(check_commit(root, record));
    Replay replay{.record = TRY(store::as_bisected(root, record)), .job = job};
    if (auto config = forge::read_global_config(root))
        replay.clone_url = config->clone_url(record.repo);
    if (replay.clone_url.empty())
        replay.clone_url = root.absolute(store::paths::repository(record.repo));
    return replay;
}

static std::string directory_of(const store::RunRecord& record)
{
    std::string name = record.repo.str();
    return fmt::format("{}-{}", name.substr(name.rfind('/') + 1), record.number);
}

/// The arguments of "quire-ci run": the job, the source with its parameters, the checkout.
static std::vector<std::string> arguments_of(const Replay& replay, const std::string& checkout)
{
    const store::RunRecord& record = replay.record;
    std::vector<std::string> arguments;
    if (record.source != "push")
        arguments.insert(arguments.end(), {"--source", record.event});
    if (!replay.job.empty())
        arguments.insert(arguments.end(), {"--job", replay.job});
    arguments.push_back(checkout);
    if (const text::Data::Table* parameters = record.parameters.table())
        for (const auto& [name, value] : *parameters)
            arguments.push_back(fmt::format("{}={}", name, value.string() ? *value.string() : ""));
    return arguments;
}

/// The git command for the checkout: at the run's commit, and on the branch of the push, since pipelines ask for that.
static std::vector<std::string> checkout_of(const store::RunRecord& record)
{
    // Names the commit by its id, because the ref may have moved since.
    std::string_view branch = record.ref;
    if (strip_prefix(branch, "refs/heads/"))
        return {"checkout", "--quiet", "-B", std::string(branch), record.sha};
    return {"checkout", "--quiet", "--detach", record.sha};
}

static std::string quoted(const std::vector<std::string>& words)
{
    std::string line;
    for (const std::string& word : words)
        line += " " + text::shell_quote(word);
    return line;
}

std::string commands_of(const Replay& replay)
{
    const store::RunRecord& record = replay.record;
    std::string directory = directory_of(record);
    return fmt::format("git clone --no-checkout {} {}\n", text::shell_quote(replay.clone_url), directory) +
           fmt::format("git -C {} fetch origin {}\n", directory, record.sha) +
           fmt::format("git -C {}{}\n", directory, quoted(checkout_of(record))) +
           fmt::format("quire-ci run{}\n", quoted(arguments_of(replay, directory)));
}

Result<int> run_here(std::vector<std::string> argv, sys::Environment environment)
{
    sys::Signals signals = TRY(sys::Signals::take({SIGTERM, SIGINT, SIGHUP}));
    sys::Process child = TRY(sys::spawn(
        {.argv = std::move(argv), .environment = std::move(environment), .input = 0, .output = 1, .error = 2}));
    sys::Loop loop;
    bool over = false;
    loop.watch(child.pidfd(), sys::Interest::readable, [&] { over = true; });
    loop.watch(signals.fd(), sys::Interest::readable, [&] {
        while (auto number = signals.next())
            if (*number != SIGINT) // the terminal has sent SIGINT to the child too
                (void)child.signal(*number);
    });
    TRY(loop.run_until([&] { return over; }));
    return child.wait();
}

Result<int> run_replay(const store::Root& root, const Replay& replay, const Installation& installation)
{
    sys::TemporaryDirectory temporary = TRY(sys::TemporaryDirectory::create("", "quire-replay"));
    std::string checkout = temporary.path() + "/" + directory_of(replay.record);
    UniqueFd repository = TRY(root.open_repository(replay.record.repo));
    // Shared objects also include commits that no ref leads to any more.
    TRY(git::run_ok(repository.get(), {"clone", "--quiet", "--shared", "--no-checkout", "--", ".", checkout}));
    UniqueFd directory = TRY(sys::open_directory(AT_FDCWD, checkout));
    TRY(git::run_ok(directory.get(), checkout_of(replay.record)));
    std::vector<std::string> argv{installation.directory + "/quire-ci", "run", "--in-place"};
    for (std::string& argument : arguments_of(replay, checkout))
        argv.push_back(std::move(argument));
    return run_here(std::move(argv), sys::inherited_environment());
}

} // namespace quire::forge
