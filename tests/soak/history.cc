// soak_history blame REPOSITORY COUNT SEED   blames of random files of random commits against `git blame`
// soak_history climb REPOSITORY COUNT SEED   from random lines, before by before, to where each was introduced
// soak_history time REPOSITORY COMMIT PATH   one file: the first blame, that after a push, and `git blame`
//
// REPOSITORY is a bare one. Ends with a count; exit code 1 when something was not as it should be.
#include <algorithm>
#include <cstdio>
#include <ctime>
#include <random>

#include "base/time.h"
#include "cli/tool.h"
#include "history/kept_blames.h"
#include "history/ladder.h"
#include "support/git_blame.h"
#include "support/scratch.h"
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

/// From random lines to where they were introduced, as a reader of the pages would climb.
int climb(const Repository& at, size_t count, unsigned seed)
{
    Sample sample(at, seed);
    history::KnownVersions known;
    history::KeptBlames kept;
    size_t climbs = 0, bad = 0, highest = 0;
    std::vector<double> rungs;
    while (climbs < count) {
        auto [commit, path] = sample.next();
        std::optional<history::Rung> rung = history::Rung{git::parse_oid(commit).value(), path, UINT32_MAX};
        size_t steps = 0;
        for (; rung && steps < 5000; ++steps) {
            std::clock_t begin = std::clock(); // of the processor: such campaigns run beside others
            auto found = history::blame(at.repository, rung->commit, rung->path, {.known = &known, .kept = &kept});
            bool is_first = rung->line == UINT32_MAX;
            if (is_first && found && found->lines() == 0)
                break;
            if (is_first && found)
                rung->line = sample.pick(found->lines());
            if (!found || !found->at(rung->line)) {
                std::printf("%s %s: climbing comes to line %u of %s %s: %s\n", commit.c_str(), path.c_str(),
                            rung->line + 1, git::to_string(rung->commit).c_str(), rung->path.c_str(),
                            found ? "not there" : found.error().message.c_str());
                ++bad;
                break;
            }
            rung = history::rung_before(at.repository, known, *found, rung->line, {});
            if (!is_first)
                rungs.push_back(1000.0 * static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC);
        }
        if (steps == 0)
            continue;
        ++climbs;
        bad += steps == 5000;
        highest = std::max(highest, steps);
    }
    std::sort(rungs.begin(), rungs.end());
    auto part = [&](size_t percent) { return rungs.empty() ? 0 : rungs[(rungs.size() - 1) * percent / 100]; };
    std::printf("%zu climbs, %zu rungs, the longest %zu; %zu bad; a rung takes %.1f ms of the processor in the median, "
                "%.1f for 95 of 100, "
                "%.1f at most\n",
                climbs, rungs.size(), highest, bad, part(50), part(95), part(100));
    return bad == 0 ? 0 : 1;
}

double median(std::vector<double> times)
{
    std::sort(times.begin(), times.end());
    return times[times.size() / 2];
}

int time_one(const Repository& at, const std::string& commit, const std::string& path)
{
    auto id = git::parse_oid(commit).value();
    Patience patience;
    std::vector<double> first, next, again, older, gits;
    std::optional<history::Blame> found;
    bool is_equal = true;
    for (int i = 0; i < 5; ++i) {
        tests::Scratch directory;
        auto open_kept = [&] { return sys::open_directory(AT_FDCWD, directory.path()).value(); };
        auto timed = [&](std::vector<double>& times, const git_oid& what, const std::string& where,
                         history::KnownVersions& known, history::KeptBlames& kept) {
            int64_t begin = monotonic_now();
            auto blame = history::blame(at.repository, what, where, {.known = &known, .kept = &kept}).value();
            times.push_back(milliseconds(begin));
            return blame;
        };
        history::KnownVersions known, none;
        history::KeptBlames nothing, kept(open_kept());
        found = timed(first, id, path, known, nothing);
        history::Lineage lineage(at.repository, none, patience);
        auto ancestors = lineage.ancestors(lineage.version_at(id, path).value());
        if (!ancestors->empty()) {
            const history::Version& parent = ancestors->front().version;
            timed(older, parent.commit, parent.path, known, kept);
            // As another process does, that finds nothing but the files.
            history::KnownVersions unknown;
            history::KeptBlames of_parent(open_kept());
            timed(next, id, path, unknown, of_parent);
            history::KeptBlames of_both(open_kept());
            timed(again, id, path, unknown, of_both);
        }
        int64_t begin = monotonic_now();
        auto theirs = tests::git_blame(at.directory->get(), commit, path);
        gits.push_back(milliseconds(begin));
        is_equal = is_equal && theirs && tests::lines_of(*found) == *theirs;
    }
    std::printf("%s, %u lines, %s\n", path.c_str(), found->lines(), is_equal ? "the same lines" : "NOT the same lines");
    std::printf("%-44s %8.1f ms\n", "git blame --porcelain", median(gits));
    std::printf("%-44s %8.1f ms  %.2f of it\n", "quire, the first time", median(first), median(first) / median(gits));
    if (!next.empty()) {
        std::printf("%-44s %8.1f ms\n", "quire, the version before, versions known", median(older));
        std::printf("%-44s %8.1f ms\n", "quire, after a push that changed the file", median(next));
        std::printf("%-44s %8.1f ms\n", "quire, again, from the kept file", median(again));
    }
    return is_equal ? 0 : 1;
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
    return words[0] == "climb" ? climb(at, count, seed) : compare_blames(at, count, seed);
}
