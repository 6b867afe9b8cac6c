#include "ci/artifacts.h"

#include <fcntl.h>
#include <fnmatch.h>

#include <algorithm>

#include "base/sha256.h"
#include "base/strings.h"
#include "sys/file.h"

namespace quire::ci {

namespace {

using Components = std::vector<std::string_view>;

bool component_matches(std::string_view pattern, std::string_view name)
{
    return ::fnmatch(std::string(pattern).c_str(), std::string(name).c_str(), FNM_NOESCAPE) == 0;
}

bool components_match(const Components& pattern, size_t at, const Components& path, size_t from)
{
    while (at < pattern.size() && pattern[at] != "**") {
        if (from == path.size() || !component_matches(pattern[at], path[from]))
            return false;
        ++at;
        ++from;
    }
    if (at == pattern.size())
        return from == path.size();
    for (size_t rest = from; rest <= path.size(); ++rest)
        if (components_match(pattern, at + 1, path, rest))
            return true;
    return false;
}

Result<void> check_pattern(const std::string& pattern)
{
    Components components = split(pattern, '/');
    auto stars = std::count(components.begin(), components.end(), "**");
    for (std::string_view component : components)
        if (component.empty() || component == "." || component == ".." || component.find('\0') != std::string_view::npos)
            return fail(ErrorKind::invalid, "'{}' is no artifact: give a path or a pattern below the workspace, without "
                                            "'.', '..' or a slash at either end", pattern);
    if (stars > 4) // each more multiplies the ways to match
        return fail(ErrorKind::invalid, "'{}' has too many '**'", pattern);
    return {};
}

class Collector {
public:
    Collector(int workspace, const std::string& pattern, int target, uint64_t& budget)
        : m_workspace(workspace), m_pattern(pattern), m_target(target), m_budget(budget)
    {
    }

    Result<CollectedArtifacts> collect()
    {
        TRY(search("."));
        std::sort(m_result.kept.begin(), m_result.kept.end(),
                  [](const Artifact& a, const Artifact& b) { return a.path < b.path; });
        return std::move(m_result);
    }

private:
    enum class Wanted { if_matching, all };

    Result<void> search(const std::string& directory, Wanted wanted = Wanted::if_matching)
    {
        constexpr size_t deepest = 4000; // as a path goes
        auto names = sys::list_directory(m_workspace, directory);
        if (!names || directory.size() > deepest)
            return {}; // gone, or not ours to read: what is in it was not matched either
        for (const std::string& name : *names) {
            std::string path = directory == "." ? name : directory + "/" + name;
            auto status = TRY(sys::stat_at(m_workspace, path));
            if (!status || name == ".git")
                continue;
            bool matches = wanted == Wanted::all || matches_pattern(m_pattern, path);
            if (S_ISDIR(status->st_mode))
                TRY(search(path, matches ? Wanted::all : Wanted::if_matching));
            else if (matches)
                TRY(take(path));
        }
        return {};
    }

    Result<void> take(const std::string& path)
    {
        auto leave_out = [&](std::string_view why) { m_result.left_out.push_back(fmt::format("{}: {}", path, why)); };
        auto file = sys::open_beneath(m_workspace, path, O_RDONLY | O_NONBLOCK);
        if (!file) {
            leave_out(file.error().code == EXDEV ? "leads out of the workspace" : file.error().message);
            return {};
        }
        struct stat status {};
        if (::fstat(file->get(), &status) < 0 || !S_ISREG(status.st_mode)) {
            leave_out("not a file");
            return {};
        }
        if (static_cast<uint64_t>(status.st_size) > m_budget) {
            leave_out("past the limit of what is kept");
            return {};
        }
        if (size_t slash = path.rfind('/'); slash != std::string::npos)
            TRY(sys::make_directories(m_target, path.substr(0, slash)));
        auto copy = sys::open_beneath(m_target, path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0644);
        if (!copy && copy.error().kind == ErrorKind::exists)
            return {};
        if (!copy)
            return Unexpected(copy.error());
        return copy_file(path, file->get(), std::move(*copy));
    }

    Result<void> copy_file(const std::string& path, int from, UniqueFd to)
    {
        constexpr size_t piece_size = 256u << 10;
        Sha256 hash;
        Artifact artifact{path, 0, {}};
        for (;;) {
            std::string piece = TRY(sys::read_some(from, piece_size));
            if (piece.empty())
                break;
            if (piece.size() > m_budget) { // it grew while we read
                m_budget += artifact.size;
                TRY(sys::unlink_at(m_target, path));
                m_result.left_out.push_back(path + ": past the limit of what is kept");
                return {};
            }
            m_budget -= piece.size();
            artifact.size += piece.size();
            hash.update(piece);
            TRY(sys::write_all(to.get(), piece));
        }
        TRY(sys::close_checked(std::move(to), path));
        artifact.sha256 = to_hex(hash.finish());
        m_result.kept.push_back(std::move(artifact));
        return {};
    }

    int m_workspace;
    const std::string& m_pattern;
    int m_target;
    uint64_t& m_budget;
    CollectedArtifacts m_result;
};

} // namespace

bool matches_pattern(std::string_view pattern, std::string_view path)
{
    return components_match(split(pattern, '/'), 0, split(path, '/'), 0);
}

Result<CollectedArtifacts> collect_artifacts(int workspace, const std::string& pattern, int target, uint64_t& budget)
{
    TRY(check_pattern(pattern));
    return Collector(workspace, pattern, target, budget).collect();
}

} // namespace quire::ci
