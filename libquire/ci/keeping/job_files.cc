#include "ci/keeping/job_files.h"

#include <algorithm>

#include <fcntl.h>

#include "store/root.h"
#include "sys/atomic_file.h"
#include "sys/file.h"
#include "sys/file_status.h"
#include "text/json.h"

namespace quire::ci {

using text::Data;

constexpr size_t most_told = 100; ///< so many files that were left out are named one by one

Result<UniqueFd> JobFiles::open_target(const char* kind, const std::string& job) const
{
    return sys::make_directories_beneath(m_setup.out, fmt::format("{}/{}", kind, store::paths::job_directory(job)));
}

Result<Data> JobFiles::keep_artifacts(const std::string& job, const std::string& pattern)
{
    TRY(check_pattern(pattern, "artifact"));
    UniqueFd target;
    if (m_setup.out >= 0)
        target = TRY(open_target(store::paths::run_artifacts, job));
    ArtifactPlace place{m_setup.workspace, target.get(), m_setup.redactor, m_setup.artifacts, m_taken[job]};
    auto collected = TRY(collect_artifacts(place, pattern));
    tell_artifacts(job, pattern, collected);
    Data::Sequence files;
    for (const Artifact& artifact : collected.kept) {
        Data file{Data::Table{}};
        file.set("path", artifact.path);
        file.set("size", artifact.size);
        file.set("sha256", artifact.sha256);
        files.push_back(std::move(file));
    }
    return Data(std::move(files));
}

void JobFiles::tell_artifacts(const std::string& job, const std::string& pattern, const CollectedArtifacts& collected)
{
    if (collected.matched == 0)
        m_setup.say(job, fmt::format("quire: artifact '{}': nothing matches", pattern));
    if (m_setup.out < 0 && !collected.kept.empty())
        m_setup.say(job, fmt::format("quire: artifact '{}': {} {} found, and not kept: this run has no --out-dir",
                                     pattern, collected.kept.size(), collected.kept.size() == 1 ? "file" : "files"));
    for (const Artifact& artifact : collected.kept) {
        if (m_setup.out < 0)
            break;
        Data fields{Data::Table{}};
        fields.set("path", artifact.path);
        fields.set("size", artifact.size);
        fields.set("sha256", artifact.sha256);
        m_setup.tell("artifact", job, std::move(fields));
    }
    for (size_t i = 0; i < std::min(collected.left_out.size(), most_told); ++i) {
        const LeftOut& file = collected.left_out[i];
        Data fields{Data::Table{}};
        fields.set("path", file.path);
        fields.set("reason", file.reason);
        m_setup.tell("artifact-left-out", job, std::move(fields));
        m_setup.say(job, fmt::format("quire: artifact '{}' is left out: {}", file.path, file.reason));
    }
    if (collected.left_out.size() > most_told)
        m_setup.say(job, fmt::format("quire: artifact '{}': {} more files are left out", pattern,
                                     collected.left_out.size() - most_told));
}

/// Keeps :artifacts, a list of patterns. It may contain, or be, what (artifact …) returned, which is kept already.
Result<void> JobFiles::keep_returned(const std::string& job, const Data& outputs)
{
    const Data* artifacts = outputs.find("artifacts");
    if (!artifacts || (artifacts->table() && artifacts->table()->empty()))
        return {};
    if (!artifacts->sequence())
        return fail(ErrorKind::invalid, ":artifacts must be a list of patterns, not {}", artifacts->kind_name());
    for (const Data& item : *artifacts->sequence()) {
        if (const std::string* pattern = item.string())
            TRY(keep_artifacts(job, *pattern));
        else if (const Data* path = item.find("path"); !path || !path->string())
            return fail(ErrorKind::invalid, ":artifacts must be a list of patterns; {} is none", item.kind_name());
    }
    return {};
}

void JobFiles::job_ended(const Job& job, JobOutcome& outcome)
{
    if (outcome.end == JobOutcome::End::skipped)
        return;
    auto kept = keep_returned(job.id, outcome.outputs);
    if (!kept && outcome.end == JobOutcome::End::succeeded)
        outcome = {
            JobOutcome::End::failed, fmt::format("its artifacts can't be kept: {}", kept.error().message), "", {}};
    else if (!kept)
        m_setup.say(job.id, fmt::format("quire: its artifacts can't be kept: {}", kept.error().message));
    if (!job.reports.is_nil())
        keep_reports(job);
}

Result<void> JobFiles::take_over(const std::string& job, int earlier)
{
    constexpr const char* everything = "**";
    std::string kept = fmt::format("{}/{}", store::paths::run_artifacts, store::paths::job_directory(job));
    auto from = sys::open_beneath(earlier, kept, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
    if (!from && from.error().kind == ErrorKind::not_found)
        return {};
    if (!from)
        return Unexpected(std::move(from).error());
    UniqueFd target;
    if (m_setup.out >= 0)
        target = TRY(open_target(store::paths::run_artifacts, job));
    ArtifactPlace place{from->get(), target.get(), m_setup.redactor, m_setup.artifacts, m_taken[job]};
    tell_artifacts(job, everything, TRY(collect_artifacts(place, everything)));
    std::set<std::string> put;
    ArtifactBudget unlimited{.bytes = UINT64_MAX, .files = SIZE_MAX};
    TRY(collect_artifacts({from->get(), m_setup.workspace, m_setup.redactor, unlimited, put}, everything));
    return {};
}

void JobFiles::keep_reports(const Job& job)
{
    UniqueFd target;
    size_t left = most_reports;
    for (const auto& [kind, pattern] : *job.reports.table()) {
        bool found = false;
        auto each = [&](const std::string& path) -> Result<void> {
            found = true;
            if (m_setup.out < 0)
                return {};
            if (left == 0)
                return fail(ErrorKind::refused, "a job has at most {} reports", most_reports);
            --left;
            if (!target)
                target = TRY(open_target(store::paths::run_reports, job.id));
            auto kept = keep_report(target.get(), path);
            if (!kept) {
                m_setup.say(job.id, fmt::format("quire: report '{}' is left out: {}", path, kept.error().message));
                return {};
            }
            Data fields{Data::Table{}};
            fields.set("kind", kind);
            fields.set("file", path);
            m_setup.tell("report", job.id, std::move(fields));
            return {};
        };
        auto valid = check_pattern(*pattern.string(), "report");
        auto kept = valid ? search_workspace(m_setup.workspace, *pattern.string(), each) : std::move(valid);
        if (!kept)
            m_setup.say(job.id, fmt::format("quire: report :{}: {}", kind, kept.error().message));
        else if (!found)
            m_setup.say(job.id, fmt::format("quire: report :{}: nothing matches '{}'", kind, *pattern.string()));
    }
}

Result<void> JobFiles::keep_report(int target, const std::string& path)
{
    if (std::string objection = objection_to_name(m_setup.redactor, path); !objection.empty())
        return fail(ErrorKind::refused, "{}", objection);
    UniqueFd file = TRY(open_found_file(m_setup.workspace, path));
    if (sys::size_of(file.get()) > largest_report)
        return fail(ErrorKind::refused, "larger than {} MiB", largest_report >> 20);
    std::string text = m_setup.redactor.redact(TRY(sys::read_all(file.get(), largest_report, path)));
    size_t slash = path.rfind('/');
    UniqueFd parent = slash == std::string::npos ? TRY(sys::duplicate(target))
                                                 : TRY(sys::make_directories_beneath(target, path.substr(0, slash)));
    return sys::replace_file_unsynced(parent.get(), slash == std::string::npos ? path : path.substr(slash + 1), text);
}

void JobFiles::keep_outputs(const std::string& job, const Data& outputs)
{
    if (m_setup.out < 0 || !outputs.table())
        return;
    std::string json = text::write_json(outputs);
    if (json.size() > largest_outputs || m_setup.redactor.redact(json) != json)
        return;
    // Bytes that are not UTF-8, and numbers that JSON can't express, would be read back as something else.
    auto again = text::read_json(json, "the outputs");
    if (!again || !(*again == outputs))
        return;
    if (auto written = write_outputs(job, json); !written)
        m_setup.say(job, fmt::format("quire: its outputs are not kept for a rerun: {}", written.error().message));
}

Result<void> JobFiles::write_outputs(const std::string& job, const std::string& json)
{
    std::string path = store::paths::job_outputs(job);
    size_t slash = path.rfind('/');
    UniqueFd directory = TRY(sys::make_directories_beneath(m_setup.out, path.substr(0, slash)));
    return sys::replace_file_unsynced(directory.get(), path.substr(slash + 1), json);
}

} // namespace quire::ci
