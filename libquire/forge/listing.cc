#include "forge/listing.h"

#include "forge/default_branch.h"

#include <algorithm>

#include "base/natural_order.h"
#include "base/strings.h"
#include "forge/sizes.h"
#include "git/git.h"
#include "store/repositories.h"
#include "sys/file.h"

namespace quire::forge {

std::optional<Instant> last_push(int repository)
{
    if (auto log = sys::stat_at(repository, store::paths::push_log); log && *log)
        return sys::modified_at(**log);
    auto names = sys::list_directory(repository, "refs/heads");
    bool has_loose = names && !names->empty();
    std::optional<Instant> latest;
    for (const char* path : {"packed-refs", "refs/heads"}) {
        auto status = sys::stat_at(repository, path);
        if (status && *status && (has_loose || std::string_view(path) == "packed-refs"))
            latest = std::max(latest.value_or(0), sys::modified_at(**status));
    }
    return latest;
}

static Result<Summary> summarize(int repositories, const store::RepoName& name, Sizes& sizes)
{
    UniqueFd repository = TRY(sys::open_beneath(repositories, name.directory(), O_PATH | O_DIRECTORY));
    Summary summary{.name = name, .config = read_config(repository.get(), name)};
    summary.last_push = last_push(repository.get());
    summary.bytes = TRY(sizes.of(repository.get(), name));
    return summary;
}

Result<std::vector<Summary>> summarize_all(const store::Root& root)
{
    Sizes sizes = Sizes::load(root);
    UniqueFd repositories = TRY(sys::open_directory(root.fd(), store::paths::repositories));
    std::vector<Summary> all;
    for (const store::RepoName& name : TRY(store::list_repositories(root))) {
        auto summary = summarize(repositories.get(), name, sizes);
        if (!summary && summary.error().kind == ErrorKind::not_found)
            continue;
        if (!summary)
            return with_context(std::move(summary).error(), name.str());
        all.push_back(std::move(*summary));
    }
    sizes.save(root);
    std::sort(all.begin(), all.end(),
              [](const Summary& a, const Summary& b) { return natural_less(a.name.str(), b.name.str()); });
    return all;
}

Result<Summary> summarize(const store::Root& root, const store::RepoName& name)
{
    TRY(root.open_repository(name)); // fails with "there is no repository" if there is none
    UniqueFd repositories = TRY(sys::open_directory(root.fd(), store::paths::repositories));
    Sizes sizes = Sizes::load(root);
    Summary summary = TRY(summarize(repositories.get(), name, sizes));
    sizes.save(root);
    return summary;
}

text::Data to_data(const Summary& summary)
{
    text::Data data{text::Data::Table()};
    data.set("name", summary.name.str());
    data.set("description", summary.config.description);
    data.set("private", summary.config.is_private);
    data.set("public-runs", summary.config.public_runs);
    data.set("frozen", summary.config.frozen);
    if (!summary.config.frozen_message.empty())
        data.set("frozen-message", summary.config.frozen_message);
    data.set("last-push", summary.last_push ? text::Data(format_instant(*summary.last_push)) : text::Data());
    data.set("size", summary.bytes);
    if (!summary.config.fault.empty())
        data.set("fault", summary.config.fault);
    return data;
}

Result<Details> describe_repository(const store::Root& root, const store::RepoName& name)
{
    Details details{.summary = TRY(summarize(root, name))};
    UniqueFd repository = TRY(root.open_repository(name));
    details.default_branch = TRY(default_branch_of(root, name));
    std::string refs = TRY(git::run_ok(repository.get(), {"for-each-ref", "--format=%(refname)"}));
    for (std::string_view ref : split(refs, '\n'))
        details.refs += !ref.empty() && !ref.starts_with("refs/quire/");
    details.is_empty = details.refs == 0;
    details.mirrors = TRY(store::list_mirrors(repository.get()));
    details.path = root.absolute(store::paths::repository(name));
    if (auto config = forge::read_global_config(root)) {
        details.clone_url = config->clone_url(name);
        details.page_url = config->url.empty() ? "" : fmt::format("{}/{}", config->url, name.str());
    }
    return details;
}

text::Data to_data(const Details& details)
{
    text::Data data = to_data(details.summary);
    data.set("default-branch", details.default_branch);
    data.set("refs", details.refs);
    data.set("path", details.path);
    data.set("clone-url", details.clone_url);
    data.set("page", details.page_url);
    text::Data::Sequence mirrors;
    for (const store::Mirror& mirror : details.mirrors)
        mirrors.push_back(to_data(mirror));
    data.set("mirrors", std::move(mirrors));
    return data;
}

} // namespace quire::forge
