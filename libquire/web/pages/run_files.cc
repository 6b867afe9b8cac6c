// The files that a run keeps: "/NAME/runs/N/artifacts/JOB/PATH", "…/reports/JOB/PATH", "…/pipeline[/PATH]".
#include "base/strings.h"
#include "sys/file.h"
#include "sys/stamp.h"
#include "web/budget/costly.h"
#include "web/code/code_view.h"
#include "web/code/media.h"
#include "web/html/head.h"
#include "web/html/layout.h"
#include "web/html/parts.h"
#include "web/runs/run_reports.h"
#include "web/runs/run_visit.h"

namespace quire::web {

constexpr size_t largest_source = 1u << 20;

/// Sends a file as raw pages do: nothing in it is executed, and what browsers can't show is saved.
static Result<http::Response> send_file(RunVisit& visit, std::string_view kind)
{
    if (visit.rest.size() < 2)
        return fail(ErrorKind::not_found, "A file belongs to a job.");
    std::string job = visit.rest[0];
    std::string path = join({visit.rest.begin() + 1, visit.rest.end()}, "/");
    auto file = open_run_file(visit.directory.get(), kind, job, path);
    if (!file)
        return fail(ErrorKind::not_found, "Run #{} keeps no file '{}' of '{}'.", visit.run.number, shown_name(path),
                    shown_name(job));
    sys::Stamp stamp = TRY(sys::stamp_of(file->get(), path));
    http::Response response;
    response.policy = http::Policy::raw;
    response.content_type = raw_type(visit.rest.back(), TRY(sys::read_at(file->get(), 0, 8000)));
    if (response.content_type == "application/octet-stream")
        response.headers.emplace_back("Content-Disposition", "attachment");
    response.etag = '"' + stamp.lasting() + '"';
    response.stream = http::file_body(std::move(*file), static_cast<uint64_t>(stamp.size));
    return response;
}

Result<http::Response> run_artifact(RunVisit& visit) { return send_file(visit, store::paths::run_artifacts); }
/// All artifacts, each below its job's directory, while tar writes them. It follows no links.
Result<http::Response> run_artifacts_tar(RunVisit& visit)
{
    auto files =
        sys::open_beneath(visit.directory.get(), store::paths::run_artifacts, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
    if (!visit.rest.empty() || !files)
        return fail(ErrorKind::not_found, "Run #{} keeps no artifacts.", visit.run.number);
    auto place = std::make_shared<CostlyPlace>(TRY(CostlyPlace::take(visit.visit.request, Cost::transfer)));
    http::Response response;
    response.content_type = "application/x-tar";
    response.policy = http::Policy::raw;
    response.caching = http::Caching::none;
    std::string name = visit.run.repo.str();
    response.headers.emplace_back("Content-Disposition",
                                  fmt::format("attachment; filename=\"{}-{}-artifacts.tar\"",
                                              name.substr(name.rfind('/') + 1), visit.run.number));
    response.held = std::move(place);
    if (visit.visit.request.method == http::Method::head)
        return response;
    std::string prefix = fmt::format("s,^\\.,{}-{},", name.substr(name.rfind('/') + 1), visit.run.number);
    response.stream =
        TRY(http::process_body({.argv = {"tar", "--create", "--file=-", "--format=posix", "--sort=name", "--owner=0",
                                         "--group=0", "--numeric-owner", "--transform", prefix, "."},
                                .directory = files->get()},
                               {.lifetime = transfer_time(visit.visit.request)}));
    return response;
}

Result<http::Response> run_provenance(RunVisit& visit)
{
    std::string name = visit.visit.rest[1];
    auto file = sys::open_regular(visit.directory.get(), name, O_NOFOLLOW);
    if (!visit.rest.empty() || !file)
        return fail(ErrorKind::not_found, "Run #{} has no signed statement.", visit.run.number);
    sys::Stamp stamp = TRY(sys::stamp_of(file->get(), name));
    http::Response response;
    response.policy = http::Policy::raw;
    response.content_type = name == store::paths::run_provenance ? "application/json" : "text/plain; charset=utf-8";
    response.etag = '"' + stamp.lasting() + '"';
    response.stream = http::file_body(std::move(*file), static_cast<uint64_t>(stamp.size));
    return response;
}

Result<http::Response> run_report(RunVisit& visit) { return send_file(visit, store::paths::run_reports); }

/// The files of the pipeline's directory, one level of directories deep: ci.fnl, Dockerfile, lib/*.fnl.
static std::vector<std::string> pipeline_files(int pipeline)
{
    std::vector<std::string> files;
    auto add = [&](const std::string& path) {
        auto status = sys::stat_at(pipeline, path);
        if (status && *status && S_ISREG((*status)->st_mode) && files.size() < 200)
            files.push_back(path);
        return status && *status && S_ISDIR((*status)->st_mode);
    };
    for (const std::string& name : sys::list_directory(pipeline, ".").value_or({}))
        if (add(name))
            for (const std::string& below : sys::list_directory(pipeline, name).value_or({}))
                add(name + "/" + below);
    return files;
}

Result<http::Response> run_pipeline_page(RunVisit& visit)
{
    Html body;
    std::string path = visit.rest.empty() ? "ci.fnl" : join(visit.rest, "/");
    std::string title = fmt::format("pipeline of run #{}", visit.run.number);
    Tools tools;
    tools.link(fmt::format("run #{}", visit.run.number), Url::run(visit.run.repo, visit.run.number));
    auto pipeline = sys::open_directory(visit.directory.get(), store::paths::run_pipeline);
    if (!pipeline && visit.rest.empty()) {
        body.append(page_head(title, Html(), tools));
        body.add("<p class=\"empty\">It has not been read{}. The commit's <a href=\"{}\">.quire/ci.fnl</a> is "
                 "what it runs.</p>\n",
                 visit.is_live() ? " yet" : "", Url::view(visit.run.repo, "file", visit.run.sha, ".quire/ci.fnl"));
        return render(visit.visit, {.title = title, .tab = Tab::runs}, body);
    }
    auto file = pipeline ? sys::open_beneath(pipeline->get(), path, O_RDONLY | O_NONBLOCK | O_NOCTTY)
                         : Unexpected(pipeline.error());
    auto source = file ? sys::read_all(file->get(), largest_source, path) : Unexpected(std::move(file).error());
    if (!source)
        return fail(ErrorKind::not_found, "Run #{} keeps no pipeline file '{}'.", visit.run.number, shown_name(path));
    std::vector<Tools::Option> files;
    for (const std::string& name : pipeline_files(pipeline->get()))
        files.push_back({shown_name(name), visit.link("pipeline", "", name), name == path});
    if (files.size() > 1)
        tools.choice("files", files);
    body.append(page_head(title, Html().text(shown_name(path)), tools));
    add_code(body, path, is_binary(*source) ? "(not text)" : *source);
    return render(visit.visit, {.title = title, .tab = Tab::runs}, body);
}

} // namespace quire::web
