// What a pipeline is told about the event that fires it: the outputs of its source.
#pragma once

#include <deque>

#include "ci/run/push_facts.h"
#include "store/run_record.h"
#include "sys/process.h"
#include "text/data.h"

namespace quire::runner {

/// The git that tells a commit's message and the paths it changed, as parse_changes reads them, into `output`.
struct ChangesQuestion {
    UniqueFd input; ///< the command's; open until it is started
    sys::Command command;
};
Result<ChangesQuestion> changes_question(const store::RunRecord& record, int repository, int output);

/// What git told of commits lately: one commit is often run again, as a tag beside its branch, by a schedule, by a
/// rerun.
class KnownChanges {
public:
    /// nullptr: git has to be asked.
    const std::string* find(const store::RunRecord& record) const;
    void remember(const store::RunRecord& record, std::string text);

private:
    std::deque<std::pair<std::string, std::string>> m_known; ///< by what was asked, newest last
};

using ci::Changes;
using ci::parse_changes;

/// `git_dir` is the repository's path.
text::Data facts_of(const store::RunRecord& record, const Changes& changes, const std::string& git_dir);

/// The name of the source in the pipeline: "quire/push", or the cron or manual source's own.
std::string source_of(const store::RunRecord& record);

} // namespace quire::runner
