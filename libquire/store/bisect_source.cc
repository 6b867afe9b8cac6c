#include "store/bisect_source.h"

#include "base/strings.h"

namespace quire::store {

std::optional<uint64_t> bisected_run(const RunRecord& run)
{
    std::string_view number = run.event;
    return is_of_bisection(run) && strip_prefix(number, "#") ? parse_decimal(number) : std::nullopt;
}

Result<RunRecord> as_bisected(const Root& root, const RunRecord& run)
{
    if (!is_of_bisection(run))
        return run;
    auto number = bisected_run(run);
    if (!number)
        return fail(ErrorKind::invalid, "run #{} of {} is of a bisection, and does not say of which run", run.number,
                    run.repo.str());
    RunRecord of = TRY(read_run_record(root, run.repo, *number));
    RunRecord told = run;
    told.source = std::move(of.source);
    told.event = std::move(of.event);
    told.parameters = std::move(of.parameters);
    return told;
}

} // namespace quire::store
