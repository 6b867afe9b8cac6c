// Story: a repository of a test's own, told commit by commit.
#pragma once

#include <catch2/catch_test_macros.hpp>

#include <map>
#include <string>
#include <vector>

#include "base/strings.h"
#include "git/repository.h"
#include "support/scratch.h"
#include "sys/process.h"

namespace quire::tests {

using Files = std::map<std::string, std::string>;

class Story : public Scratch {
public:
    Story() { git({"init", "--bare", "-q", "--initial-branch=main", "."}); }

    /// A commit with exactly these files; parents are numbers of earlier ones. Nothing is written before open().
    int commit(const Files& files, const std::vector<int>& parents)
    {
        int number = ++m_commits;
        std::string message = fmt::format("commit {}", number);
        m_import += fmt::format("commit refs/heads/main\nmark :{0}\nauthor a <a@x> {1} +0000\n"
                                "committer c <c@x> {1} +0000\ndata {2}\n{3}\n",
                                number, 1'000'000'000 + number * 60 + shift, message.size(), message);
        for (size_t i = 0; i < parents.size(); ++i)
            m_import += fmt::format("{} :{}\n", i == 0 ? "from" : "merge", parents[i]);
        if (parents.empty())
            m_import.insert(m_import.rfind("commit refs/heads/main\n"), "reset refs/heads/main\n");
        m_import += "deleteall\n";
        for (const auto& [path, content] : files)
            m_import += fmt::format("M 644 inline {}\ndata {}\n{}\n", path, content.size(), content);
        return number;
    }
    /// On top of the last one.
    int commit(const Files& files)
    {
        return commit(files, m_commits == 0 ? std::vector<int>{} : std::vector<int>{m_commits});
    }

    /// Writes what was told, with a commit-graph.
    git::Repository open()
    {
        git({"fast-import", "--quiet", "--force", "--export-marks=marks"}, m_import);
        git({"commit-graph", "write", "--reachable", "--changed-paths"});
        std::string marks = sys::read_file(fd(), "marks", 1u << 24).value();
        for (std::string_view line : split(marks, '\n'))
            if (strip_prefix(line, ":")) {
                auto number = parse_decimal(take_until(line, ' '));
                m_ids[static_cast<int>(*number)] = git::parse_oid(line).value();
            }
        auto repository =
            git::Repository::open(std::make_shared<const UniqueFd>(sys::open_directory(AT_FDCWD, path()).value()));
        REQUIRE(repository);
        return std::move(*repository);
    }

    git_oid id(int commit) const { return m_ids.at(commit); }
    int number(const git_oid& id) const
    {
        for (const auto& [number, known] : m_ids)
            if (git::is_same(known, id))
                return number;
        return 0;
    }

    std::string git(std::vector<std::string> arguments, const std::string& input = "") const
    {
        arguments.insert(arguments.begin(), "git");
        auto out = sys::run_ok({.argv = arguments, .directory = fd()}, {.input = input});
        INFO((out ? std::string() : out.error().message));
        REQUIRE(out);
        return std::string(trim(*out));
    }

    /// Added to the seconds of the next commits: clocks differ.
    int shift = 0;

private:
    std::string m_import;
    int m_commits = 0;
    std::map<int, git_oid> m_ids;
};

} // namespace quire::tests
