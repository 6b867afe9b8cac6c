// What `git blame` says, line by line, and how a blame of ours differs from it.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/strings.h"
#include "git/repository.h"
#include "history/blame.h"
#include "sys/process.h"

namespace quire::tests {

struct BlamedLine {
    std::string commit, path;
    uint64_t line = 0; ///< from 1
    bool operator==(const BlamedLine&) const = default;
};

/// `directory` is the repository.
inline Result<std::vector<BlamedLine>> git_blame(int directory, const std::string& commit, const std::string& path,
                                                 std::vector<std::string> options = {})
{
    sys::Command command{.argv = {"git", "blame", "--porcelain"}, .directory = directory};
    command.argv.insert(command.argv.end(), options.begin(), options.end());
    command.argv.insert(command.argv.end(), {commit, "--", path});
    std::string output = TRY(sys::run_ok(command, {.limit = size_t{256} << 20}));
    std::vector<BlamedLine> lines;
    std::map<std::string, std::string, std::less<>> paths;
    BlamedLine current;
    bool begins = true;
    for (std::string_view rest = output; !rest.empty();) {
        std::string_view line = take_until(rest, '\n');
        if (begins) {
            current.commit = take_until(line, ' ');
            current.line = parse_decimal(take_until(line, ' ')).value_or(0);
            begins = false;
        } else if (line.starts_with('\t')) {
            current.path = paths[current.commit];
            lines.push_back(current);
            begins = true;
        } else if (strip_prefix(line, "filename ")) {
            paths[current.commit] = line;
        }
    }
    return lines;
}

inline std::vector<BlamedLine> lines_of(const history::Blame& blame)
{
    std::vector<BlamedLine> lines;
    for (const history::Blame::Span& span : blame.spans)
        for (uint32_t i = 0; i < span.count; ++i) {
            const history::Blame::Origin& origin = blame.origins[span.origin];
            lines.push_back({git::to_string(origin.commit), blame.paths[origin.path], uint64_t{span.line} + i + 1});
        }
    return lines;
}

} // namespace quire::tests
