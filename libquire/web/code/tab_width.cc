#include "web/code/tab_width.h"

#include "text/editorconfig.h"
#include "web/code/code_view.h"

namespace quire::web {

constexpr uint64_t max_editorconfig = 64u << 10;
constexpr size_t max_folders = 30;

int tab_width_of(const git::Repository& repository, const git_oid& commit, std::string_view path)
{
    // From the nearest folder up to the root, or to a file that says that it is the last one.
    std::vector<std::pair<std::string, std::string>> found; // their contents, each with the path relative to its folder
    size_t end = path.rfind('/');
    for (size_t i = 0; i < max_folders; ++i) {
        std::string folder = end == std::string_view::npos ? "" : std::string(path.substr(0, end + 1));
        auto entry = repository.find(commit, folder + ".editorconfig");
        if (entry && !entry->is_directory() && !entry->is_submodule() && !entry->is_link())
            if (auto content = repository.blob(entry->id, max_editorconfig)) {
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

} // namespace quire::web
