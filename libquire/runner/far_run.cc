#include "runner/far_run.h"

#include "runner/marker.h"
#include "sys/atomic_file.h"
#include "sys/file.h"
#include "text/fnl.h"

namespace quire::runner {

namespace paths = store::paths;

static bool is_held(int run)
{
    auto held = sys::is_locked(run, paths::run_lock);
    return !held || *held;
}

FarState far_state(int run)
{
    if (is_held(run))
        return FarState::working;
    if (sys::exists(run, paths::run_dispatch))
        return FarState::not_begun;
    // It may have begun between these two looks.
    return is_held(run) ? FarState::working : FarState::over;
}

Result<bool> take_handoff_back(int run)
{
    auto taken = sys::unlink_at(run, paths::run_dispatch);
    if (!taken && taken.error().kind == ErrorKind::not_found)
        return false;
    TRY(std::move(taken));
    return true;
}

static text::Data words(const std::vector<std::string>& all)
{
    text::Data::Sequence sequence;
    for (const std::string& word : all)
        sequence.emplace_back(word);
    return sequence;
}

static std::vector<std::string> words_in(const text::Data& data, std::string_view key)
{
    std::vector<std::string> all;
    if (const text::Data* found = data.find(key); found && found->sequence())
        for (const text::Data& word : *found->sequence())
            if (word.string())
                all.push_back(*word.string());
    return all;
}

Result<void> write_launch(int run, const Launch& launch)
{
    text::Data data{text::Data::Table{}};
    if (launch.launcher.is_slurm) {
        data.set("slurm", words(launch.launcher.slurm_options));
        data.set("script", launch.script);
    } else {
        data.set("prefix", words(launch.launcher.prefix));
    }
    return sys::replace_file_unsynced(run, paths::run_launch, text::write_fnl(data));
}

Result<std::optional<Launch>> read_launch(int run)
{
    auto content = sys::read_file(run, paths::run_launch, text::max_fnl_bytes);
    if (!content && content.error().kind == ErrorKind::not_found)
        return std::optional<Launch>();
    text::Data data = TRY(text::read_fnl(TRY(std::move(content)), paths::run_launch));
    Launch launch;
    launch.launcher.is_slurm = data.find("slurm") != nullptr;
    launch.launcher.slurm_options = words_in(data, "slurm");
    launch.launcher.prefix = words_in(data, "prefix");
    launch.script = data.string_or("script", "");
    return std::optional(std::move(launch));
}

std::vector<std::string> far_command(const std::string& quire_ci, const RunPlace& place, const LaunchOrder& order)
{
    std::vector<std::string> argv{"env", fmt::format("{}={}", leader_variable, place.marker), quire_ci, "run",
                                  "--away"};
    // The first of the arguments is the verb.
    argv.insert(argv.end(), order.arguments.begin() + 1, order.arguments.end());
    return argv;
}

} // namespace quire::runner
