#include "web/runs/failing_since.h"

#include <optional>

#include "web/runs/run_feed.h"

namespace quire::web {

/// Runs that are looked at to find the last one that was green.
constexpr size_t most_before = 500;

bool is_red(store::RunState state)
{
    return state == store::RunState::failed || state == store::RunState::errored || state == store::RunState::timed_out;
}

namespace {

struct Since {
    store::RunRecord first;                ///< the first red one
    std::optional<store::RunRecord> green; ///< the last green one before it, if it was met
};

Since look_back(const Visit& visit, const store::RunRecord& run)
{
    Since since{run, {}};
    uint64_t before = run.number;
    constexpr size_t piece = 20;
    for (size_t looked_at = 0; before > 1 && looked_at < most_before; looked_at += piece) {
        auto list =
            list_runs(visit, {.ref = run.ref, .before = before, .limit = piece, .skipped = Skipped::passed_over});
        if (!list || list->runs.empty())
            break;
        for (store::RunRecord& one : list->runs) {
            before = one.number;
            if (one.source != run.source || one.event != run.event)
                continue;
            if (one.state == store::RunState::succeeded) {
                since.green = std::move(one);
                return since;
            }
            if (is_red(one.state))
                since.first = std::move(one);
        }
    }
    return since;
}

} // namespace

Html failing_since(const Visit& visit, const store::RunRecord& run)
{
    Html html;
    if (!is_red(run.state))
        return html;
    auto [first, green] = look_back(visit, run);
    auto link = [](const store::RunRecord& one) {
        return Html().add("<a href=\"{}\">#{}</a>, <code>{}</code>", Url::run(one.repo, one.number), one.number,
                          one.sha.substr(0, 8));
    };
    html.append(first.number == run.number ? Html().text("this run") : link(first));
    if (green)
        html.add(" · last green {} · <a href=\"{}\">what changed</a>", link(*green),
                 Url::view(run.repo, "compare", green->sha + ".." + first.sha));
    return html;
}

} // namespace quire::web
