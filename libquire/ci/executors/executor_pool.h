// ExecutorPool: where each job's commands run.
//
// --executor decides, or for "auto" what the pipeline says: a job's :image, (ci.image …), .quire/Dockerfile: a
// container; (ci.sandbox true): bubblewrap; else the host. There is one executor per distinct place, started with the
// first command that needs it; an image of .quire/Dockerfile is built then, unless the engine has it. What was asked
// for and is not there is an error of create(), never another place.
//
// The same calls as Executor's, and the same promises. The loop, the pipeline and the builder outlive it.
#pragma once

#include <deque>

#include "ci/executors/executor.h"
#include "ci/executors/image_context.h"
#include "ci/language/pipeline.h"
#include "sys/temporary_directory.h"

namespace quire::ci {

/// The job whose commands build the image. No pipeline can have it: ids have no '/'.
constexpr const char* image_job = "quire/image";

/// Sees to it that a build is logged like any command; it comes back through start(), as a command of image_job.
class ImageBuilder {
public:
    virtual ~ImageBuilder() = default;
    /// `shown` stands for argv in what is read; `done`: nothing when it went well, else why not.
    virtual void build_image(std::vector<std::string> argv, std::string shown,
                             std::function<void(std::optional<std::string>)> done) = 0;
};

class ExecutorPool {
public:
    using Done = std::function<void()>;

    struct Setup {
        sys::Loop& loop;
        const Pipeline& pipeline;
        std::vector<std::string> jobs; ///< those that may run; only what they need has to be there
        std::string wanted = "auto";   ///< "auto", "host", "bwrap", "container"
        std::string engine;            ///< see Container
        Setting setting; ///< its environment is that of the host and bwrap; mounts and network are made here
        sys::Environment container_environment; ///< over the image's own
        std::string git_dir;                    ///< absolute: the repository, to be seen read-only; may be empty
        bool on_forge = false;                  ///< it is one of the forge's: its operator's part is hidden
        std::optional<ImageContext> dockerfile;
        std::string scratch; ///< where temporary directories go; empty: the system's
        Limits limits = {};
    };

    static Result<std::unique_ptr<ExecutorPool>> create(Setup setup);
    ~ExecutorPool();

    /// REQUIRES, with a Dockerfile: called before the first start().
    void set_builder(ImageBuilder& builder) { m_builder = &builder; }

    CommandId start(CommandSpec spec, CommandObserver& observer);
    void end_job(const std::string& job, Done done);
    void close(Done done);

private:
    enum class Kind { host, bwrap, container, built, builder };
    struct Waiting {
        CommandSpec spec;
        CommandObserver* observer;
    };
    struct Slot {
        Kind kind;
        std::string image;
        int number = 0; ///< of the container
        std::unique_ptr<Executor> executor = nullptr;
        std::deque<Waiting> waiting = {}; ///< for the image
        bool building = false;
        std::string broken = {}; ///< why it can't be
    };

    explicit ExecutorPool(Setup setup) : m_setup(std::move(setup)) {}
    Result<void> assign();
    Result<size_t> slot_for(const Job& job);
    Result<void> check(const Slot& slot, const Job& job);
    size_t add_slot(Kind kind, std::string image);
    Result<void> add_mounts();
    Slot& slot_of(const std::string& job);
    Result<Confinement> confinement(const Slot& slot) const;
    void open(Slot& slot);
    void look_for_image(Slot& slot);
    void build(Slot& slot);
    void image_is_there(Slot& slot);
    void give_up(Slot& slot, std::string reason);
    void finish_later(Waiting waiting, CommandResult result);

    Setup m_setup;
    std::string m_engine;
    std::deque<Slot> m_slots;
    std::map<std::string, size_t> m_slot_of_job;
    ImageBuilder* m_builder = nullptr;
    std::optional<sys::Process> m_inspection; ///< asks the engine whether the image is there
    sys::Loop::Id m_inspection_watch = 0;
    std::optional<sys::TemporaryDirectory> m_files;   ///< what is mounted and lies nowhere else
    std::optional<sys::TemporaryDirectory> m_context; ///< while the image is built
    bool m_closing = false;
    size_t m_open = 0;
};

} // namespace quire::ci
