#include "forge/job_times.h"

#include <algorithm>
#include <cmath>

#include "store/event_reader.h"
#include "store/run_directory.h"
#include "sys/file.h"

namespace quire::forge {

static double number_of(const text::Data& event, std::string_view key)
{
    const text::Data* found = event.find(key);
    double number = !found             ? 0
                    : found->number()  ? *found->number()
                    : found->integer() ? static_cast<double>(*found->integer())
                                       : 0;
    return number > 0 && number < 1e15 ? number : 0;
}

/// Whether somebody ended the run: that a job of it failed then says nothing about the job.
static bool was_ended(store::RunState state)
{
    return state == store::RunState::canceled || state == store::RunState::superseded;
}

static void take_run(int run, const store::RunRecord& record, JobTimes& times)
{
    store::EventReader events(run);
    for (;;) {
        auto event = events.next();
        if (!event || !*event)
            return;
        std::string state = (*event)->string_or("state", "");
        if ((*event)->string_or("event", "") != "job-ended" || (*event)->boolean_or("reused", false) ||
            (state != "succeeded" && state != "failed") || (state == "failed" && was_ended(record.state)))
            continue;
        times[(*event)->string_or("job", "")].push_back(
            {.run = record.number,
             .sha = record.sha,
             .is_well = state == "succeeded",
             .seconds = number_of(**event, "duration"),
             .cpu = number_of(**event, "cpu"),
             .memory = static_cast<uint64_t>(number_of(**event, "memory"))});
    }
}

Result<JobTimes> job_times(int runs, const store::RepoName& repo, size_t limit, uint64_t before)
{
    JobTimes times;
    for (uint64_t number : TRY(store::newest_runs(runs, limit, before))) {
        auto run = sys::open_directory(runs, std::to_string(number));
        auto record = run ? store::read_run_record(run->get(), repo, std::to_string(number))
                          : Result<store::RunRecord>(Unexpected(std::move(run).error()));
        if (record && store::is_terminal(record->state) && record->state != store::RunState::skipped)
            take_run(run->get(), *record, times);
    }
    return times;
}

/// The value below which that part of the others is.
template <class Value>
static Value quantile(std::vector<Value> values, double part)
{
    if (values.empty())
        return {};
    auto place = static_cast<std::ptrdiff_t>(static_cast<double>(values.size()) * part);
    auto at = values.begin() + std::min(place, static_cast<std::ptrdiff_t>(values.size()) - 1);
    std::nth_element(values.begin(), at, values.end());
    return *at;
}

template <class Value>
static Value median(const std::vector<Value>& values)
{
    return quantile(values, 0.5);
}

Usual usual_of(const std::vector<JobTime>& times)
{
    constexpr size_t fewest = 3;
    std::vector<double> seconds, cpu;
    std::vector<uint64_t> memory;
    for (const JobTime& time : times) {
        if (!time.is_well)
            continue;
        seconds.push_back(time.seconds);
        cpu.push_back(time.cpu);
        memory.push_back(time.memory);
    }
    return seconds.size() < fewest ? Usual() : Usual{median(seconds), median(cpu), median(memory)};
}

/// How far three quarters of the values are from their median at most.
static double spread(const std::vector<double>& values, double middle)
{
    std::vector<double> away;
    for (double value : values)
        away.push_back(std::abs(value - middle));
    return quantile(away, 0.75);
}

std::optional<TimeChange> find_change(const std::vector<JobTime>& times)
{
    constexpr size_t fewest = 4, window = 15;
    constexpr double least_ratio = 4.0 / 3, least_seconds = 0.5, least_spreads = 4;
    std::vector<JobTime> well; // oldest first
    for (auto time = times.rbegin(); time != times.rend(); ++time)
        if (time->is_well)
            well.push_back(*time);
    std::optional<TimeChange> best;
    double best_score = 0;
    for (size_t at = fewest; at + fewest <= well.size(); ++at) {
        std::vector<double> before, after;
        for (size_t i = at > window ? at - window : 0; i < at; ++i)
            before.push_back(well[i].seconds);
        for (size_t i = at; i < std::min(well.size(), at + window); ++i)
            after.push_back(well[i].seconds);
        double old_time = median(before), new_time = median(after), apart = std::abs(new_time - old_time);
        double noise = std::max(spread(before, old_time), spread(after, new_time));
        double ratio = std::max(old_time, new_time) / std::max(1e-3, std::min(old_time, new_time));
        if (ratio < least_ratio || apart < least_seconds || apart < least_spreads * noise)
            continue;
        // Where the jump between neighbours is largest, the change begins there and not a few runs away.
        double score = apart + std::abs(well[at].seconds - well[at - 1].seconds);
        if (score <= best_score)
            continue;
        best_score = score;
        best = TimeChange{well[at], well[at - 1], old_time, new_time};
    }
    return best;
}

} // namespace quire::forge
