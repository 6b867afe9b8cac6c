#include "forge/pipeline_files.h"

#include <fcntl.h>

#include <algorithm>
#include <vector>

#include "base/strings.h"
#include "base/time.h"
#include "git/git.h"
#include "sys/file.h"

namespace quire::forge {

constexpr const char* pipeline_directory = ".quire/";
constexpr const char* pipeline_file = ".quire/ci.fnl";
constexpr size_t max_listing = 4u << 20;
constexpr int64_t time_limit = 30 * nanoseconds_per_second;

namespace {

struct Bounds {
    size_t files, file, bytes;
    const char* kind;
};
constexpr Bounds bounds_of_code = {500, 1u << 20, 8u << 20, "Fennel files"};
constexpr Bounds bounds_of_everything = {5000, 64u << 20, 64u << 20, "files"};

struct Blob {
    std::string id, path;
    enum class Kind { plain, executable, link } kind;
};

} // namespace

/// Whether the path stays below the directory that it is written to, whatever the tree contains.
static bool is_plain_path(std::string_view path)
{
    for (std::string_view part : split(path, '/'))
        if (part.empty() || part == "." || part == "..")
            return false;
    return true;
}

static std::optional<Blob::Kind> kind_of(std::string_view mode)
{
    if (mode == "120000")
        return Blob::Kind::link;
    if (!mode.starts_with("100"))
        return std::nullopt;
    return mode == "100755" ? Blob::Kind::executable : Blob::Kind::plain;
}

static Result<std::vector<Blob>> list_pipeline(int repository, const std::string& sha, PipelineFiles which)
{
    const Bounds& bounds = which == PipelineFiles::code ? bounds_of_code : bounds_of_everything;
    std::string listing =
        TRY(git::run_ok(repository, {"ls-tree", "-r", "-z", "--long", "--full-tree", sha, "--", pipeline_directory},
                        {.limit = max_listing, .timeout = time_limit}));
    std::vector<Blob> blobs;
    size_t bytes = 0;
    for (std::string_view line : split(listing, '\0')) {
        // "<mode> blob <id> <size, right-aligned>\t<path>"
        std::string_view facts = take_until(line, '\t');
        std::vector<std::string_view> words;
        for (std::string_view word : split(facts, ' '))
            if (!word.empty())
                words.push_back(word);
        auto kind = words.size() == 4 ? kind_of(words[0]) : std::nullopt;
        if (!kind || !is_plain_path(line))
            continue;
        if (which == PipelineFiles::code && (*kind == Blob::Kind::link || !line.ends_with(".fnl")))
            continue;
        size_t size = static_cast<size_t>(parse_decimal(words[3]).value_or(bounds.file + 1));
        bytes += size;
        if (size > bounds.file || bytes > bounds.bytes || blobs.size() >= bounds.files)
            return fail(ErrorKind::refused, "{} holds more than {} {} or {} MiB, or one of more than {} MiB",
                        pipeline_directory, bounds.files, bounds.kind, bounds.bytes >> 20, bounds.file >> 20);
        blobs.push_back({std::string(words[2]), std::string(line), *kind});
    }
    return blobs;
}

static Result<void> write_blob(const Blob& blob, std::string_view content, int directory)
{
    size_t slash = blob.path.rfind('/');
    UniqueFd parent = TRY(sys::make_directories_beneath(directory, blob.path.substr(0, slash)));
    std::string name = blob.path.substr(slash + 1);
    if (blob.kind == Blob::Kind::link)
        return sys::symlink_at(std::string(content), parent.get(), name);
    mode_t mode = blob.kind == Blob::Kind::executable ? 0700 : 0600;
    UniqueFd fd = TRY(sys::open_at(parent.get(), name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode));
    return sys::write_all(fd.get(), content);
}

static Result<void> write_blobs(int repository, const std::vector<Blob>& blobs, int directory)
{
    std::string ids;
    for (const Blob& blob : blobs)
        ids += blob.id + "\n";
    std::string contents =
        TRY(git::run_ok(repository, {"cat-file", "--batch"},
                        {.input = ids, .limit = 2 * bounds_of_everything.bytes, .timeout = time_limit}));
    std::string_view rest = contents;
    for (const Blob& blob : blobs) {
        // "<id> blob <size>\n<content>\n"
        std::string_view header = take_until(rest, '\n');
        auto size = parse_decimal(header.substr(header.rfind(' ') + 1));
        if (!header.starts_with(blob.id) || !size || *size + 1 > rest.size())
            return fail(ErrorKind::system, "git cat-file does not tell what {} holds", blob.path);
        TRY(write_blob(blob, rest.substr(0, *size), directory));
        rest.remove_prefix(*size + 1);
    }
    return {};
}

Result<bool> write_pipeline(int repository, const std::string& sha, PipelineFiles which, int directory)
{
    std::vector<Blob> files = TRY(list_pipeline(repository, sha, which));
    if (std::none_of(files.begin(), files.end(), [](const Blob& blob) { return blob.path == pipeline_file; }))
        return false;
    TRY(write_blobs(repository, files, directory));
    return true;
}

} // namespace quire::forge
