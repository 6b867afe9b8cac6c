// (mirror …) of a run: what is asked of `quire-ci push-mirror`, which runs beside the job (deliver/mirror.h does the
// work).
#include "base/log.h"
#include "base/strings.h"
#include "ci/run/run_host.h"
#include "store/mirror.h"
#include "sys/file.h"
#include "text/json.h"

namespace quire::ci {

using text::Data;

/// Of a repository's mirror: the runner's part of it is added here, so that a pipeline can't say which it is.
static Result<void> complete_named(const Handoff& handoff, const std::string& name, RunHost& host,
                                   const std::string& job, Data& request)
{
    if (handoff.root.empty())
        return fail(ErrorKind::refused, "mirror: '{}' is a mirror on the forge; a run without one has none", name);
    if (!store::is_mirror_name(name))
        return fail(ErrorKind::invalid, "mirror: '{}' is no name of a mirror", visible(name));
    UniqueFd repository = TRY(sys::open_directory(AT_FDCWD, handoff.git_dir));
    auto mirror = store::read_mirror(repository.get(), name);
    if (!mirror)
        return with_context(std::move(mirror).error(), "mirror");
    if (auto secret = TRY(store::read_mirror_secret(repository.get(), name)))
        request.set("secret", TRY(host.secret(job, secret->secret)));
    request.set("mirror", name);
    request.set("root", handoff.root);
    request.set("repository", handoff.repository);
    return {};
}

/// An address of the pipeline's own. It runs with the operator's rights, so a job of the forge may name nothing by it
/// that the job itself could not reach.
static Result<void> check_own(const Handoff& handoff, const Data& request)
{
    if (handoff.root.empty())
        return {};
    std::string url = request.string_or("url", "");
    if (!url.starts_with("https://") && !url.starts_with("http://"))
        return fail(ErrorKind::refused, "mirror: :url is https here; for another, make a mirror: quire mirror add {} …",
                    handoff.repository);
    if (request.string_or("git-dir", "") != handoff.git_dir)
        return fail(ErrorKind::refused, "mirror: :git-dir is that of the push");
    std::string header = to_lower(request.string_or("auth-header", ""));
    if (!header.starts_with("authorization:"))
        return fail(ErrorKind::refused, "mirror: :auth-header begins with Authorization:");
    return {};
}

Result<ShRequest> RunHost::mirror(const std::string& job, const Data& options)
{
    if (!options.table())
        return fail(ErrorKind::invalid, "mirror takes a mirror's name, or a table of options");
    Data request{Data::Table{}};
    for (const char* key : {"refs", "force", "prune", "url", "auth-header", "git-dir", "sha", "tag"})
        if (const Data* value = options.find(key))
            request.set(key, *value);
    std::string name = options.string_or("mirror", "");
    std::string shown = "push to mirror " + name;
    if (!name.empty()) {
        TRY(complete_named(m_setup.handoff, name, *this, job, request));
    } else {
        TRY(check_own(m_setup.handoff, request));
        shown = "push to " + request.string_or("url", "");
    }
    std::string program = TRY(sys::read_link(AT_FDCWD, "/proc/self/exe"));
    return ShRequest{.argv = {program, "push-mirror"},
                     .shown = shown,
                     .environment = {},
                     .input = text::write_json(request),
                     .directory = {},
                     .quiet = true,
                     .beside = true};
}

} // namespace quire::ci
