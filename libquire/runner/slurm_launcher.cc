// The launcher for Slurm: a run is a batch job whose name is the run's marker.
//
// sbatch can time out and submit all the same. So after anything but a plain success Slurm is asked, by name, before
// the job is submitted again. Should there be two all the same, only one gets the hand-off (far_run.h), and the other
// ends at once. A job that Slurm lost before it began is submitted again; one that has begun is never repeated.
// quire-ci is alive while its lock is held, or while Slurm says that its job is: a lock can be lost on a network's file
// system.
#include <signal.h>

#include "base/log.h"
#include "base/strings.h"
#include "runner/ending.h"
#include "runner/far_run.h"
#include "runner/launchers.h"
#include "runner/slurm_queue.h"
#include "sys/file.h"
#include "text/shell_words.h"

namespace quire::runner {

namespace paths = store::paths;
using store::RunState;

namespace {

constexpr int64_t command_limit = 120 * nanoseconds_per_second;
/// How often Slurm is asked about a job that waits for its place.
constexpr int64_t look_every = 2 * nanoseconds_per_second;
/// Of jobs that end before they begin, and of times that Slurm can't be reached just when it has answered.
constexpr int most_attempts = 8;
/// What Slurm refuses, it will refuse again.
constexpr int most_refusals = 2;

std::string last_line(std::string_view text)
{
    std::string_view words = trim(text);
    return visible(words.substr(words.rfind('\n') + 1));
}

/// Only a guess at how patient to be: what is said is told in the end either way.
bool is_about_contact(std::string_view said)
{
    for (std::string_view word : {"contact", "timed out", "onnect", "temporarily", "ommunication", "rotocol"})
        if (said.find(word) != std::string_view::npos)
            return true;
    return false;
}

class SlurmRun final : public LaunchedRun {
public:
    enum class Begin { by_submitting, by_asking };

    SlurmRun(SlurmQueue& queue, Launch launch, const RunPlace& place, Begin begin)
        : m_queue(queue), m_launch(std::move(launch)), m_name("quire-" + place.marker),
          m_directory(place.directory.get()), m_begin(begin)
    {
        m_queue.count(1);
    }
    ~SlurmRun() override
    {
        m_queue.loop().cancel(m_timer);
        m_queue.forget(m_ticket);
        m_queue.count(-1);
    }

    void watch(Ended ended) override
    {
        m_ended = std::move(ended);
        if (m_begin == Begin::by_submitting)
            submit();
        else
            ask();
    }

    /// quire-ci looks for the stop file itself; a job that has not begun is called back.
    void signal(int number) override
    {
        auto back = take_handoff_back(m_directory);
        if (back && *back)
            m_is_called_back = true;
        if (m_is_called_back && m_sbatch)
            return; // its job is canceled when it is there
        if (m_is_called_back)
            cancel({}, [this](int) { end(); });
        else if (number == SIGKILL)
            cancel({"--full", "--signal=KILL"}, [](int) {});
    }

    Result<void> reap(Reaped reaped) override
    {
        m_scancel = TRY(begin_cancel({}, std::move(reaped)));
        return {};
    }

private:
    void later(int64_t delay, void (SlurmRun::*what)())
    {
        m_queue.loop().cancel(m_timer);
        m_timer = m_queue.loop().after(delay, [this, what] { (this->*what)(); });
    }

    /// All of our environment is what the launcher made. A list of variables would make the node log the user in for
    /// more, which takes seconds.
    void submit()
    {
        sys::Command command{.argv = {"sbatch", "--parsable", "--job-name=" + m_name, "--output=/dev/null", "--chdir=/",
                                      "--no-requeue", "--export=ALL"},
                             .environment = m_queue.environment()};
        command.argv.insert(command.argv.end(), m_launch.launcher.slurm_options.begin(),
                            m_launch.launcher.slurm_options.end());
        auto begun = Errand::begin(m_queue.loop(), std::move(command), m_launch.script, command_limit,
                                   [this](const sys::Output& output) { submitted(output); });
        if (!begun)
            return give_up({RunState::errored, begun.error().message});
        m_sbatch = *std::move(begun);
    }

    void submitted(const sys::Output& output)
    {
        m_sbatch.reset();
        if (m_is_called_back)
            return cancel({}, [this](int) { end(); });
        if (output.status == 0) {
            m_refusal.clear();
            m_asked_at = monotonic_now();
            return look();
        }
        // It may have submitted the job all the same.
        m_refusal = last_line(output.err);
        ask();
    }

    void look()
    {
        if (m_is_called_back)
            return;
        switch (far_state(m_directory)) {
        case FarState::working:
            return later(m_queue.pace(), &SlurmRun::look);
        case FarState::not_begun:
            if (monotonic_now() - m_asked_at < look_every)
                return later(m_queue.pace(), &SlurmRun::look);
            return ask();
        case FarState::over:
            // What says its own end has ended. Otherwise Slurm has to say so, too.
            if (judge_run(m_directory, std::nullopt, std::nullopt).is_clean)
                return end();
            return ask();
        }
    }

    void ask()
    {
        m_ticket = m_queue.look([this](const SlurmJobs& jobs) { told(jobs); });
    }

    void told(const SlurmJobs& jobs)
    {
        m_asked_at = monotonic_now();
        if (m_is_called_back)
            return;
        const SlurmJob* job = find_job(jobs, m_name);
        FarState state = far_state(m_directory);
        if (job && is_alive(*job)) {
            m_attempts = 0;
            m_refusal.clear();
        }
        if (state == FarState::working || (job && is_alive(*job)))
            return later(m_queue.pace(), &SlurmRun::look);
        if (state == FarState::over)
            return end();
        // A slurmctld that was killed cancels jobs whose numbers it has given away twice, so once may be no one's will.
        if (job && job->state == "CANCELLED" && std::exchange(m_was_canceled, true))
            return give_up(
                {RunState::canceled, fmt::format("job {} was canceled in Slurm, as one before it", job->id)});
        bool is_refused = !m_refusal.empty() && !is_about_contact(m_refusal);
        if (++m_attempts > (is_refused ? most_refusals : most_attempts))
            return give_up({RunState::errored, why_not(job)});
        constexpr int64_t first_delay = nanoseconds_per_second / 2;
        later(first_delay << m_attempts, &SlurmRun::submit_again);
    }

    std::string why_not(const SlurmJob* job) const
    {
        if (job)
            return fmt::format("Slurm ended job {} as {} before the run began, and {} before it", job->id, job->state,
                               m_attempts - 1);
        return m_refusal.empty() ? "Slurm lost the job before the run began, again and again"
                                 : fmt::format("Slurm does not take the job: {}", m_refusal);
    }

    void submit_again()
    {
        if (far_state(m_directory) == FarState::not_begun)
            submit();
        else
            look();
    }

    void give_up(const Stop& stop)
    {
        auto back = take_handoff_back(m_directory);
        if (!back || !*back)
            return look(); // it has begun after all
        if (auto written = write_stop(m_directory, stop); !written)
            log("{}: {}", m_name, stop.reason);
        m_is_called_back = true;
        end();
    }

    void cancel(std::vector<std::string> options, Reaped done)
    {
        auto begun = begin_cancel(std::move(options), done);
        if (begun)
            m_scancel = *std::move(begun);
        else
            m_queue.loop().after(0, [done] { done(127); });
    }

    Result<std::unique_ptr<Errand>> begin_cancel(std::vector<std::string> options, Reaped done)
    {
        sys::Command command{.argv = {"scancel", "--me", "--quiet", "--name=" + m_name},
                             .environment = m_queue.environment()};
        command.argv.insert(command.argv.end(), options.begin(), options.end());
        return Errand::begin(m_queue.loop(), std::move(command), {}, command_limit,
                             [done = std::move(done)](const sys::Output& output) { done(output.status); });
    }

    /// From a turn of its own: whoever is told may destroy us.
    void end() { later(0, &SlurmRun::tell_end); }
    void tell_end() { m_ended(std::nullopt); }

    SlurmQueue& m_queue;
    Launch m_launch;
    std::string m_name;
    int m_directory; ///< the place's
    Begin m_begin;
    Ended m_ended;
    std::unique_ptr<Errand> m_sbatch, m_scancel;
    SlurmQueue::Ticket m_ticket = 0;
    sys::Loop::Id m_timer = 0;
    int64_t m_asked_at = 0;
    int m_attempts = 0;
    std::string m_refusal; ///< what sbatch said last, if it failed
    bool m_was_canceled = false;
    bool m_is_called_back = false;
};

/// What quire-ci's node gets of our environment, and Slurm's own commands: also where Slurm's settings are.
sys::Environment slurm_environment()
{
    sys::Environment environment = quire_ci_environment();
    if (auto value = sys::process_variable("SLURM_CONF"))
        sys::set_variable(environment, "SLURM_CONF", *value);
    return environment;
}

class SlurmLauncher final : public Launcher {
public:
    SlurmLauncher(sys::Loop& loop, const std::string& programs)
        : m_quire_ci(programs + "/quire-ci"), m_queue(loop, slurm_environment())
    {}

    Result<std::unique_ptr<LaunchedRun>> start(const RunPlace& place, const LaunchOrder& order,
                                               sys::FileLock prepared) override
    {
        const std::string& own = order.launcher.quire_ci;
        Launch launch{order.launcher, script(place, far_command(own.empty() ? m_quire_ci : own, place, order))};
        TRY(write_launch(place.directory.get(), launch));
        {
            sys::FileLock released = std::move(prepared); // for the far side to take
        }
        return launched(std::move(launch), place, SlurmRun::Begin::by_submitting);
    }

    Result<std::unique_ptr<LaunchedRun>> adopt(const RunPlace& place) override
    {
        auto launch = TRY(read_launch(place.directory.get()));
        return launched(launch.value_or(Launch{}), place, SlurmRun::Begin::by_asking);
    }

private:
    /// A job that comes too late finds no hand-off, and writes nothing.
    static std::string script(const RunPlace& place, const std::vector<std::string>& words)
    {
        std::string line;
        for (const std::string& word : words)
            line += " " + text::shell_quote(word);
        auto in_run = [&](const char* name) { return text::shell_quote(fmt::format("{}/{}", place.path, name)); };
        return fmt::format("#!/bin/sh\n[ -e {} ] || exit 0\nexec{} >>{} 2>&1\n", in_run(paths::run_dispatch), line,
                           in_run(paths::run_log));
    }

    std::unique_ptr<LaunchedRun> launched(Launch launch, const RunPlace& place, SlurmRun::Begin begin)
    {
        return std::make_unique<SlurmRun>(m_queue, std::move(launch), place, begin);
    }

    std::string m_quire_ci;
    SlurmQueue m_queue;
};

} // namespace

std::unique_ptr<Launcher> make_slurm_launcher(sys::Loop& loop, std::string programs)
{
    return std::make_unique<SlurmLauncher>(loop, programs);
}

} // namespace quire::runner
