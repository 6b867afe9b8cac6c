#include "web/history.h"

#include <algorithm>
#include <map>

#include "base/strings.h"
#include "git/object_reader.h"
#include "sys/process.h"

namespace quire::web {

constexpr size_t max_output = 8u << 20;

static sys::Command git_command(const Repository& where, std::vector<std::string> arguments)
{
    sys::Command command;
    command.argv = {"git", "--literal-pathspecs", "--no-optional-locks"};
    command.argv.insert(command.argv.end(), arguments.begin(), arguments.end());
    command.environment = git::repository_environment();
    command.directory = where.directory.get();
    return command;
}

static Result<std::string> run_git(const Repository& where, std::vector<std::string> arguments, int64_t time)
{
    return sys::run_ok(git_command(where, std::move(arguments)), {.input = {}, .limit = max_output, .timeout = time});
}

/// For git grep, whose 1 means that nothing was found.
static Result<std::string> run_git_grep(const Repository& where, std::vector<std::string> arguments, int64_t time)
{
    sys::Output output = TRY(
        sys::run(git_command(where, std::move(arguments)), {.input = {}, .limit = max_output, .timeout = time}));
    if (output.status > 1)
        return fail(ErrorKind::system, "git grep: {}", trim(output.err));
    return std::move(output.out);
}

/// One entry of `git blame --porcelain`: what is said of a commit stands at its first line only.
static void read_blame_fact(std::string_view line, BlamedLine& about)
{
    if (strip_prefix(line, "filename "))
        about.path = line;
    else if (strip_prefix(line, "previous "))
        about.previous = git::parse_oid(line.substr(0, GIT_OID_HEXSZ));
}

Result<std::vector<BlamedLine>> blame(const Repository& where, const git_oid& commit, const std::string& path, int64_t time)
{
    std::string output = TRY(run_git(where, {"blame", "--porcelain", git::to_string(commit), "--", path}, time));
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

Result<std::vector<Match>> search_content(const Repository& where, const git_oid& commit, const std::string& words,
                                          size_t limit, int64_t time)
{
    std::string output = TRY(run_git_grep(where, {"grep", "-n", "-I", "-i", "-F", "-z", "--max-count=20", "--threads=1", "-e", words,
                                                  git::to_string(commit), "--"}, time));
    std::vector<Match> matches;
    for (std::string_view rest = output; !rest.empty() && matches.size() < limit;) {
        std::string_view path = take_until(rest, '\0');
        path.remove_prefix(std::min<size_t>(path.size(), GIT_OID_HEXSZ + 1)); // "<commit>:"
        uint64_t line = parse_decimal(take_until(rest, '\0')).value_or(0);
        matches.push_back({std::string(path), line, std::string(take_until(rest, '\n').substr(0, 400))});
    }
    return matches;
}

Result<std::vector<std::string>> search_names(const Repository& where, const git_oid& commit, const std::string& words,
                                              size_t limit, int64_t time)
{
    std::string output = TRY(run_git(where, {"ls-tree", "-r", "-z", "--name-only", git::to_string(commit)}, time));
    std::string wanted = to_lower(words);
    std::vector<std::string> names;
    for (std::string_view rest = output; !rest.empty() && names.size() < limit;) {
        std::string_view name = take_until(rest, '\0');
        if (to_lower(name).find(wanted) != std::string::npos)
            names.emplace_back(name);
    }
    return names;
}

static Result<std::vector<git::CommitInfo>> read_commits(const git::Repository& repository, std::string_view ids)
{
    std::vector<git::CommitInfo> commits;
    for (std::string_view line : split(ids, '\n'))
        if (auto id = git::parse_oid(line))
            commits.push_back(TRY(repository.commit(*id)));
    return commits;
}

Result<std::vector<git::CommitInfo>> search_messages(const Repository& where, const git::Repository& repository,
                                                     const git_oid& commit, const std::string& words, size_t limit, int64_t time)
{
    return read_commits(repository, TRY(run_git(where, {"rev-list", "-i", "-F", "--grep=" + words,
                                                        fmt::format("--max-count={}", limit), git::to_string(commit), "--"}, time)));
}

} // namespace quire::web
