#include "history/path_origin.h"

#include <algorithm>
#include <unordered_map>

#include "history/line_match.h"

namespace quire::history {

constexpr size_t max_changes = 50'000, max_path_bytes = 8u << 20;
/// Larger files are recognised only by their id.
constexpr size_t max_file = 1u << 20;
/// How much may be read to find the origin of one file.
constexpr size_t max_read = 24u << 20;
constexpr double least_similarity = 0.4;
/// An equal name is half of the evidence.
constexpr double least_similarity_of_namesake = 0.2;

Changes::Changes(const git::Objects& objects, const std::optional<git_oid>& before, const git_oid& after,
                 const Patience& patience)
    : m_diff(git::diff_names(objects, before, after,
                             {.paths = max_changes, .path_bytes = max_path_bytes, .patience = patience}))
{}

static std::string_view name_of(std::string_view path) { return path.substr(path.rfind('/') + 1); }

static bool is_file(const std::optional<git::TreeSide>& side)
{
    return side && (side->mode == GIT_FILEMODE_BLOB || side->mode == GIT_FILEMODE_BLOB_EXECUTABLE);
}

namespace {

using Counts = std::unordered_map<std::string_view, int>;

std::string_view without_blanks_around(std::string_view line)
{
    while (!line.empty() && (line.front() == ' ' || line.front() == '\t'))
        line.remove_prefix(1);
    while (!line.empty() && (line.back() == ' ' || line.back() == '\r' || line.back() == '\t'))
        line.remove_suffix(1);
    return line;
}

/// The bytes of the lines that both have, as a share of all bytes.
double similarity_of(const Counts& lines, size_t bytes, std::string_view other)
{
    Counts left = lines;
    size_t common = 0, all = bytes;
    for (std::string_view line : lines_of(other)) {
        line = without_blanks_around(line);
        all += line.size();
        if (auto found = left.find(line); found != left.end() && found->second-- > 0)
            common += 2 * line.size();
    }
    return all == 0 ? 0 : static_cast<double>(common) / static_cast<double>(all);
}

} // namespace

std::optional<PathOrigin> find_path_origin(const git::Objects& objects, const Changes& changes, const std::string& path,
                                           const git_oid& blob, const Patience& patience)
{
    std::vector<const git::TreeChange*> gone, namesakes;
    std::optional<PathOrigin> same;
    for (const git::TreeChange& change : changes.all()) {
        if (!is_file(change.before))
            continue;
        if (git::is_same(change.before->id, blob) && !change.after) {
            bool is_better = !same || (name_of(change.path) == name_of(path) && name_of(same->path) != name_of(path));
            if (is_better)
                same = PathOrigin{change.path, blob, 1, false};
        }
        if (!change.after)
            (name_of(change.path) == name_of(path) ? namesakes : gone).push_back(&change);
    }
    if (same)
        return same;
    auto read = objects.read(blob, GIT_OBJECT_BLOB, max_file);
    if (!read || (gone.empty() && namesakes.empty()))
        return std::nullopt;
    std::string_view text = read->content();
    Counts lines;
    size_t bytes = 0, read_bytes = 0;
    for (std::string_view line : lines_of(text)) {
        line = without_blanks_around(line);
        ++lines[line];
        bytes += line.size();
    }
    std::optional<PathOrigin> best;
    auto look_at = [&](const std::vector<const git::TreeChange*>& candidates, double least) {
        for (const git::TreeChange* change : candidates) {
            auto header = objects.header(change->before->id);
            if (!header || header->size > max_file || read_bytes + header->size > max_read || patience.is_over())
                continue;
            // The sizes differ too much.
            if (std::min(header->size, text.size()) < std::max(header->size, text.size()) / 5)
                continue;
            read_bytes += header->size;
            auto other = objects.read(change->before->id, GIT_OBJECT_BLOB, max_file);
            double alike = other ? similarity_of(lines, bytes, other->content()) : 0;
            if (alike >= least && (!best || alike > best->similarity))
                best = PathOrigin{change->path, change->before->id, alike, false};
        }
    };
    look_at(namesakes, least_similarity_of_namesake);
    if (!best || best->similarity < least_similarity)
        look_at(gone, least_similarity);
    return best;
}

} // namespace quire::history
