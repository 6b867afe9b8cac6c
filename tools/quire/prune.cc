// prune: applies retention, which quire-runner also starts now and then.
#include <algorithm>
#include <iterator>

#include "base/log.h"
#include "cli/table.h"
#include "forge/retention.h"
#include "git/ref_name.h"
#include "store/repositories.h"
#include "text/escape.h"
#include "text/json.h"
#include "verbs.h"

namespace quire::tool {

using forge::Pruned;

static text::Data to_data(const Pruned& pruned)
{
    text::Data data{text::Data::Table{}};
    data.set("repo", pruned.record.repo.str());
    data.set("run", pruned.record.number);
    data.set("what", pruned.what == Pruned::What::run ? "run" : "artifacts");
    data.set("state", store::to_string(pruned.record.state));
    data.set("ref", pruned.record.ref);
    data.set("artifact-bytes", pruned.artifact_bytes);
    return data;
}

static std::string text_of(const std::vector<Pruned>& all)
{
    std::vector<std::vector<std::string>> rows;
    for (const Pruned& one : all)
        rows.push_back({one.record.repo.str(), fmt::format("#{}", one.record.number),
                        one.what == Pruned::What::run ? "run" : "artifacts", std::string(to_string(one.record.state)),
                        git::shown_ref(one.record.ref), cli::format_age(one.record.queued_at, now()),
                        one.artifact_bytes ? cli::format_size(one.artifact_bytes) : ""});
    using cli::Align;
    return cli::format_table(
        rows, {Align::left, Align::right, Align::left, Align::left, Align::left, Align::left, Align::right});
}

Result<int> verb_prune(const Call& call)
{
    cli::Options options = TRY(call.options());
    store::Root root = TRY(call.root());
    std::vector<store::RepoName> names;
    if (options.operands().empty()) {
        names = TRY(store::list_repositories(root));
    } else {
        names.push_back(TRY(Call::repository(root, options.operands()[0])));
        TRY(root.open_repository(names[0]));
    }
    forge::RetentionPolicy policy = TRY(forge::retention_policy(root));
    auto mode = options.has("dry-run") ? forge::PruneMode::dry_run : forge::PruneMode::act;
    std::vector<Pruned> all;
    int code = cli::exit_yes;
    for (const store::RepoName& name : names) {
        auto pruned = forge::prune_repository(root, name, policy, mode, now());
        if (pruned) {
            std::move(pruned->begin(), pruned->end(), std::back_inserter(all));
            continue;
        }
        // If one repository fails, the others are still pruned.
        log("{}: {}", name.str(), pruned.error().message);
        code = std::max(code, cli::exit_code_for(pruned.error()));
    }
    if (options.has("json")) {
        text::Data::Sequence list;
        for (const Pruned& one : all)
            list.push_back(to_data(one));
        TRY(cli::print(text::write_json(list) + "\n"));
    } else {
        TRY(cli::print(text_of(all)));
    }
    if (mode == forge::PruneMode::act)
        TRY(forge::empty_run_trash(root));
    return code;
}

} // namespace quire::tool
