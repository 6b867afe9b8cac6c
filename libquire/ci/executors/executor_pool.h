// ExecutorPool chooses the executor for each job.
//
// --executor decides; with "auto", the pipeline does: a job's :image, (ci.image …) or .quire/Dockerfile mean a
// container, (ci.sandbox true) means bubblewrap, anything else the host. There is one executor per distinct place,
// started with the first command that needs it. The image of .quire/Dockerfile is built at that time, unless the engine
// has it. If what was asked for is missing, create() fails; no other place is used instead.
//
// The functions work like those of Executor. The loop, the pipeline and the builder must outlive it.
#pragma once

#include <deque>

#include "ci/executors/executor.h"
#include "ci/executors/image_context.h"
#include "ci/language/pipeline.h"
#include "sys/temporary_directory.h"

namespace quire::ci {

/// The job that the commands for building the image belong to. No pipeline can define it: ids have no '/'.
constexpr const char* image_job = "quire/image";

/// Logs a build like any other command. The build comes back through start(), as a command of image_job.
class ImageBuilder {
public:
    virtual ~ImageBuilder() = default;
    /// Readers see `shown` in place of argv. `done` gets nullopt on success, otherwise the reason.
    virtual void build_image(std::vector<std::string> argv, std::string shown,
                             std::function<void(std::optional<std::string>)> done) = 0;
};

class ExecutorPool {
public:
    using Done = std::function<void()>;

    struct Setup {
        sys::Loop& loop;
        const Pipeline& pipeline;
        std::vector<std::string> jobs; ///< those that may run; only what they need must be available
        std::string wanted = "auto";   ///< "auto", "host", "bwrap", "container"
        std::string engine;            ///< see Container
        Setting setting;               ///< has the environment for host and bwrap; the pool adds mounts and network
        sys::Environment container_environment; ///< on top of the image's own
        std::string git_dir;                    ///< an absolute path; jobs see the repository read-only; may be empty
        bool on_forge = false;                  ///< a repository of the forge: the operator's part of it is hidden
        std::optional<ImageContext> dockerfile;
        std::string scratch;     ///< where temporary directories are made; empty: the system's place
        std::string image_dates; ///< see image_use.h
        Limits limits = {};
        std::optional<StartedHelper> early = {}; ///< for the host, in case that commands run there
    };

    static Result<std::unique_ptr<ExecutorPool>> create(Setup setup);
    ~ExecutorPool();

    /// REQUIRES, if there is a Dockerfile: called before the first start().
    void set_builder(ImageBuilder& builder) { m_builder = &builder; }

    CommandId start(CommandSpec spec, CommandObserver& observer);
    /// Where the job's commands run: "host", "bwrap" or "container".
    std::string_view place_of(const std::string& job) const;
    /// What every command of the job gets, apart from what a container's image has.
    const sys::Environment& environment_of(const std::string& job) const;
    void end_job(const std::string& job, Done done);
    void close(Done done);
    /// Of all places that had the workspace.
    /// REQUIRES: close() has called back.
    Aftermath aftermath() const;
    /// How a person's command is started where the job's commands run. Its mounts exist as long as the pool.
    Result<Confinement> confine_person(const std::string& job, std::vector<std::string> command,
                                       const sys::Environment& more, bool on_terminal) const;

private:
    enum class Kind { host, bwrap, container, built, builder, beside };
    struct Waiting {
        CommandSpec spec;
        CommandObserver* observer;
    };
    struct Slot {
        Kind kind;
        std::string image;
        std::string job = {}; ///< the only one that runs there, because it has limits; empty: any
        JobLimits limits = {};
        int number = 0; ///< the container's
        std::unique_ptr<Executor> executor = nullptr;
        std::deque<Waiting> waiting = {}; ///< commands that wait for the image
        bool building = false;
        std::string broken = {}; ///< why the image can't be used
    };

    explicit ExecutorPool(Setup setup) : m_setup(std::move(setup)) {}
    Result<void> assign();
    Result<size_t> slot_for(const Job& job);
    Result<void> check(const Slot& slot, const Job& job);
    /// A job with limits has a place of its own, so that no other job uses up its room.
    size_t add_slot(Kind kind, std::string image, const Job* job = nullptr);
    Result<void> add_mounts();
    Slot& slot_of(const std::string& job);
    Slot* beside();
    Result<Confinement> confinement(const Slot& slot, std::string group = {}) const;
    void open(Slot& slot);
    void look_for_image(Slot& slot);
    void build(Slot& slot);
    void image_is_there(Slot& slot);
    void give_up(Slot& slot, std::string reason);
    void finish_later(const Waiting& waiting, CommandResult result);

    Setup m_setup;
    std::string m_engine;
    std::deque<Slot> m_slots;
    std::map<std::string, size_t> m_slot_of_job;
    ImageBuilder* m_builder = nullptr;
    std::optional<sys::Process> m_inspection; ///< asks the engine whether it has the image
    sys::Loop::Id m_inspection_watch = 0;
    std::optional<sys::TemporaryDirectory> m_files;   ///< files that exist only to be mounted
    std::optional<sys::TemporaryDirectory> m_context; ///< exists while the image is built
    bool m_has_built = false;
    size_t m_groups = 0;            ///< made so far
    bool m_told_who_limits = false; ///< once in a run
    bool m_closing = false;
    size_t m_open = 0;
};

} // namespace quire::ci
