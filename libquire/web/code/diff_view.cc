#include "web/code/diff_view.h"

#include <algorithm>

#include "base/strings.h"
#include "web/code/diff_lines.h"
#include "web/code/diff_sections.h"
#include "web/html/parts.h"

namespace quire::web {

constexpr size_t max_opened = 20;

Html counts(size_t added, size_t removed)
{
    Html html;
    if (added > 0)
        html.add("<span class=\"plus\">+{}</span>", grouped(added));
    if (removed > 0)
        html.add("{}<span class=\"minus\">−{}</span>", added > 0 ? "\u00a0" : "", grouped(removed));
    return html;
}

bool is_generated(std::string_view path)
{
    std::string_view name = path.substr(path.rfind('/') + 1);
    for (std::string_view exact :
         {"package-lock.json", "npm-shrinkwrap.json", "yarn.lock", "pnpm-lock.yaml", "Cargo.lock", "Gemfile.lock",
          "composer.lock", "poetry.lock", "uv.lock", "flake.lock", "go.sum", "mix.lock"})
        if (name == exact)
            return true;
    for (std::string_view ending :
         {".min.js", ".min.css", ".map", ".pb.go", ".pb.cc", ".pb.h", "_pb2.py", ".po", ".snap"})
        if (name.ends_with(ending))
            return true;
    return path.starts_with("node_modules/") || path.find("/node_modules/") != std::string_view::npos ||
           path.starts_with("vendor/") || path.starts_with("third_party/");
}

DiffChoice DiffChoice::of(const http::Request& request)
{
    DiffChoice choice{request.parameter("view") == "split",
                      request.parameter("space") == "ignore",
                      request.parameter("moved") == "fold",
                      {}};
    choice.only = request.parameter("only");
    for (std::string_view one : split(request.parameter("open"), '-')) {
        size_t dot = one.find('.');
        auto file = parse_decimal(one.substr(0, dot));
        auto gap = parse_decimal(one.substr(std::min(dot, one.size() - 1) + 1));
        if (dot != std::string_view::npos && file && gap && choice.open.size() < max_opened)
            choice.open.emplace_back(*file, *gap);
    }
    return choice;
}

Url DiffChoice::chosen(Url page) const
{
    if (is_split)
        page = page.with("view", "split");
    if (ignores_whitespace)
        page = page.with("space", "ignore");
    if (folds_moved)
        page = page.with("moved", "fold");
    return only.empty() ? page : page.with("only", only);
}

bool DiffChoice::has_open(size_t file, size_t gap) const
{
    return std::find(open.begin(), open.end(), std::pair<uint64_t, uint64_t>(file, gap)) != open.end();
}

Result<git::Diff> find_diff(const Visit& visit, const git::Repository& repository,
                            const std::optional<git_oid>& old_tree, const git_oid& new_tree, const DiffChoice& choice,
                            Cost cost)
{
    constexpr int64_t glance = nanoseconds_per_second / 5;
    git::DiffOptions options = choice.options();
    options.names.patience = cost == Cost::low ? short_patience(visit.request, glance) : costly_patience(visit.request);
    git::Diff diff = git::diff_trees(repository, old_tree, new_tree, options);
    if (!diff.is_late || cost != Cost::low)
        return diff;
    CostlyPlace place = TRY(CostlyPlace::take(visit.request));
    options.names.patience = costly_patience(visit.request);
    return git::diff_trees(repository, old_tree, new_tree, options);
}

Url DiffSection::opened(size_t gap) const
{
    std::string open;
    for (const auto& [one, other] : choice.open)
        open += fmt::format("{}.{}-", one, other);
    open += fmt::format("{}.{}", index, gap);
    return choice.chosen(here).with("open", open).at(fmt::format("f{}", index));
}

static Tools ways_to_see(const Url& here, const DiffChoice& choice)
{
    DiffChoice unified = choice, split = choice, other = choice;
    unified.is_split = false;
    split.is_split = true;
    other.ignores_whitespace = !choice.ignores_whitespace;
    Tools tools;
    tools.choice("columns", {{"unified", unified.chosen(here), !choice.is_split},
                             {"side by side", split.chosen(here), choice.is_split}});
    return tools.toggle("ignore whitespace", other.chosen(here), choice.ignores_whitespace);
}

/// What is not here, and where it is.
static Html left_out(const git::Diff& diff, const std::optional<Url>& whole)
{
    Html html;
    if (!diff.is_cut && !diff.has_more_files && !diff.is_late)
        return html;
    html.add("<p class=\"notice\">{}{}{}", diff.is_late ? "Time ran out before everything was compared. " : "",
             diff.has_more_files
                 ? fmt::format("More files have changed than the {} listed here. ", grouped(diff.files.size()))
                 : "",
             diff.is_cut ? "Large changes are left out. " : "");
    if (whole)
        html.add("The <a href=\"{}\">plain-text diff</a> shows more.", *whole);
    return html.add("</p>\n");
}

static void add_totals(Html& html, const DiffPlace& place, const git::Diff& diff, const DiffChoice& choice,
                       const Tools& more)
{
    html.add("<div class=\"choices\"><h2 class=\"what\">");
    if (choice.only.empty()) {
        html.add("{}{} {} changed {}", diff.has_more_files ? "more than " : "", grouped(diff.files.size()),
                 diff.files.size() == 1 ? "file" : "files", counts(diff.added, diff.removed));
    } else {
        DiffChoice all = choice;
        all.only.clear();
        html.add("one of <a href=\"{}\">{} changed files</a>", all.chosen(place.here), grouped(diff.files.size()));
    }
    html.add("</h2>\n{}{}</div>\n", ways_to_see(place.here, choice).row(), more.row());
}

/// All files by name. Those that are folded say so: their lines are in the totals, and not to be seen at once.
static void add_names(Html& html, const git::Diff& diff, const std::vector<Fold>& folds)
{
    html.add("<nav class=\"names\" aria-label=\"changed files\"><ul class=\"stat\">\n");
    for (size_t i = 0; i < diff.files.size(); ++i) {
        const git::FileDiff& file = diff.files[i];
        html.add("<li><a href=\"{}\">{}</a> {}", Url::local("").at(fmt::format("f{}", i)), shown_name(file.new_path),
                 counts(file));
        if (file.status == GIT_DELTA_RENAMED)
            html.add(" <span class=\"status\" title=\"{}\">renamed</span>", "from " + shown_name(file.old_path));
        if (*folds[i].why != 0)
            html.add(" <span class=\"status\">{}</span>", folds[i].why);
        html.add("</li>\n");
    }
    html.add("</ul></nav>\n");
}

Html render_diff(const DiffPlace& place, const git::Diff& diff, const DiffChoice& choice, const Tools& more,
                 const std::optional<Url>& whole)
{
    Html html;
    std::vector<Fold> folds = folds_of(diff, choice);
    add_totals(html, place, diff, choice, more);
    html.append(left_out(diff, whole));
    MovedMarks moved(diff);
    if (moved.runs() > 0) {
        DiffChoice other = choice;
        other.folds_moved = !choice.folds_moved;
        html.add("<p class=\"more\">{} {} of lines {} moved · <a rel=\"nofollow\" href=\"{}\">{}</a></p>\n",
                 grouped(moved.runs()), moved.runs() == 1 ? "run" : "runs", moved.runs() == 1 ? "was" : "were",
                 other.chosen(place.here), choice.folds_moved ? "show them" : "fold them");
    }
    bool has_names = choice.only.empty() && diff.files.size() > 1;
    html.add("<div class=\"{}\">\n", has_names ? "changes" : "changes single");
    if (has_names)
        add_names(html, diff, folds);
    html.add("<div>\n{}", draw_sections(place, diff, choice, folds, moved));
    return html.add("</div></div>\n");
}

} // namespace quire::web
