#include "ci/language/source_tree.h"

#include <sys/stat.h>

#include "base/strings.h"
#include "sys/file.h"

namespace quire::ci {

constexpr size_t max_file = 1u << 20;
constexpr size_t max_total = 8u << 20;
constexpr size_t max_files = 500;
constexpr int max_levels = 8;

std::string_view SourceTree::line(const std::string& file, uint32_t number) const
{
    auto found = files.find(file);
    if (found == files.end() || number == 0)
        return {};
    std::string_view rest = found->second;
    while (--number > 0) {
        size_t end = rest.find('\n');
        if (end == rest.npos)
            return {};
        rest.remove_prefix(end + 1);
    }
    std::string_view line = rest.substr(0, rest.find('\n'));
    strip_suffix(line, "\r");
    return line;
}

namespace {

class TreeReader {
public:
    TreeReader(int checkout, std::string shown) : m_checkout(checkout), m_shown(std::move(shown)) {}

    Result<void> directory(const std::string& path, int level)
    {
        if (level > max_levels)
            return fail(ErrorKind::invalid, "{}: directories nested deeper than {}", shown(path), max_levels);
        for (const std::string& name : TRY(sys::list_directory(m_checkout, path))) {
            std::string below = path + "/" + name;
            auto status = TRY(sys::stat_at(m_checkout, below));
            if (!status)
                continue;
            if (S_ISDIR(status->st_mode)) {
                TRY(directory(below, level + 1));
            } else if (S_ISREG(status->st_mode)) {
                tree.has_dockerfile = tree.has_dockerfile || below == ".quire/Dockerfile";
                if (name.ends_with(".fnl"))
                    TRY(file(below));
            }
        }
        return {};
    }

    SourceTree tree;

private:
    std::string shown(const std::string& path) const { return m_shown.empty() ? path : m_shown + "/" + path; }

    Result<void> file(const std::string& path)
    {
        UniqueFd fd = TRY(sys::open_regular(m_checkout, path, O_NOFOLLOW));
        std::string content = TRY(sys::read_all(fd.get(), max_file, shown(path)));
        if (content.starts_with("\xef\xbb\xbf"))
            content.erase(0, 3); // a byte order mark, which some editors write
        m_total += content.size();
        if (m_total > max_total || tree.files.size() >= max_files)
            return fail(ErrorKind::invalid, "{}: .quire holds more than {} Fennel files or {} MiB", shown(path),
                        max_files, max_total >> 20);
        tree.files.emplace(path, std::move(content));
        return {};
    }

    int m_checkout;
    std::string m_shown;
    size_t m_total = 0;
};

} // namespace

Result<SourceTree> read_source_tree(int checkout, const std::string& shown_path)
{
    std::string shown = shown_path.empty() || shown_path == "." ? pipeline_file : shown_path + "/" + pipeline_file;
    if (!TRY(sys::stat_at(checkout, pipeline_file)))
        return fail(ErrorKind::not_found, "{}: there is no such file, so there is no pipeline", shown);
    auto directory = TRY(sys::stat_at(checkout, ".quire"));
    if (!directory || !S_ISDIR(directory->st_mode))
        return fail(ErrorKind::invalid, "{}: .quire is not a directory", shown);
    TreeReader reader(checkout, shown_path == "." ? "" : shown_path);
    TRY(reader.directory(".quire", 0));
    if (!reader.tree.files.contains(pipeline_file))
        return fail(ErrorKind::invalid, "{}: not a plain file", shown);
    return std::move(reader.tree);
}

} // namespace quire::ci
