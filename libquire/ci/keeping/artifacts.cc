#include "ci/keeping/artifacts.h"

#include <fcntl.h>

#include <algorithm>

#include "base/sha256.h"
#include "base/strings.h"
#include "sys/atomic_file.h"
#include "sys/file.h"
#include "sys/file_status.h"

namespace quire::ci {

namespace {

constexpr const char* past_the_limit = "past the limit of what is kept";

class Collector {
public:
    explicit Collector(const ArtifactPlace& place) : m_place(place) {}

    Result<CollectedArtifacts> collect(const std::string& pattern)
    {
        TRY(search_workspace(m_place.workspace, pattern, [this](const std::string& path) { return take(path); }));
        std::sort(m_result.kept.begin(), m_result.kept.end(),
                  [](const Artifact& a, const Artifact& b) { return a.path < b.path; });
        return std::move(m_result);
    }

private:
    void leave_out(const std::string& path, const std::string& reason)
    {
        m_result.left_out.push_back({m_place.redactor.redact(path), m_place.redactor.redact(reason)});
    }

    Result<void> take(const std::string& path)
    {
        ++m_result.matched;
        if (m_place.taken.contains(path))
            return {};
        std::string objection = objection_to_name(m_place.redactor, path);
        auto file = objection.empty() ? open_found_file(m_place.workspace, path)
                                      : Result<UniqueFd>(fail(ErrorKind::refused, "{}", objection));
        if (!file) {
            leave_out(path, file.error().message);
            return {};
        }
        struct stat status = TRY(sys::stat_of(file->get(), path));
        if (m_place.budget.files == 0 || static_cast<uint64_t>(status.st_size) > m_place.budget.bytes) {
            leave_out(path, past_the_limit);
            return {};
        }
        // A program that was built stays one, wherever the file is put back.
        mode_t mode = (status.st_mode & S_IXUSR) != 0 ? 0755 : 0644;
        return m_place.target < 0 ? look_at(path, file->get()) : copy(path, file->get(), mode);
    }

    /// Reads the file and calls `each` with its pieces. Returns false if the file has grown past the budget meanwhile.
    template <class Each>
    Result<bool> read_file(const std::string& path, int from, Artifact& artifact, Each each)
    {
        constexpr size_t piece_size = 256u << 10;
        Sha256 hash;
        artifact.path = path;
        for (;;) {
            std::string piece = TRY(sys::read_some(from, piece_size));
            if (piece.empty())
                break;
            if (artifact.size + piece.size() > m_place.budget.bytes)
                return false;
            artifact.size += piece.size();
            hash.update(piece);
            TRY(each(piece));
        }
        artifact.sha256 = to_hex(hash.finish());
        return true;
    }

    void kept(Artifact artifact)
    {
        m_place.budget.bytes -= artifact.size;
        --m_place.budget.files;
        m_place.taken.insert(artifact.path);
        m_result.kept.push_back(std::move(artifact));
    }

    Result<void> look_at(const std::string& path, int from)
    {
        Artifact artifact;
        if (TRY(read_file(path, from, artifact, [](std::string_view) { return Result<void>(); })))
            kept(std::move(artifact));
        else
            leave_out(path, past_the_limit);
        return {};
    }

    Result<void> copy(const std::string& path, int from, mode_t mode)
    {
        size_t slash = path.rfind('/');
        std::string name = slash == std::string::npos ? path : path.substr(slash + 1);
        UniqueFd parent = slash == std::string::npos
                              ? TRY(sys::duplicate(m_place.target))
                              : TRY(sys::make_directories_beneath(m_place.target, path.substr(0, slash)));
        std::string temporary = sys::unique_name(".artifact") + ".tmp";
        UniqueFd to = TRY(sys::open_at(parent.get(), temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode));
        auto copied = copy_as(path, name, from, parent.get(), temporary, std::move(to));
        if (!copied || !*copied)
            TRY(sys::unlink_at(parent.get(), temporary));
        if (!copied)
            return Unexpected(std::move(copied).error());
        if (!*copied)
            leave_out(path, past_the_limit);
        return {};
    }

    Result<bool> copy_as(const std::string& path, const std::string& name, int from, int parent,
                         const std::string& temporary, UniqueFd to)
    {
        Artifact artifact;
        if (!TRY(read_file(path, from, artifact,
                           [&](std::string_view piece) { return sys::write_all(to.get(), piece); })))
            return false;
        TRY(sys::close_checked(std::move(to), path));
        auto before = TRY(sys::stat_at(parent, name));
        TRY(sys::rename_at(parent, temporary, parent, name));
        if (before) { // kept by an earlier attempt
            m_place.budget.bytes += static_cast<uint64_t>(before->st_size);
            ++m_place.budget.files;
        }
        kept(std::move(artifact));
        return true;
    }

    const ArtifactPlace& m_place;
    CollectedArtifacts m_result;
};

} // namespace

Result<UniqueFd> open_found_file(int workspace, const std::string& path)
{
    auto file = sys::open_beneath(workspace, path, O_RDONLY | O_NONBLOCK);
    if (!file && file.error().code == EXDEV)
        return fail(ErrorKind::refused, "leads out of the workspace");
    if (file && !S_ISREG(TRY(sys::stat_of(file->get(), path)).st_mode))
        return fail(ErrorKind::refused, "not a file");
    return file;
}

std::string objection_to_name(const Redactor& redactor, const std::string& path)
{
    if (redactor.redact(path) != path)
        return "its name holds a secret";
    return is_valid_utf8(path) ? "" : "its name is not UTF-8";
}

Result<CollectedArtifacts> collect_artifacts(const ArtifactPlace& place, const std::string& pattern)
{
    TRY(check_pattern(pattern, "artifact"));
    return Collector(place).collect(pattern);
}

} // namespace quire::ci
