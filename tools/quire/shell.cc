// shell: a look into the workspace of a run that failed, where one of its jobs ran.
#include <fcntl.h>

#include "base/log.h"
#include "deliver/run_story.h"
#include "forge/config.h"
#include "forge/replay.h"
#include "forge/run_list.h"
#include "forge/run_requests.h"
#include "store/kept_workspace.h"
#include "sys/atomic_file.h"
#include "sys/file.h"
#include "sys/syslog.h"
#include "text/escape.h"
#include "text/json.h"
#include "verbs.h"

namespace quire::tool {

namespace paths = store::paths;
using store::RunRecord;
using text::Data;

/// Every secret that the run could have asked for; one that can't be resolved is left out and named.
static Result<Data> secrets_of(const store::Root& root)
{
    Data secrets{Data::Table{}};
    store::GlobalConfig config = TRY(forge::read_global_config(root));
    for (const auto& [name, source] : config.secrets) {
        if (auto value = store::resolve_secret(root, source))
            secrets.set(name, *value);
        else
            log("secret '{}': {}", visible(name), value.error().message);
    }
    return secrets;
}

/// Writes the dispatch for quire-ci, which removes it, beside the workspace. Returns its path.
static Result<std::string> write_dispatch(const store::Root& root, const std::string& run, const Data& handoff)
{
    std::string path = fmt::format("{}/{}.tmp", run, sys::unique_name(".shell"));
    UniqueFd file = TRY(sys::open_at(root.fd(), path, O_WRONLY | O_CREAT | O_EXCL, 0600));
    TRY(sys::write_all(file.get(), text::write_json(handoff)));
    TRY(sys::close_checked(std::move(file), path));
    return root.absolute(path);
}

/// The job that was named; otherwise the first one that failed.
static Result<std::string> job_of(const store::Root& root, const RunRecord& record, const cli::Options& options)
{
    if (options.operands().size() > 2) {
        TRY(forge::check_job(root, record, options.operands()[2]));
        return options.operands()[2];
    }
    std::string job = deliver::tell_run(root, record).job;
    if (job.empty())
        return fail(ErrorKind::usage, "no job of run #{} of {} failed: name the one whose place you want to see",
                    record.number, record.repo.str());
    return job;
}

/// The system's log has who was where, and whether secrets were taken along.
static void record_visit(const RunRecord& record, const std::string& job, bool with_secrets)
{
    std::string who = sys::process_variable("QUIRE_PUSHER").value_or("operator");
    sys::send_to_syslog(
        text::for_terminal(fmt::format("shell: {} is in run #{} of {}, job {}, {} secrets", who, record.number,
                                       record.repo.str(), job, with_secrets ? "with" : "without")));
}

Result<int> verb_shell(const Call& call)
{
    cli::Options options = TRY(call.options());
    store::Root root = TRY(call.root());
    uint64_t number = TRY(Call::run_number(options.operands()[1]));
    RunRecord record = TRY(forge::find_run(root, TRY(Call::repository(root, options.operands()[0])), number));
    if (!is_terminal(record.state))
        return fail(ErrorKind::refused, "run #{} of {} is {}: wait for its end, or cancel it", record.number,
                    record.repo.str(), to_string(record.state));
    std::string job = TRY(job_of(root, record, options));
    auto held = store::hold_workspace(root, record.repo, record.number);
    if (!held && held.error().kind == ErrorKind::not_found)
        return fail(ErrorKind::not_found, "{}; quire rerun {} {} --job {} makes another", held.error().message,
                    record.repo.str(), record.number, visible(job));
    sys::FileLock lock = TRY(std::move(held));
    std::string run = paths::run(record.repo, record.number);
    std::string text = TRY(sys::read_file(root.fd(), fmt::format("{}/{}", run, paths::run_shell), 4u << 20));
    Data shell = TRY(text::read_json(text, paths::run_shell));
    Data handoff = shell.find("handoff") ? *shell.find("handoff") : Data(Data::Table{});
    if (options.has("secrets"))
        handoff.set("secrets", TRY(secrets_of(root)));
    sys::Environment environment;
    if (const Data* variables = shell.find("environment"); variables && variables->table())
        for (const auto& [name, value] : *variables->table())
            sys::set_variable(environment, name, value.string() ? *value.string() : "");
    for (const char* name : {"TERM", "LANG"})
        if (auto value = sys::process_variable(name))
            sys::set_variable(environment, name, *value);
    record_visit(record, job, options.has("secrets"));
    log("run #{} of {}, job {}: the workspace stays until you leave", record.number, record.repo.str(), visible(job));
    forge::Installation installation = TRY(forge::find_installation());
    return forge::run_here({installation.directory + "/quire-ci", "shell", "--executor",
                            shell.string_or("executor", "auto"), "--job", job, "--dispatch",
                            TRY(write_dispatch(root, run, handoff)), "--cache-dir", root.absolute(paths::compiled),
                            root.absolute(fmt::format("{}/{}", run, paths::run_workspace))},
                           std::move(environment));
}

} // namespace quire::tool
