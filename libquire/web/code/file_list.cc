#include "web/code/file_list.h"

#include <algorithm>
#include <functional>
#include <map>

#include "base/strings.h"
#include "git/raw_tree.h"
#include "text/highlight.h"
#include "text/json.h"
#include "web/html/parts.h"

namespace quire::web {

constexpr size_t max_paths = 50'000;
constexpr size_t max_counted = 5'000'000;
constexpr size_t max_depth = 64;

namespace {

/// Walks a tree in git's order.
class Lister {
public:
    Lister(const git::Repository& repository, int64_t deadline, size_t limit,
           std::function<void(std::string_view path)> visit_file)
        : m_finder(repository, ""), m_deadline(deadline), m_limit(limit), m_visit_file(std::move(visit_file))
    {}

    /// False when there is more than was visited.
    bool walk(const git_oid& tree, const std::string& prefix = {}, size_t depth = 0)
    {
        if (depth == max_depth || monotonic_now() > m_deadline)
            return false;
        git::RawTree directory(m_finder.objects(), tree);
        for (std::string_view rest = directory.content(); auto item = git::RawTree::next(rest);) {
            std::string path = prefix + std::string(item->name);
            if (item->mode == "40000") {
                if (!walk(item->oid(), path + "/", depth + 1))
                    return false;
            } else if (item->mode != "160000") {
                if (m_count++ == m_limit)
                    return false;
                m_visit_file(path);
            }
        }
        return true;
    }

private:
    git::PathFinder m_finder;
    int64_t m_deadline;
    size_t m_limit;
    std::function<void(std::string_view)> m_visit_file;
    size_t m_count = 0;
};

} // namespace

std::shared_ptr<const std::string> path_list(Site& site, const git::Repository& repository, const git_oid& tree,
                                             int64_t deadline)
{
    std::string key = git::to_string(tree);
    if (auto known = site.caches().paths.find(key))
        return known;
    std::string list = "[";
    auto add = [&](std::string_view path) {
        if (!is_valid_utf8(path))
            return;
        list += list.size() > 1 ? ",\n" : "";
        list += text::write_json(text::Data(std::string(path)));
    };
    bool is_whole = Lister(repository, deadline, max_paths, add).walk(tree);
    list += "]\n";
    size_t bytes = list.size();
    return is_whole ? site.caches().paths.keep(key, std::move(list), bytes)
                    : std::make_shared<const std::string>(std::move(list));
}

std::shared_ptr<const Languages> languages(Site& site, const git::Repository& repository, const git_oid& tree,
                                           int64_t deadline)
{
    std::string key = git::to_string(tree);
    if (auto known = site.caches().languages.find(key))
        return known;
    std::map<std::string_view, uint64_t> counts;
    auto count = [&](std::string_view path) {
        std::string_view name = path.substr(path.rfind('/') + 1);
        if (const text::Language* language = text::find_language(name, ""))
            ++counts[text::language_name(*language)];
    };
    if (!Lister(repository, deadline, max_counted, count).walk(tree))
        return nullptr;
    Languages found;
    for (const auto& [name, files] : counts)
        found.emplace_back(std::string(name), files);
    std::stable_sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
    return site.caches().languages.keep(key, std::move(found), 600);
}

} // namespace quire::web
