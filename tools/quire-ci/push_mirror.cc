// quire-ci push-mirror: what (mirror …) of a job asks for, beside the job. JSON comes in and goes out:
//
//   {"root", "repository", "mirror", "secret", "refs", "force", "prune"}          a mirror of the forge's repository
//   {"git-dir", "url", "auth-header", "sha", "tag", "refs", "force", "prune"}     an address of the pipeline's own
//   {"pushed": […], "deleted": […], "unchanged": 3, "error": "…"}                 no error: all went
#include "base/log.h"
#include "cli/tool.h"
#include "deliver/mirror.h"
#include "sys/file.h"
#include "text/json.h"
#include "verbs.h"

namespace quire::ci_tool {

using deliver::PushOrder;
using deliver::PushReport;
using text::Data;

static Result<PushReport> push_named(const Data& request)
{
    store::Root root = TRY(store::Root::open(request.string_or("root", "")));
    store::RepoName repo = TRY(store::RepoName::parse(request.string_or("repository", "")));
    UniqueFd repository = TRY(root.open_repository(repo));
    PushOrder order = TRY(deliver::push_order_from_data(request));
    auto secret = [&](const std::string&) -> Result<std::string> { return request.string_or("secret", ""); };
    return deliver::push_mirror({root, repo, repository.get(), request.string_or("mirror", "")}, order, secret);
}

static Result<PushReport> push_to_address(const Data& request)
{
    UniqueFd repository = TRY(sys::open_directory(AT_FDCWD, request.string_or("git-dir", "")));
    PushOrder order = TRY(deliver::push_order_from_data(request));
    if (!request.find("refs"))
        order.refs.clear();
    if (std::string tag = request.string_or("tag", ""); !tag.empty())
        order.extra.emplace_back("refs/tags/" + tag, request.string_or("sha", ""));
    deliver::Remote remote{.repository = repository.get(),
                           .url = request.string_or("url", ""),
                           .header = request.string_or("auth-header", "")};
    return deliver::push_refs(remote, order, {});
}

Result<int> verb_push_mirror(const cli::Options&)
{
    constexpr size_t most = 4u << 20;
    Data request = TRY(text::read_json(TRY(sys::read_all(0, most, "standard input")), "standard input"));
    auto pushed = request.find("mirror") ? push_named(request) : push_to_address(request);
    PushReport report;
    if (pushed)
        report = std::move(*pushed);
    else
        report.error = pushed.error().message;
    for (const std::string& ref : report.pushed)
        log("pushed {}", ref);
    for (const std::string& ref : report.deleted)
        log("deleted {}", ref);
    log("{} refs were there already", report.unchanged);
    if (!report.error.empty())
        log("{}", report.error);
    Data answer{Data::Table{}};
    answer.set("pushed", Data::Sequence(report.pushed.begin(), report.pushed.end()));
    answer.set("deleted", Data::Sequence(report.deleted.begin(), report.deleted.end()));
    answer.set("unchanged", report.unchanged);
    if (!report.error.empty())
        answer.set("error", report.error);
    TRY(cli::print(text::write_json(answer) + "\n"));
    return report.error.empty() ? cli::exit_yes : cli::exit_no;
}

} // namespace quire::ci_tool
