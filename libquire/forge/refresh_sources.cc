#include "forge/refresh_sources.h"

#include "base/strings.h"
#include "forge/pipeline_files.h"
#include "git/git.h"
#include "git/head.h"
#include "sys/temporary_directory.h"
#include "text/json.h"

namespace quire::forge {

using store::RepositorySources;

constexpr size_t max_listing = 4u << 20;
/// quire-ci ends an endless pipeline by itself, by processor time, of which a busy machine gives it little.
constexpr int64_t time_limit = 120 * nanoseconds_per_second;

Result<DefaultBranch> default_branch(int repository)
{
    DefaultBranch branch{.ref = TRY(git::head_ref(repository)), .sha = ""};
    if (branch.ref.empty())
        return branch;
    sys::Output answer =
        TRY(git::run(repository, {"rev-parse", "--verify", "--quiet", "--end-of-options", branch.ref + "^{commit}"}));
    if (answer.status == 0)
        branch.sha = trim(answer.out);
    return branch;
}

static Result<RepositorySources> ask_pipeline(int repository, const std::string& sha, const std::string& programs)
{
    auto directory = TRY(sys::TemporaryDirectory::create("", "quire-sources"));
    auto written = write_pipeline(repository, sha, PipelineFiles::code, directory.fd());
    if (!written && written.error().kind == ErrorKind::refused)
        return RepositorySources{.error = written.error().message};
    if (!TRY(std::move(written)))
        return RepositorySources{};
    // It only learns the pipeline's own directory, so its messages name ".quire/ci.fnl".
    sys::Output answer =
        TRY(sys::run({.argv = {programs + "/quire-ci", "sources", "--json", "--no-cache"}, .directory = directory.fd()},
                     {.limit = max_listing, .timeout = time_limit}));
    if (answer.status == 1)
        return RepositorySources{.error = std::string(trim(answer.err).substr(0, trim(answer.err).find('\n')))};
    if (answer.status != 0)
        return fail(ErrorKind::system, "quire-ci sources ended with {}: {}", answer.status, trim(answer.err));
    auto data = TRY(text::read_json(answer.out, "quire-ci sources"));
    return store::sources_from_data(data, "quire-ci sources");
}

Result<RepositorySources> refresh_sources(const store::Root& root, const store::RepoName& name,
                                          const std::string& programs)
{
    UniqueFd repository = TRY(root.open_repository(name));
    Instant looked_at = now();
    DefaultBranch branch = TRY(default_branch(repository.get()));
    auto known = store::read_sources(repository.get()); // a broken file is rewritten
    RepositorySources sources;
    if (known && *known && (*known)->sha == branch.sha && (*known)->ref == branch.ref)
        sources = std::move(**known);
    else if (!branch.sha.empty())
        sources = TRY(ask_pipeline(repository.get(), branch.sha, programs));
    sources.sha = branch.sha;
    sources.ref = branch.ref;
    sources.looked_at = looked_at;
    TRY(store::write_sources(repository.get(), sources));
    return sources;
}

} // namespace quire::forge
