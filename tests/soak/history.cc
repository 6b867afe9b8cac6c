// soak_history blame REPOSITORY COUNT SEED   blames of random files of random commits against `git blame`
// soak_history climb REPOSITORY COUNT SEED   from random lines, before by before, to where each was introduced
// soak_history time REPOSITORY COMMIT PATH   one file: the first blame, the next of its parent, and `git blame`
//
// REPOSITORY is a bare one. Ends with a count; exit code 1 when something was not as it should be.
#include <algorithm>
#include <cstdio>
#include <random>

#include "base/time.h"
#include "cli/tool.h"
#include "history/kept_blames.h"
#include "support/git_blame.h"
#include "sys/file.h"

using namespace quire;

namespace {

struct Repository {
    explicit Repository(const std::string& path)
        : directory(std::make_shared<const UniqueFd>(sys::open_directory(AT_FDCWD, path).value())),
          repository(git::Repository::open(directory).value())
    {}
    std::vector<std::string> lines(std::vector<std::string> arguments, char end) const
    {
        arguments.insert(arguments.begin(), "git");
        std::string output =
            sys::run_ok({.argv = std::move(arguments), .directory = directory->get()}, {.limit = size_t{1} << 30})
                .value();
        std::vector<std::string> all;
        for (std::string_view rest = output; !rest.empty();)
            all.emplace_back(take_until(rest, end));
        return all;
    }
    std::shared_ptr<const UniqueFd> directory;
    git::Repository repository;
};

/// Random files of random commits.
class Sample {
public:
    Sample(const Repository& repository, unsigned seed)
        : m_repository(repository), m_random(seed), m_commits(repository.lines({"rev-list", "--all"}, '\n'))
    {}
    unsigned pick(size_t n) { return static_cast<unsigned>(m_random() % n); }
    std::pair<std::string, std::string> next()
    {
        for (;;) {
            const std::string& commit = m_commits[pick(m_commits.size())];
            std::vector<std::string> paths;
            for (std::string& entry : m_repository.lines({"ls-tree", "-r", "-z", commit}, '\0'))
                if (entry.starts_with("100"))
                    paths.push_back(entry.substr(entry.find('\t') + 1));
            if (!paths.empty())
                return {commit, paths[pick(paths.size())]};
        }
    }

private:
    const Repository& m_repository;
    std::mt19937 m_random;
    std::vector<std::string> m_commits;
};

double milliseconds(int64_t begin) { return static_cast<double>(monotonic_now() - begin) / 1e6; }

int compare_blames(const Repository& at, size_t count, unsigned seed)
{
    Sample sample(at, seed);
    history::KnownVersions known;
    size_t files = 0, lines = 0, other_files = 0, other_lines = 0;
    double ours = 0, gits = 0;
    for (size_t i = 0; i < count; ++i) {
        auto [commit, path] = sample.next();
        int64_t begin = monotonic_now();
        auto theirs = tests::git_blame(at.directory->get(), commit, path);
        gits += milliseconds(begin);
        begin = monotonic_now();
        auto found = history::blame(at.repository, git::parse_oid(commit).value(), path, {.known = &known});
        ours += milliseconds(begin);
        ++files;
        if (!found || !theirs) {
            std::printf("%s %s: %s\n", commit.c_str(), path.c_str(),
                        (found ? theirs.error() : found.error()).message.c_str());
            ++other_files;
            continue;
        }
        std::vector<tests::BlamedLine> all = tests::lines_of(*found);
        size_t different = all.size() != theirs->size();
        for (size_t j = 0; j < std::min(all.size(), theirs->size()); ++j)
            different += all[j] != (*theirs)[j];
        lines += all.size();
        other_lines += different;
        if (different > 0) {
            ++other_files;
            std::printf("%s %s: %zu of %zu lines differ\n", commit.c_str(), path.c_str(), different, all.size());
        }
    }
    std::printf("%zu files, %zu lines; git says otherwise of %zu lines in %zu files; ours %.0f ms, git %.0f ms\n",
                files, lines, other_lines, other_files, ours, gits);
    return other_files == 0 ? 0 : 1;
}

int time_one(const Repository& at, const std::string& commit, const std::string& path)
{
    auto id = git::parse_oid(commit).value();
    history::KnownVersions known;
    int64_t begin = monotonic_now();
    auto found = history::blame(at.repository, id, path, {.known = &known});
    double first = milliseconds(begin);
    if (!found) {
        std::printf("%s\n", found.error().message.c_str());
        return 1;
    }
    begin = monotonic_now();
    (void)history::blame(at.repository, id, path, {.known = &known});
    double again = milliseconds(begin);
    begin = monotonic_now();
    auto theirs = tests::git_blame(at.directory->get(), commit, path);
    double gits = milliseconds(begin);
    std::printf("%u lines: first %.1f ms, with versions known %.1f ms, git blame %.1f ms; %s\n", found->lines(), first,
                again, gits, theirs && tests::lines_of(*found) == *theirs ? "equal" : "different");
    return 0;
}

} // namespace

int main(int argc, char** argv)
{
    std::vector<std::string> words(argv + 1, argv + argc);
    if (words.size() != 4) {
        std::fputs(
            "usage: soak_history blame|climb REPOSITORY COUNT SEED\n       soak_history time REPOSITORY COMMIT PATH\n",
            stderr);
        return 100;
    }
    Repository at(words[1]);
    if (words[0] == "time")
        return time_one(at, words[2], words[3]);
    auto count = parse_decimal(words[2]).value_or(100);
    auto seed = static_cast<unsigned>(parse_decimal(words[3]).value_or(1));
    return compare_blames(at, count, seed);
}
