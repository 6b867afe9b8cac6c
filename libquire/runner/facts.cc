#include "runner/facts.h"

#include "base/strings.h"
#include "ci/language/pipeline.h"
#include "git/object_reader.h"
#include "sys/file.h"

namespace quire::runner {

using text::Data;

/// A push that moves more files than this is a change of everything, and no pipeline reads the list.
constexpr size_t most_files = 100'000;

Result<ChangesQuestion> changes_question(const store::RunRecord& record, int repository, int output)
{
    // With a second commit on the line git compares with that one, else with the commit's first parent. What a tag
    // pointed to before may be no commit.
    std::string line = record.sha;
    if (!record.previous_sha.empty() && record.ref.starts_with("refs/heads/"))
        line += " " + record.previous_sha;
    sys::Pipe input = TRY(sys::make_pipe());
    TRY(sys::write_all(input.writer.get(), line + "\n"));
    ChangesQuestion question{std::move(input.reader), {}};
    question.command = {.argv = {"git", "diff-tree", "--stdin", "-r", "-m", "--first-parent", "--root", "--always",
                                 "--no-renames", "--name-only", "-z", "--format=%B"},
                        .environment = git::repository_environment(),
                        .directory = repository,
                        .input = question.input.get(),
                        .output = output};
    return question;
}

Changes parse_changes(std::string_view output)
{
    Changes changes;
    size_t end = output.find('\0');
    changes.message = output.substr(0, end);
    if (end == std::string_view::npos)
        return changes;
    output.remove_prefix(end + 1);
    strip_prefix(output, "\n");
    for (std::string_view file : split(output, '\0')) {
        if (file.empty())
            continue;
        if (changes.files.size() == most_files) {
            changes.truncated = true;
            break;
        }
        changes.files.emplace_back(file);
    }
    return changes;
}

std::string source_of(const store::RunRecord& record)
{
    return record.source == "push" ? std::string(ci::push_source) : record.event;
}

Data facts_of(const store::RunRecord& record, const Changes& changes, const std::string& git_dir)
{
    Data facts{Data::Table{}};
    facts.set("sha", record.sha);
    facts.set("ref", record.ref);
    std::string_view name = record.ref;
    if (strip_prefix(name, "refs/heads/"))
        facts.set("branch", std::string(name));
    else if (strip_prefix(name, "refs/tags/"))
        facts.set("tag", std::string(name));
    facts.set("git-dir", git_dir);
    facts.set("commit-message", changes.message);
    facts.set("at", format_instant(record.queued_at));
    if (!record.pusher.empty())
        facts.set("pusher", record.pusher);
    if (record.source != "push") {
        facts.set("name", record.event);
        facts.set("parameters", record.parameters.is_nil() ? Data(Data::Table{}) : record.parameters);
        return facts;
    }
    if (!record.previous_sha.empty())
        facts.set("previous-sha", record.previous_sha);
    if (record.forced)
        facts.set("forced", true);
    Data::Sequence files(changes.files.begin(), changes.files.end());
    facts.set("files-changed", std::move(files));
    if (changes.truncated)
        facts.set("files-truncated", true);
    return facts;
}

} // namespace quire::runner
