#include "web/code/tab_width.h"

#include <algorithm>
#include <functional>

#include "text/editorconfig.h"
#include "web/code/code_view.h"

namespace quire::web {

constexpr uint64_t max_editorconfig = 64u << 10;
constexpr size_t max_folders = 30;
constexpr std::string_view file_name = ".editorconfig";

/// `read` gives the content of a folder's file. The folder ends with "/", or is "".
static int width_of(std::string_view path, const std::function<std::optional<std::string>(std::string_view)>& read)
{
    // From the nearest folder up to the root, or to a file that says that it is the last one.
    std::vector<std::pair<std::string, std::string>> found; // their contents, each with the path relative to its folder
    size_t end = path.rfind('/');
    for (size_t i = 0; i < max_folders; ++i) {
        std::string_view folder = end == std::string_view::npos ? std::string_view() : path.substr(0, end + 1);
        if (auto content = read(folder)) {
            found.emplace_back(*content, std::string(path.substr(folder.size())));
            if (text::is_root_editorconfig(*content))
                break;
        }
        if (folder.empty())
            break;
        end = end == 0 ? std::string_view::npos : path.rfind('/', end - 1);
    }
    std::optional<int> width;
    for (auto file = found.rbegin(); file != found.rend(); ++file)
        if (auto said = text::editorconfig_tab_width(file->first, file->second))
            width = said;
    return width.value_or(usual_tab_width);
}

static std::optional<git_oid> id_of_file(const std::optional<git::Entry>& entry)
{
    bool is_file = entry && !entry->is_directory() && !entry->is_submodule() && !entry->is_link();
    return is_file ? std::optional(entry->id) : std::nullopt;
}

FindFile files_of(EntryFinder& entries)
{
    return [&entries](const std::string& path) { return id_of_file(entries.find(path)); };
}

FindFile files_of(const git::Repository& repository, const git_oid& commit)
{
    return [&repository, commit](const std::string& path) { return id_of_file(repository.find(commit, path)); };
}

FindFile files_of(const SearchTree& tree)
{
    return [&tree](const std::string& path) -> std::optional<git_oid> {
        auto less = [](const SearchTree::File& one, const std::string& other) { return one.path < other; };
        auto file = std::lower_bound(tree.files.begin(), tree.files.end(), path, less);
        return file != tree.files.end() && file->path == path ? std::optional(oid_of(file->id)) : std::nullopt;
    };
}

int TabWidths::of(std::string_view path)
{
    return width_of(path, [&](std::string_view folder) { return config_in(folder); });
}

const std::optional<std::string>& TabWidths::config_in(std::string_view folder)
{
    if (auto known = m_read.find(folder); known != m_read.end())
        return known->second;
    std::optional<std::string>& content = m_read[std::string(folder)];
    if (auto id = m_find(std::string(folder).append(file_name)))
        if (auto blob = m_repository.blob(*id, max_editorconfig))
            content = std::move(*blob);
    return content;
}

} // namespace quire::web
