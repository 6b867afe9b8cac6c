// The statement about a run's artifacts, and the runner's signature below it.
#include "forge/provenance.h"

#include <fcntl.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/sha256.h"
#include "base/strings.h"
#include "forge/config.h"
#include "git/git.h"
#include "store/event_reader.h"
#include "sys/atomic_file.h"
#include "sys/file.h"
#include "sys/lock.h"
#include "sys/process.h"
#include "text/json.h"

namespace quire::forge {

namespace paths = store::paths;
using store::RunRecord;
using text::Data;

namespace {

/// What quire-ci noted: the files that it kept, where the jobs ran, which of them did not run here.
struct Noted {
    std::map<std::pair<std::string, std::string>, std::string> files; ///< digests, by job and path
    std::map<std::string, std::string> executors;                     ///< of the jobs that began
    std::set<std::string> reused;
};

Result<Noted> read_notes(int run)
{
    Noted noted;
    std::map<std::string, std::string> places;
    store::EventReader events(run);
    while (auto event = TRY(events.next())) {
        std::string kind = event->string_or("event", ""), job = event->string_or("job", "");
        if (const Data* jobs = event->find("jobs"); kind == "run-started" && jobs && jobs->sequence())
            for (const Data& one : *jobs->sequence())
                places[one.string_or("id", "")] = one.string_or("executor", "");
        if (kind == "artifact")
            noted.files[{job, event->string_or("path", "")}] = event->string_or("sha256", "");
        else if (kind == "job-started")
            noted.executors[job] = places[job];
        else if (kind == "job-ended" && event->boolean_or("reused", false))
            noted.reused.insert(job);
    }
    return noted;
}

/// The weakest place in which any job of the run worked: all of them share the workspace.
std::string executor_of(const Noted& noted)
{
    std::set<std::string> all;
    for (const auto& [job, executor] : noted.executors)
        all.insert(executor);
    for (const char* executor : {"host", "bwrap", "container"})
        if (all.contains(executor))
            return executor;
    return "host"; // unknown: nothing is claimed
}

Result<std::string> digest_of(int artifacts, const std::string& path)
{
    UniqueFd file = TRY(sys::open_regular_beneath(artifacts, path, O_NOFOLLOW));
    return digest_of_file(file.get());
}

Data::Sequence subjects_of(int artifacts, const Noted& noted, Signed& result)
{
    Data::Sequence subjects;
    for (const auto& [key, noted_digest] : noted.files) {
        const auto& [job, path] = key;
        if (noted.reused.contains(job))
            continue; // the run that made it has signed for it
        std::string name = fmt::format("{}/{}", paths::job_directory(job), path);
        auto digest = digest_of(artifacts, name);
        if (!digest || *digest != noted_digest) {
            result.left_out.push_back(digest ? fmt::format("{}: it is not what was kept", name)
                                             : digest.error().message);
            continue;
        }
        Data digests{Data::Table{}}, subject{Data::Table{}};
        digests.set("sha256", *digest);
        subject.set("name", name);
        subject.set("digest", std::move(digests));
        subjects.push_back(std::move(subject));
    }
    result.files = subjects.size();
    return subjects;
}

/// The .quire directory of the commit, as git names it; empty if the commit is gone.
std::string pipeline_tree(const store::Root& root, const RunRecord& record)
{
    auto repository = root.open_repository(record.repo);
    auto tree = repository ? git::run_ok(repository->get(), {"rev-parse", "--verify", "--quiet", "--end-of-options",
                                                             record.sha + ":.quire"})
                           : Unexpected(std::move(repository).error());
    return tree ? tree->substr(0, tree->find('\n')) : "";
}

Data build_definition(const store::Root& root, const RunRecord& record, const std::string& url,
                      const std::string& executor)
{
    Data external{Data::Table{}}, internal{Data::Table{}}, digest{Data::Table{}}, commit{Data::Table{}};
    external.set("repository", url);
    external.set("ref", record.ref);
    external.set("commit", record.sha);
    external.set("source", record.source);
    if (!record.event.empty())
        external.set("event", record.event);
    if (!record.parameters.is_nil())
        external.set("parameters", record.parameters);
    external.set("pipeline", pipeline_tree(root, record));
    internal.set("repository", record.repo.str());
    internal.set("run", record.number);
    internal.set("state", store::to_string(record.state));
    internal.set("executor", executor);
    internal.set("isolation", executor == "host"
                                  ? "none: the commands had the rights of the operator, who holds the signing key"
                                  : "the commands could not reach the signing key, other runs or other repositories");
    if (!record.approvals.empty()) {
        Data::Sequence approvals;
        for (const store::Approval& approval : record.approvals)
            approvals.push_back(store::to_data(approval));
        internal.set("approvals", std::move(approvals));
    }
    digest.set("gitCommit", record.sha);
    commit.set("uri", "git+" + url);
    commit.set("digest", std::move(digest));
    Data definition{Data::Table{}};
    definition.set("buildType", "urn:quire:pipeline:1");
    definition.set("externalParameters", std::move(external));
    definition.set("internalParameters", std::move(internal));
    definition.set("resolvedDependencies", Data::Sequence{std::move(commit)});
    return definition;
}

Data statement_of(const store::Root& root, const RunRecord& record, Data::Sequence subjects,
                  const std::string& executor)
{
    auto config = forge::read_global_config(root);
    std::string url = config ? config->clone_url(record.repo) : "";
    std::string forge = config && !config->url.empty() ? config->url : "urn:quire";
    if (url.empty())
        url = "urn:quire:" + record.repo.str();
    Data builder{Data::Table{}}, metadata{Data::Table{}}, details{Data::Table{}}, predicate{Data::Table{}};
    builder.set("id", fmt::format("{}{}builder{}{}", forge, forge == "urn:quire" ? ":" : "/-/",
                                  forge == "urn:quire" ? ":" : "/", executor));
    metadata.set("invocationId", config && !config->url.empty()
                                     ? fmt::format("{}/{}/runs/{}", forge, record.repo.str(), record.number)
                                     : fmt::format("{}:{}:run:{}", forge, record.repo.str(), record.number));
    metadata.set("startedOn", format_instant(record.started_at));
    metadata.set("finishedOn", format_instant(record.ended_at));
    details.set("builder", std::move(builder));
    details.set("metadata", std::move(metadata));
    predicate.set("buildDefinition", build_definition(root, record, url, executor));
    predicate.set("runDetails", std::move(details));
    Data statement{Data::Table{}};
    statement.set("_type", "https://in-toto.io/Statement/v1");
    statement.set("subject", std::move(subjects));
    statement.set("predicateType", "https://slsa.dev/provenance/v1");
    statement.set("predicate", std::move(predicate));
    return statement;
}

Result<std::string> sign(const store::Root& root, const std::string& statement)
{
    constexpr int64_t signing_takes = 60 * nanoseconds_per_second;
    if (!sys::exists(root.fd(), paths::provenance_key))
        return fail(ErrorKind::not_found, "there is no key to sign with; quire doctor --fix makes one");
    return sys::run_ok({.argv = {"ssh-keygen", "-q", "-Y", "sign", "-n", provenance_namespace, "-f",
                                 root.absolute(paths::provenance_key)}},
                       {.input = statement, .timeout = signing_takes});
}

} // namespace

Result<Signed> sign_artifacts(const store::Root& root, const RunRecord& record)
{
    Signed result;
    UniqueFd run = TRY(sys::open_directory(root.fd(), paths::run(record.repo, record.number)));
    if (sys::exists(run.get(), paths::run_provenance) && sys::exists(run.get(), paths::run_provenance_signature))
        return result;
    if (!store::is_terminal(record.state) ||
        (sys::exists(run.get(), paths::run_lock) && TRY(sys::is_locked(run.get(), paths::run_lock))))
        return fail(ErrorKind::busy, "run #{} of {} has not ended", record.number, record.repo.str());
    auto artifacts = sys::open_beneath(run.get(), paths::run_artifacts, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
    if (!artifacts && artifacts.error().kind == ErrorKind::not_found)
        return result;
    Noted noted = TRY(read_notes(run.get()));
    Data::Sequence subjects = subjects_of(TRY(std::move(artifacts)).get(), noted, result);
    if (subjects.empty())
        return result;
    std::string statement = text::write_json(statement_of(root, record, std::move(subjects), executor_of(noted)));
    std::string signature = TRY(sign(root, statement));
    TRY(sys::replace_file(run.get(), paths::run_provenance_signature, signature));
    TRY(sys::replace_file(run.get(), paths::run_provenance, statement));
    return result;
}

} // namespace quire::forge
