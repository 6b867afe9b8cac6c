// What a pipeline is told about the event that fires it: the outputs of its source.
#pragma once

#include <deque>

#include "ci/run/push_facts.h"
#include "store/run_record.h"
#include "sys/process.h"
#include "text/data.h"

namespace quire::runner {

/// The git command whose output has a commit's message and changed paths, in the form that parse_changes reads.
struct ChangesQuestion {
    UniqueFd input; ///< the command's stdin; must stay open until the command is started
    sys::Command command;
};
std::string changes_input_of(const store::RunRecord& record);
Result<ChangesQuestion> changes_question(const store::RunRecord& record, int repository, int output);

/// Remembers what git said about recent commits, because a commit often runs again: as a tag, on a schedule, or by a
/// rerun.
class KnownChanges {
public:
    /// nullptr if git must be asked.
    const std::string* find(const store::RunRecord& record) const;
    void remember(const store::RunRecord& record, std::string text);

private:
    std::deque<std::pair<std::string, std::string>> m_known; ///< keyed by the question; the newest last
};

using ci::Changes;
using ci::parse_changes;

/// `git_dir` is the repository's path.
text::Data facts_of(const store::RunRecord& record, const Changes& changes, const std::string& git_dir);

/// The source's name in the pipeline: "quire/push", or the name of the cron or manual source.
std::string source_of(const store::RunRecord& record);

} // namespace quire::runner
