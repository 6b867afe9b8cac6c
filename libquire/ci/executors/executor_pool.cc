#include "ci/executors/executor_pool.h"

#include <signal.h>

#include <algorithm>

#include "base/log.h"
#include "base/strings.h"
#include "ci/executors/containers.h"
#include "ci/executors/control_groups.h"
#include "ci/executors/image_builds.h"
#include "ci/executors/image_use.h"
#include "store/root.h"
#include "sys/atomic_file.h"
#include "sys/file.h"

namespace quire::ci {

constexpr int exit_lost = 125;
constexpr int exit_canceled = 143;

/// The git settings inside: the image's own, and that the files may belong to another user there.
constexpr const char* inside_git_config = "/quire-gitconfig";
constexpr const char* git_config_variable = "GIT_CONFIG_SYSTEM";
constexpr const char* git_config_name = "gitconfig";
constexpr const char* empty_name = "empty";
constexpr const char* git_config = "[include]\n\tpath = /etc/gitconfig\n[safe]\n\tdirectory = *\n";

Result<std::unique_ptr<ExecutorPool>> ExecutorPool::create(Setup setup)
{
    std::unique_ptr<ExecutorPool> executors(new ExecutorPool(std::move(setup)));
    TRY(executors->assign());
    return executors;
}

ExecutorPool::~ExecutorPool() { m_setup.loop.cancel(m_inspection_watch); }

size_t ExecutorPool::add_slot(Kind kind, std::string image, const Job* job)
{
    bool is_limited = job && job->limits != JobLimits();
    JobLimits limits = is_limited ? job->limits : JobLimits();
    std::string owner = is_limited ? job->id : "";
    int containers = 0;
    for (size_t i = 0; i < m_slots.size(); ++i) {
        if (m_slots[i].kind == kind && m_slots[i].image == image && m_slots[i].job == owner)
            return i;
        containers += m_slots[i].kind == Kind::container || m_slots[i].kind == Kind::built;
    }
    m_slots.push_back(
        {.kind = kind, .image = std::move(image), .job = std::move(owner), .limits = limits, .number = containers});
    return m_slots.size() - 1;
}

Result<size_t> ExecutorPool::slot_for(const Job& job)
{
    const Pipeline& pipeline = m_setup.pipeline;
    bool automatic = m_setup.wanted == "auto";
    std::string image = job.image.empty() ? pipeline.image : job.image;
    if (m_setup.wanted == "host" || m_setup.wanted == "bwrap")
        return add_slot(m_setup.wanted == "host" ? Kind::host : Kind::bwrap, "", &job);
    if (!image.empty())
        return add_slot(Kind::container, std::move(image), &job);
    if (m_setup.dockerfile)
        return add_slot(Kind::built, m_setup.dockerfile->tag, &job);
    if (automatic)
        return add_slot(pipeline.sandbox ? Kind::bwrap : Kind::host, "", &job);
    return fail(ErrorKind::refused,
                "{}: job '{}' has no image for the container executor: name one with (ci.image …) or the job's "
                ":image, or add .quire/Dockerfile",
                to_string(job.place), job.id);
}

Result<void> ExecutorPool::check(const Slot& slot, const Job& job)
{
    const Pipeline& pipeline = m_setup.pipeline;
    if (slot.kind == Kind::host && !pipeline.network)
        return fail(ErrorKind::refused,
                    "the pipeline says (ci.network false), which the host executor can't do; use --executor bwrap");
    if (slot.kind == Kind::host && pipeline.sandbox)
        return fail(ErrorKind::refused,
                    "the pipeline says (ci.sandbox true), and the host executor is none; use --executor bwrap");
    if (slot.kind != Kind::container && slot.kind != Kind::built)
        return {};
    auto engine = find_engine(m_setup.engine);
    if (!engine) {
        std::string what =
            slot.kind == Kind::built ? "the image of .quire/Dockerfile" : fmt::format("image '{}'", slot.image);
        return fail(engine.error().kind, "job '{}' runs in {}, and that needs an engine: {}", job.id, what,
                    engine.error().message);
    }
    m_engine = *std::move(engine);
    return {};
}

Result<void> ExecutorPool::assign()
{
    for (const std::string& id : m_setup.jobs) {
        const Job* job = m_setup.pipeline.find(id);
        size_t slot = TRY(slot_for(*job));
        TRY(check(m_slots[slot], *job));
        m_slot_of_job.emplace(id, slot);
    }
    auto is_built = [](const Slot& slot) { return slot.kind == Kind::built; };
    if (std::any_of(m_slots.begin(), m_slots.end(), is_built))
        m_slot_of_job.emplace(image_job, add_slot(Kind::builder, ""));
    if (!m_setup.pipeline.network)
        m_setup.setting.network = Network::off;
    if (std::any_of(m_slots.begin(), m_slots.end(), [](const Slot& slot) { return slot.kind != Kind::host; }))
        TRY(add_mounts());
    for (const Slot& slot : m_slots)
        TRY(confinement(slot)); // reports what the machine lacks before anything runs
    return {};
}

Result<void> ExecutorPool::add_mounts()
{
    m_files.emplace(TRY(sys::TemporaryDirectory::create(m_setup.scratch, ".inside")));
    TRY(sys::replace_file(m_files->fd(), git_config_name, git_config));
    std::vector<Mount>& mounts = m_setup.setting.mounts;
    mounts.push_back({m_files->path() + "/" + git_config_name, inside_git_config});
    if (m_setup.git_dir.empty())
        return {};
    mounts.push_back({m_setup.git_dir, m_setup.git_dir});
    // Hides the operator's part: settings, keys of mirrors, pushes. The directory is made if it is missing, because
    // what appears in it during the run must be hidden too.
    std::string hidden = fmt::format("{}/{}", m_setup.git_dir, store::paths::repository_settings);
    if (m_setup.on_forge)
        TRY(sys::make_directories(AT_FDCWD, hidden));
    if (!sys::exists(AT_FDCWD, hidden))
        return {};
    TRY(sys::make_directory(m_files->fd(), empty_name)); // not a tmpfs: podman would copy the hidden files into it
    mounts.push_back({m_files->path() + "/" + empty_name, hidden});
    return {};
}

Result<Confinement> ExecutorPool::confinement(const Slot& slot, std::string group) const
{
    Setting setting = m_setup.setting;
    setting.limits = slot.limits;
    setting.group = std::move(group);
    setting.read_only_root = m_setup.pipeline.read_only;
    switch (slot.kind) {
    case Kind::bwrap:
        sys::set_variable(setting.environment, git_config_variable, inside_git_config);
        return bwrap_confinement(setting);
    case Kind::container:
    case Kind::built:
        setting.environment = m_setup.container_environment;
        sys::set_variable(setting.environment, git_config_variable, inside_git_config);
        return container_confinement(setting, {m_engine, slot.image, slot.number, slot.kind == Kind::built});
    case Kind::builder:
        setting.network = Network::on; // (ci.network false) is for jobs; a Dockerfile must download what it installs
        return engine_confinement(setting);
    case Kind::beside:
        setting.network = Network::on; // it is quire's own command, not the pipeline's
        break;
    case Kind::host:
        break;
    }
    return host_confinement(setting);
}

Result<Confinement> ExecutorPool::confine_person(const std::string& job, std::vector<std::string> command,
                                                 const sys::Environment& more, bool on_terminal) const
{
    const Slot& slot = m_slots[m_slot_of_job.at(job)];
    Setting setting = m_setup.setting;
    setting.read_only_root = m_setup.pipeline.read_only;
    setting.command = std::move(command);
    setting.on_terminal = on_terminal;
    bool has_image = slot.kind == Kind::container || slot.kind == Kind::built;
    if (has_image)
        setting.environment = m_setup.container_environment;
    if (slot.kind != Kind::host)
        sys::set_variable(setting.environment, git_config_variable, inside_git_config);
    for (const std::string& variable : more)
        sys::set_variable(setting.environment, variable.substr(0, variable.find('=')),
                          variable.substr(variable.find('=') + 1));
    if (has_image)
        return container_confinement(setting, {m_engine, slot.image, slot.number, slot.kind == Kind::built});
    if (slot.kind == Kind::bwrap)
        return bwrap_confinement(setting);
    Confinement confinement = TRY(host_confinement(setting));
    confinement.start_directory = confinement.directory;
    return confinement;
}

std::string_view ExecutorPool::place_of(const std::string& job) const
{
    auto found = m_slot_of_job.find(job);
    if (found == m_slot_of_job.end())
        return "host";
    Kind kind = m_slots[found->second].kind;
    return kind == Kind::host ? "host" : kind == Kind::bwrap ? "bwrap" : "container";
}

ExecutorPool::Slot& ExecutorPool::slot_of(const std::string& job)
{
    auto found = m_slot_of_job.find(job);
    return m_slots[found == m_slot_of_job.end() ? 0 : found->second];
}

ExecutorPool::Slot* ExecutorPool::beside()
{
    auto found =
        std::find_if(m_slots.begin(), m_slots.end(), [](const Slot& slot) { return slot.kind == Kind::beside; });
    return found == m_slots.end() ? nullptr : &*found;
}

void ExecutorPool::open(Slot& slot)
{
    bool is_ours = slot.kind == Kind::host || slot.kind == Kind::bwrap; // an engine makes its own groups
    std::optional<std::string> group;
    if (is_ours && slot.limits != JobLimits()) {
        group = make_job_group(slot.limits, m_groups++);
        if (!group && m_setup.on_forge && !std::exchange(m_told_who_limits, true)) // a person's own machine needs none
            log("quire may not make a control group here: quire-init alone keeps jobs within their :limits");
    }
    if (auto ready = confinement(slot, group.value_or("")))
        slot.executor = std::make_unique<Executor>(m_setup.loop, *std::move(ready), m_setup.limits,
                                                   slot.kind == Kind::host ? std::exchange(m_setup.early, std::nullopt)
                                                                           : std::nullopt);
    else
        slot.broken = ready.error().message;
}

CommandId ExecutorPool::start(CommandSpec spec, CommandObserver& observer)
{
    // add_slot finds the slot if it is there already.
    Slot& slot = spec.beside ? m_slots[add_slot(Kind::beside, "")] : slot_of(spec.job);
    if (!slot.executor && slot.kind != Kind::built && slot.broken.empty() && !m_closing)
        open(slot);
    if (slot.executor)
        return slot.executor->start(std::move(spec), observer);
    Waiting waiting{std::move(spec), &observer};
    if (m_closing || !slot.broken.empty()) {
        finish_later(waiting, {.end = CommandResult::End::no_place,
                               .exit = exit_lost,
                               .reason = m_closing ? "the run has ended" : slot.broken});
        return 0;
    }
    slot.waiting.push_back(std::move(waiting));
    if (!std::exchange(slot.building, true))
        look_for_image(slot);
    return 0;
}

const sys::Environment& ExecutorPool::environment_of(const std::string& job) const
{
    auto found = m_slot_of_job.find(job);
    const Slot& slot = m_slots[found == m_slot_of_job.end() ? 0 : found->second];
    bool has_image = slot.kind == Kind::container || slot.kind == Kind::built;
    return has_image ? m_setup.container_environment : m_setup.setting.environment;
}

void ExecutorPool::finish_later(const Waiting& waiting, CommandResult result)
{
    result.started = now();
    m_setup.loop.after(0, [observer = waiting.observer, result = std::move(result)] { observer->finished(result); });
}

void ExecutorPool::look_for_image(Slot& slot)
{
    Confinement confinement = engine_confinement(m_setup.setting).value_or(Confinement{});
    UniqueFd null = sys::open_at(AT_FDCWD, "/dev/null", O_WRONLY).value_or(UniqueFd());
    auto started = sys::spawn({.argv = {m_engine, "image", "inspect", "--format", "{{.Id}}", slot.image},
                               .environment = confinement.environment,
                               .error = null.get(),
                               .new_session = true});
    if (!started)
        return give_up(slot, started.error().message);
    m_inspection = *std::move(started);
    m_inspection_watch = m_setup.loop.watch(m_inspection->pidfd(), sys::Interest::readable, [this, &slot] {
        m_setup.loop.cancel(std::exchange(m_inspection_watch, 0));
        int status = m_inspection->wait().value_or(-1);
        m_inspection.reset();
        if (status == 0)
            image_is_there(slot);
        else
            build(slot);
    });
}

void ExecutorPool::build(Slot& slot)
{
    if (m_closing || slot.waiting.empty()) { // nobody wants it any more
        slot.building = false;
        return;
    }
    auto write = [&]() -> Result<std::string> {
        m_context.emplace(TRY(sys::TemporaryDirectory::create(m_setup.scratch, ".image")));
        TRY(write_image_context(*m_setup.dockerfile, m_context->fd()));
        return sys::real_path(m_context->path());
    };
    auto context = write();
    if (!context)
        return give_up(slot, context.error().message);
    std::vector<std::string> arguments = {"--force-rm", "--tag", slot.image, "--file", *context + "/Dockerfile",
                                          *context};
    auto argv = build_command(m_setup.setting, m_engine, arguments);
    if (!argv)
        return give_up(slot, argv.error().message);
    m_has_built = true;
    std::string shown = fmt::format("{} build {}", m_engine, join(arguments, " "));
    m_builder->build_image(*std::move(argv), std::move(shown), [this, &slot](std::optional<std::string> failure) {
        m_context.reset();
        if (failure)
            give_up(slot, fmt::format(".quire/Dockerfile could not be built: {}", *failure));
        else
            image_is_there(slot);
    });
}

void ExecutorPool::image_is_there(Slot& slot)
{
    slot.building = false;
    if (m_closing || slot.waiting.empty())
        return;
    note_image_use(m_setup.image_dates, slot.image);
    open(slot);
    if (!slot.executor)
        return give_up(slot, slot.broken);
    for (Waiting& waiting : std::exchange(slot.waiting, {}))
        slot.executor->start(std::move(waiting.spec), *waiting.observer);
}

void ExecutorPool::give_up(Slot& slot, std::string reason)
{
    slot.building = false;
    slot.broken = std::move(reason);
    for (Waiting& waiting : std::exchange(slot.waiting, {}))
        finish_later(waiting, {.end = CommandResult::End::no_place, .exit = exit_lost, .reason = slot.broken});
}

void ExecutorPool::end_job(const std::string& job, Done done)
{
    if (m_slots.empty())
        return static_cast<void>(m_setup.loop.after(0, std::move(done)));
    if (Slot* own = beside(); own && own->executor)
        done = [executor = own->executor.get(), job, done = std::move(done)] { executor->end_job(job, done); };
    Slot& slot = slot_of(job);
    std::deque<Waiting> left;
    for (Waiting& waiting : std::exchange(slot.waiting, {})) {
        if (waiting.spec.job != job)
            left.push_back(std::move(waiting));
        else
            finish_later(waiting,
                         {.end = CommandResult::End::canceled, .exit = exit_canceled, .reason = "ended with its job"});
    }
    slot.waiting = std::move(left);
    if (slot.executor)
        slot.executor->end_job(job, std::move(done));
    else
        m_setup.loop.after(0, std::move(done));
}

Aftermath ExecutorPool::aftermath() const
{
    Aftermath least = Aftermath::sealed;
    for (const Slot& slot : m_slots) {
        if (!slot.executor)
            continue;
        Aftermath own = slot.executor->aftermath();
        bool is_ours = slot.kind == Kind::builder || slot.kind == Kind::beside; // the workspace is not given to it
        if (!is_ours || own == Aftermath::unsure)
            least = std::min(least, own);
    }
    return least;
}

void ExecutorPool::close(Done done)
{
    m_closing = true;
    if (m_has_built)
        done = [this, done = std::move(done)] {
            if (auto removed = remove_builds(m_engine, m_setup.setting.run); !removed)
                log("what building an image left may stay: {}", removed.error().message);
            if (auto removed = remove_unused_images(m_engine, m_setup.image_dates); !removed)
                log("images that nobody uses may stay: {}", removed.error().message);
            done();
        };
    if (m_inspection)
        static_cast<void>(m_inspection->signal(SIGKILL).has_value());
    for (Slot& slot : m_slots) {
        give_up(slot, "the run has ended");
        m_open += slot.executor != nullptr;
    }
    if (m_open == 0)
        return static_cast<void>(m_setup.loop.after(0, std::move(done)));
    auto shared = std::make_shared<Done>(std::move(done));
    for (Slot& slot : m_slots)
        if (slot.executor)
            slot.executor->close([this, shared] {
                if (--m_open == 0) // after the results of the last commands have been reported
                    m_setup.loop.after(0, std::move(*shared));
            });
}

} // namespace quire::ci
