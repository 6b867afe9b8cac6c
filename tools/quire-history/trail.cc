// trail: every name that a file has had, and what became of it.
#include "history/trail.h"

#include "base/log.h"
#include "text/escape.h"
#include "text/json.h"
#include "verbs.h"

namespace quire::history_tool {

constexpr cli::Flag trail_flags[] = {{"json", nullptr, "print JSON, for scripts"}};
constexpr int64_t most_seconds = 60;

static std::string text_of(const history::Trail& trail)
{
    std::string text;
    for (const history::TrailStop& stop : trail.stops)
        text += fmt::format("{}\t{}\t{}\t{}\t{:.2f}\n", git::to_string(stop.commit), history::name_of(stop.kind),
                            text::for_terminal(stop.path), stop.parent ? text::for_terminal(stop.before) : "-",
                            stop.similarity);
    return text;
}

static std::string json_of(const history::Trail& trail)
{
    text::Data::Sequence stops;
    for (const history::TrailStop& stop : trail.stops) {
        text::Data data;
        data.set("commit", git::to_string(stop.commit));
        data.set("kind", std::string(history::name_of(stop.kind)));
        data.set("path", stop.path);
        if (stop.parent) {
            data.set("parent", git::to_string(*stop.parent));
            data.set("before", stop.before);
            data.set("similarity", stop.similarity);
        }
        stops.push_back(std::move(data));
    }
    text::Data all;
    all.set("path", trail.path);
    all.set("commit", git::to_string(trail.commit));
    all.set("stops", std::move(stops));
    all.set("complete", !trail.is_partial);
    return text::write_json(all) + "\n";
}

Result<int> verb_trail(const cli::Arguments& arguments)
{
    cli::Options options = TRY(cli::Options::parse("trail", trail_flags, {3, 3}, arguments));
    const cli::Arguments& operands = options.operands();
    git::Repository repository = TRY(open_repository(operands[0]));
    git_oid commit = TRY(find_commit(repository, operands[1]));
    git_oid tip = repository.commit_of_ref(repository.default_branch()).value_or(commit);
    Patience patience(monotonic_now() + most_seconds * nanoseconds_per_second);
    history::Trail trail = TRY(history::find_trail(repository, tip, commit, operands[2], patience));
    TRY(cli::print(options.has("json") ? json_of(trail) : text_of(trail)));
    if (trail.is_partial)
        log_line("not all of it: that is as far as it came in a minute");
    return trail.is_partial ? cli::exit_no : cli::exit_yes;
}

} // namespace quire::history_tool
