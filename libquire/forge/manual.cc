#include "forge/manual.h"

#include "base/strings.h"
#include "forge/config.h"
#include "forge/refresh_sources.h"
#include "store/create_run.h"
#include "store/parameters.h"
#include "sys/file.h"

namespace quire::forge {

using store::ManualSource;
using store::RepoName;
using store::RepositorySources;

static std::string did_you_mean(std::string_view word, const std::vector<std::string>& known)
{
    auto close = nearest(word, known);
    return close ? fmt::format("; did you mean '{}'?", *close) : "";
}

Result<RepositorySources> current_sources(const store::Root& root, const RepoName& name, const std::string& programs)
{
    RepositorySources sources = TRY(refresh_sources(root, name, programs));
    if (!sources.error.empty())
        return fail(ErrorKind::refused, "the pipeline on {}'s default branch is broken: {}", name.str(), sources.error);
    return sources;
}

Result<store::RunRecord> fire_manual(const store::Root& root, const RepoName& name, const std::string& source,
                                     const std::map<std::string, std::string>& given, const std::string& pusher,
                                     const std::string& programs)
{
    UniqueFd repository = TRY(root.open_repository(name));
    if (sys::exists(repository.get(), store::paths::repository_moving))
        return fail(ErrorKind::busy, "{} is being moved; try again in a moment", name.str());
    store::RepositoryConfig config = read_config(repository.get(), name);
    if (config.frozen)
        return fail(ErrorKind::refused, "{} is frozen, nothing is run{}", name.str(),
                    config.frozen_message.empty() ? "" : ": " + config.frozen_message);
    RepositorySources sources = TRY(current_sources(root, name, programs));
    const ManualSource* wanted = sources.find_manual(source);
    if (!wanted) {
        std::vector<std::string> known;
        for (const ManualSource& one : sources.manual)
            known.push_back(one.name);
        return fail(ErrorKind::not_found, "{} has no manual source '{}'{}", name.str(), source,
                    known.empty() ? "; its pipeline registers none" : did_you_mean(source, known));
    }
    text::Data parameters = TRY(store::fill_parameters(*wanted, given));
    auto runs = TRY(store::create_runs(root, name,
                                       {{.source = "manual",
                                         .event = source,
                                         .parameters = std::move(parameters),
                                         .ref = sources.ref,
                                         .sha = sources.sha,
                                         .pusher = pusher}}));
    return runs[0];
}

} // namespace quire::forge
