#include "web/code/file_list.h"

#include <algorithm>
#include <functional>
#include <map>

#include "base/strings.h"
#include "git/tree_diff.h"
#include "text/highlight.h"
#include "text/json.h"
#include "web/code/diff_view.h"
#include "web/html/parts.h"

namespace quire::web {

constexpr size_t max_paths = 50'000;
constexpr size_t max_counted = 5'000'000;

/// Calls `take` with the path and the blob of each file, in git's order; false if there are more than `limit`.
static bool each_file(const git::Repository& repository, const git_oid& tree, size_t limit, const Patience& patience,
                      const std::function<void(std::string_view path, const git_oid& blob)>& take)
{
    git::TreeBudget budget{.paths = limit, .path_bytes = SIZE_MAX, .directories = limit, .patience = patience};
    auto end = git::each_change(repository.objects(), std::nullopt, tree, budget, [&](const git::TreeChange& found) {
        if (found.after->mode != GIT_FILEMODE_COMMIT)
            take(found.path, found.after->id);
    });
    return !end.is_cut;
}

bool has_at_most(const git::Repository& repository, const git_oid& tree, size_t files, const Patience& patience)
{
    return each_file(repository, tree, files, patience, [](std::string_view, const git_oid&) {});
}

std::shared_ptr<const std::string> path_list(Site& site, const git::Repository& repository, const git_oid& tree,
                                             const Patience& patience)
{
    std::string key = git::to_string(tree);
    if (auto known = site.caches().paths.find(key))
        return known;
    std::string list = "[";
    auto add = [&](std::string_view path, const git_oid&) {
        if (!is_valid_utf8(path))
            return;
        list += list.size() > 1 ? ",\n" : "";
        list += text::write_json(text::Data(std::string(path)));
    };
    bool is_whole = each_file(repository, tree, max_paths, patience, add);
    list += "]\n";
    size_t bytes = list.size();
    return site.caches().paths.keep(key, {std::move(list), bytes, !is_whole});
}

/// Data and prose are no languages that something is written in, where there are such.
static bool is_code(std::string_view language)
{
    for (std::string_view other : {"JSON", "YAML", "TOML", "XML", "config", "diff", "Markdown", "roff"})
        if (language == other)
            return false;
    return true;
}

std::shared_ptr<const Languages> languages(Site& site, const git::Repository& repository, const git_oid& tree,
                                           const Patience& patience)
{
    std::string key = git::to_string(tree);
    if (auto known = site.caches().languages.find(key))
        return known;
    std::map<std::string_view, uint64_t> counts;
    uint64_t sources_of_c = 0; // without headers
    bool is_late = false;
    auto count = [&](std::string_view path, const git_oid& blob) {
        std::string_view name = path.substr(path.rfind('/') + 1);
        const text::Language* language = text::find_language(name, "");
        is_late = is_late || patience.is_over();
        auto size = language && !is_late ? repository.blob_size(blob) : Result<size_t>(0);
        if (!language || !size || is_generated(path))
            return;
        counts[text::language_name(*language)] += *size;
        sources_of_c += path.ends_with(".c") ? *size : 0;
    };
    if (!each_file(repository, tree, max_counted, patience, count) || is_late)
        return nullptr;
    // A header says neither which it is of.
    auto c = counts.find("C"), cpp = counts.find("C++");
    if (c != counts.end() && cpp != counts.end() && cpp->second > sources_of_c) {
        cpp->second += c->second - sources_of_c;
        c->second = sources_of_c;
        if (c->second == 0)
            counts.erase(c);
    }
    if (std::any_of(counts.begin(), counts.end(), [](const auto& one) { return is_code(one.first); }))
        std::erase_if(counts, [](const auto& one) { return !is_code(one.first); });
    Languages found;
    for (const auto& [name, bytes] : counts)
        found.emplace_back(std::string(name), bytes);
    std::stable_sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
    return site.caches().languages.keep(key, {std::move(found), 600});
}

} // namespace quire::web
