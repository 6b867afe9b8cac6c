// The launcher for an argv prefix, such as ["systemd-run" "--scope"] or ["ssh" "worker"]: quire-ci behind those words.
//
// The prefix is our child, but quire-ci need not be: a connection may break while the far side goes on. So the child's
// end only says when to look; far_run.h says what there is to see. The far side must see the data root at the same
// path.
#include <signal.h>

#include <algorithm>

#include "base/log.h"
#include "runner/far_run.h"
#include "runner/launchers.h"
#include "runner/local_processes.h"
#include "sys/file.h"
#include "text/shell_words.h"

namespace quire::runner {

namespace paths = store::paths;

namespace {

constexpr int64_t poll_every = nanoseconds_per_second / 4;
/// A run that an earlier runner started, and that has not begun after this time, never will.
constexpr int64_t patience = 120 * nanoseconds_per_second;

/// ssh joins the words with blanks for a shell, systemd-run passes them on: only plain ones mean the same to both.
Result<void> check_plain(const std::vector<std::string>& words)
{
    for (const std::string& word : words)
        if (std::string plain = word; std::erase(plain, '=') <= 1 && text::shell_quote(plain) != plain)
            return fail(ErrorKind::refused,
                        "'{}' can't stand behind the words of :launcher, since a shell would read it differently: "
                        "the data root needs a plainer path",
                        visible(word));
    return {};
}

class PrefixRun final : public LaunchedRun {
public:
    PrefixRun(sys::Loop& loop, std::vector<std::string> prefix, std::string quire_ci, const RunPlace& place,
              std::optional<sys::Process> child)
        : m_loop(loop), m_prefix(std::move(prefix)), m_quire_ci(std::move(quire_ci)), m_marker(place.marker),
          m_engine(place.engine), m_directory(place.directory.get()), m_started_at(place.record.started_at),
          m_child(std::move(child))
    {}
    ~PrefixRun() override { m_loop.cancel(m_timer); }

    void watch(Ended ended) override
    {
        m_ended = std::move(ended);
        if (!m_child)
            return later(0);
        m_child_watch.emplace(m_loop, *m_child, [this](int status) {
            m_child.reset();
            m_exit = status;
            look();
        });
    }

    /// quire-ci looks for the stop file itself. What is still on its way is called back.
    void signal(int number) override
    {
        auto back = take_handoff_back(m_directory);
        if (back && *back) {
            m_is_called_back = true;
            return signal_child(number);
        }
        if (number != SIGKILL)
            return;
        signal_child(number);
        auto killer = begin_reap({"--leader"}, [](int) {});
        if (!killer)
            log("{}: {}", m_prefix[0], killer.error().message);
    }

    Result<void> reap(Reaped reaped) override { return begin_reap({}, std::move(reaped)); }

private:
    void signal_child(int number)
    {
        if (m_child)
            (void)m_child->signal(number);
    }

    Result<void> begin_reap(std::vector<std::string> options, Reaped reaped)
    {
        sys::Command command{.argv = m_prefix, .environment = quire_ci_environment()};
        command.argv.insert(command.argv.end(), {m_quire_ci, "reap"});
        if (!m_engine.empty())
            options.insert(options.end(), {"--engine", m_engine});
        command.argv.insert(command.argv.end(), options.begin(), options.end());
        command.argv.push_back(m_marker);
        m_reaper_watch.reset();
        m_reaper = TRY(sys::spawn(command));
        m_reaper_watch.emplace(m_loop, *m_reaper, std::move(reaped));
        return {};
    }

    void later(int64_t delay)
    {
        m_timer = m_loop.after(delay, [this] { look(); });
    }

    void look()
    {
        FarState state = far_state(m_directory);
        if (state == FarState::not_begun && (m_exit || now() - m_started_at > patience)) {
            auto back = take_handoff_back(m_directory);
            m_is_called_back = back && *back;
        }
        if (state == FarState::over || m_is_called_back)
            return m_ended(m_exit); // may destroy us
        later(poll_every);
    }

    sys::Loop& m_loop;
    std::vector<std::string> m_prefix;
    std::string m_quire_ci, m_marker, m_engine;
    int m_directory; ///< the place's
    Instant m_started_at;
    std::optional<sys::Process> m_child, m_reaper;
    std::optional<ChildWatch> m_child_watch, m_reaper_watch;
    std::optional<int> m_exit; ///< of the prefix
    bool m_is_called_back = false;
    sys::Loop::Id m_timer = 0;
    Ended m_ended;
};

class PrefixLauncher final : public Launcher {
public:
    PrefixLauncher(sys::Loop& loop, const std::string& programs) : m_loop(loop), m_quire_ci(programs + "/quire-ci") {}

    Result<std::unique_ptr<LaunchedRun>> start(const RunPlace& place, const LaunchOrder& order,
                                               sys::FileLock prepared) override
    {
        std::vector<std::string> words = far_command(m_quire_ci, place, order);
        TRY(check_plain(words));
        TRY(write_launch(place.directory.get(), {.launcher = order.launcher}));
        sys::Command command{.argv = order.launcher.prefix,
                             .environment = order.environment,
                             .output = order.log,
                             .error = order.log,
                             .new_session = true};
        command.argv.insert(command.argv.end(), words.begin(), words.end());
        {
            sys::FileLock released = std::move(prepared); // for the far side to take
        }
        sys::Process child = TRY(sys::spawn(command));
        return launched(order.launcher.prefix, place, std::move(child));
    }

    Result<std::unique_ptr<LaunchedRun>> adopt(const RunPlace& place) override
    {
        auto launch = TRY(read_launch(place.directory.get()));
        return launched(launch ? launch->launcher.prefix : std::vector<std::string>(), place, std::nullopt);
    }

private:
    std::unique_ptr<LaunchedRun> launched(std::vector<std::string> prefix, const RunPlace& place,
                                          std::optional<sys::Process> child)
    {
        return std::make_unique<PrefixRun>(m_loop, std::move(prefix), m_quire_ci, place, std::move(child));
    }

    sys::Loop& m_loop;
    std::string m_quire_ci;
};

} // namespace

std::unique_ptr<Launcher> make_prefix_launcher(sys::Loop& loop, std::string programs)
{
    return std::make_unique<PrefixLauncher>(loop, programs);
}

} // namespace quire::runner
