// LogSearch finds lines in the logs of runs. It reads only the logs, so a run costs what its logs have bytes.
//
//   LogPattern pattern = TRY(LogPattern::parse("error: .*undefined", Case::respected));
//   LogSearch search(pattern);                                  // one for each thread
//   TRY(search.run(directory, {.job = "build"}, hits));
//
// Most of a log is passed over with a search for a text that every matching line must have. An entry of a log is a
// line; a long line that was logged in parts is searched part by part.
#pragma once

#include <string>
#include <vector>

#include "search/query.h"

namespace quire::search {

struct LogPattern {
    RegexProgram program;
    std::string literal; ///< every matching line has it; may be empty
    bool folds = false;  ///< the literal is of folded text

    /// ErrorKind::invalid: it is no regular expression.
    static Result<LogPattern> parse(std::string_view text, Case letter_case);
};

struct LogHit {
    std::string job;
    int64_t step = 0;                             ///< the number of the command; 0: what the job itself logged
    uint64_t entry = 0;                           ///< in that log, from 1
    std::string text;                             ///< as it was printed
    std::vector<std::pair<size_t, size_t>> marks; ///< what matches, in the text
};

struct LogScope {
    std::string job; ///< empty: all
    size_t most = 1000;
    Patience patience = {}; ///< when it is over, the search ends early
};

class LogSearch {
public:
    explicit LogSearch(const LogPattern& pattern) : m_pattern(pattern), m_matcher(pattern.program) {}

    /// Appends what is found, job by job and command by command, until there are scope.most hits in all.
    Result<void> run(int run, const LogScope& scope, std::vector<LogHit>& hits);

private:
    struct Log {
        int file = -1, index = -1;
        std::string job;
        int64_t step = 0;
        uint64_t counted = 0, entry = 1; ///< the entry that begins at that offset
    };

    Result<void> job(int run, const std::string& job, const LogScope& scope, std::vector<LogHit>& hits);
    Result<void> log(Log log, const LogScope& scope, std::vector<LogHit>& hits);
    Result<void> block(Log& log, std::string_view text, uint64_t offset, const LogScope& scope,
                       std::vector<LogHit>& hits);
    Result<uint64_t> entry_at(Log& log, uint64_t offset);
    bool take(Log& log, std::string_view line, LogHit& hit);

    const LogPattern& m_pattern;
    LineMatcher m_matcher;
    std::string m_buffer, m_folded;
};

} // namespace quire::search
