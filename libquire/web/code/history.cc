#include "web/code/history.h"

#include <map>

#include "base/strings.h"
#include "sys/output.h"
#include "web/budget/git_command.h"

namespace quire::web {

constexpr size_t max_output = 8u << 20;

/// One entry of `git blame --porcelain`: what is said of a commit stands at its first line only.
static void read_blame_fact(std::string_view line, BlamedLine& about)
{
    if (strip_prefix(line, "filename "))
        about.path = line;
    else if (strip_prefix(line, "previous "))
        about.previous = git::parse_oid(line.substr(0, GIT_OID_HEXSZ));
}

Result<std::vector<BlamedLine>> blame(const Repository& where, const git_oid& commit, const std::string& path,
                                      const Patience& patience)
{
    std::string output;
    sys::Outcome outcome =
        TRY(sys::read_output(git_command(where, {"blame", "--porcelain", git::to_string(commit), "--", path}), patience,
                             [&](std::string_view block) { return output.append(block).size() <= max_output; }));
    if (outcome.ended != sys::Ended::by_itself)
        return fail(ErrorKind::busy, "{}: blame takes too long", path);
    if (outcome.status != 0)
        return fail(ErrorKind::system, "git blame ended with {}", outcome.status);
    std::vector<BlamedLine> lines;
    std::map<std::string, BlamedLine> known;
    BlamedLine current;
    std::string id;
    bool begins = true;
    for (std::string_view rest = output; !rest.empty();) {
        std::string_view line = take_until(rest, '\n');
        if (begins) {
            id = take_until(line, ' ');
            auto oid = git::parse_oid(id);
            if (!oid)
                return fail(ErrorKind::system, "git blame said something strange");
            current = known[id];
            current.commit = *oid;
            current.line = parse_decimal(take_until(line, ' ')).value_or(0);
            begins = false;
        } else if (line.starts_with('\t')) {
            known[id] = current;
            lines.push_back(current);
            begins = true;
        } else {
            read_blame_fact(line, current);
        }
    }
    return lines;
}

} // namespace quire::web
