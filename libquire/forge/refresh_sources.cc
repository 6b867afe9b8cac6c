#include "forge/refresh_sources.h"

#include <algorithm>

#include "base/strings.h"
#include "git/git.h"
#include "git/head.h"
#include "git/object_reader.h"
#include "sys/file.h"
#include "sys/temporary_directory.h"
#include "text/json.h"

namespace quire::forge {

using store::RepositorySources;

constexpr const char* pipeline_directory = ".quire/";
constexpr const char* pipeline_file = ".quire/ci.fnl";
constexpr size_t max_files = 500;
constexpr size_t max_file = 1u << 20;
constexpr size_t max_bytes = 8u << 20;
constexpr size_t max_listing = 4u << 20;
constexpr int64_t time_limit = 30 * nanoseconds_per_second;

Result<DefaultBranch> default_branch(int repository)
{
    DefaultBranch branch{.ref = TRY(git::head_ref(repository)), .sha = ""};
    if (branch.ref.empty())
        return branch;
    sys::Output answer =
        TRY(git::run(repository, {"rev-parse", "--verify", "--quiet", "--end-of-options", branch.ref + "^{commit}"}));
    if (answer.status == 0)
        branch.sha = trim(answer.out);
    return branch;
}

namespace {

struct Blob {
    std::string id, path;
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

/// The Fennel files below .quire. ErrorKind::refused: there are more than a pipeline may have.
static Result<std::vector<Blob>> list_pipeline(int repository, const std::string& sha)
{
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
        if (words.size() != 4 || !words[0].starts_with("100") || !line.ends_with(".fnl") || !is_plain_path(line))
            continue;
        size_t size = static_cast<size_t>(parse_decimal(words[3]).value_or(max_file + 1));
        bytes += size;
        if (size > max_file || bytes > max_bytes || blobs.size() >= max_files)
            return fail(ErrorKind::refused, "{} holds more than {} Fennel files or {} MiB, or one of more than {} MiB",
                        pipeline_directory, max_files, max_bytes >> 20, max_file >> 20);
        blobs.push_back({std::string(words[2]), std::string(line)});
    }
    return blobs;
}

static Result<void> write_blobs(int repository, const std::vector<Blob>& blobs, int directory)
{
    std::string ids;
    for (const Blob& blob : blobs)
        ids += blob.id + "\n";
    std::string contents = TRY(git::run_ok(repository, {"cat-file", "--batch"}, {.input = ids, .timeout = time_limit}));
    std::string_view rest = contents;
    for (const Blob& blob : blobs) {
        // "<id> blob <size>\n<content>\n"
        std::string_view header = take_until(rest, '\n');
        auto size = parse_decimal(header.substr(header.rfind(' ') + 1));
        if (!header.starts_with(blob.id) || !size || *size + 1 > rest.size())
            return fail(ErrorKind::system, "git cat-file does not tell what {} holds", blob.path);
        TRY(sys::make_directories(directory, blob.path.substr(0, blob.path.rfind('/'))));
        UniqueFd fd = TRY(sys::open_beneath(directory, blob.path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0600));
        TRY(sys::write_all(fd.get(), rest.substr(0, *size)));
        rest.remove_prefix(*size + 1);
    }
    return {};
}

static Result<RepositorySources> ask_pipeline(int repository, const std::string& sha, const std::string& programs)
{
    auto blobs = list_pipeline(repository, sha);
    if (!blobs && blobs.error().kind == ErrorKind::refused)
        return RepositorySources{.error = blobs.error().message};
    std::vector<Blob> files = TRY(std::move(blobs));
    if (std::none_of(files.begin(), files.end(), [](const Blob& blob) { return blob.path == pipeline_file; }))
        return RepositorySources{};
    auto directory = TRY(sys::TemporaryDirectory::create("", "quire-sources"));
    TRY(write_blobs(repository, files, directory.fd()));
    // It only learns the pipeline's own directory, so its messages name ".quire/ci.fnl".
    sys::Output answer =
        TRY(sys::run({.argv = {programs + "/quire-ci", "sources", "--json", "--no-cache"}, .directory = directory.fd()},
                     {.limit = max_listing, .timeout = time_limit}));
    if (answer.status == 1)
        return RepositorySources{.error = std::string(trim(answer.err).substr(0, trim(answer.err).find('\n')))};
    if (answer.status != 0)
        return fail(ErrorKind::system, "quire-ci sources ended with {}: {}", answer.status, trim(answer.err));
    auto data = TRY(text::read_json(answer.out, "quire-ci sources"));
    return store::sources_from_data(data, "quire-ci sources");
}

Result<RepositorySources> refresh_sources(const store::Root& root, const store::RepoName& name,
                                          const std::string& programs)
{
    UniqueFd repository = TRY(root.open_repository(name));
    Instant looked_at = now();
    DefaultBranch branch = TRY(default_branch(repository.get()));
    auto known = store::read_sources(repository.get()); // a broken file is rewritten
    RepositorySources sources;
    if (known && *known && (*known)->sha == branch.sha && (*known)->ref == branch.ref)
        sources = std::move(**known);
    else if (!branch.sha.empty())
        sources = TRY(ask_pipeline(repository.get(), branch.sha, programs));
    sources.sha = branch.sha;
    sources.ref = branch.ref;
    sources.looked_at = looked_at;
    TRY(store::write_sources(repository.get(), sources));
    return sources;
}

} // namespace quire::forge
