#include "web/code/diff_view.h"

#include <algorithm>

#include "base/strings.h"
#include "web/code/code_view.h"
#include "web/code/diff_lines.h"
#include "web/code/media.h"
#include "web/code/tab_width.h"
#include "web/html/parts.h"

namespace quire::web {

constexpr size_t max_opened = 20;
constexpr size_t open_files = 100;       ///< further ones are folded
constexpr size_t max_open_lines = 800;   ///< a file with more changes is folded
constexpr size_t max_page_lines = 8'000; ///< of all files; what comes after these is a link

static std::string_view status_word(git_delta_t status)
{
    switch (status) {
    case GIT_DELTA_ADDED:
        return "added";
    case GIT_DELTA_DELETED:
        return "deleted";
    case GIT_DELTA_RENAMED:
        return "renamed";
    case GIT_DELTA_COPIED:
        return "copied";
    case GIT_DELTA_TYPECHANGE:
        return "changed type";
    default:
        return "";
    }
}

static std::string shown_path(const git::FileDiff& file)
{
    if (file.old_path != file.new_path && file.status == GIT_DELTA_RENAMED)
        return shown_name(file.old_path) + " → " + shown_name(file.new_path);
    return shown_name(file.new_path);
}

Html counts(size_t added, size_t removed)
{
    Html html;
    if (added > 0)
        html.add("<span class=\"plus\">+{}</span>", grouped(added));
    if (removed > 0)
        html.add("{}<span class=\"minus\">−{}</span>", added > 0 ? "\u00a0" : "", grouped(removed));
    return html;
}

/// Of what was not compared line by line there is nothing to count.
static Html counts(const git::FileDiff& file)
{
    bool is_counted = !file.is_binary && (!file.is_cut || file.added + file.removed > 0);
    return is_counted ? counts(file.added, file.removed)
                      : Html().add("<span class=\"status\">{}</span>", file.is_binary ? "binary" : "large");
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

static Url chosen(Url url, const DiffChoice& choice)
{
    if (choice.is_split)
        url = url.with("view", "split");
    if (choice.ignores_whitespace)
        url = url.with("space", "ignore");
    if (choice.folds_moved)
        url = url.with("moved", "fold");
    return choice.only.empty() ? url : url.with("only", choice.only);
}

Url DiffSection::opened(size_t gap) const
{
    std::string open;
    for (const auto& [one, other] : choice.open)
        open += fmt::format("{}.{}-", one, other);
    open += fmt::format("{}.{}", index, gap);
    return chosen(here, choice).with("open", open).at(fmt::format("f{}", index));
}

static Tools ways_to_see(const Url& here, const DiffChoice& choice)
{
    DiffChoice unified = choice, split = choice, other = choice;
    unified.is_split = false;
    split.is_split = true;
    other.ignores_whitespace = !choice.ignores_whitespace;
    Tools tools;
    tools.choice("columns", {{"unified", chosen(here, unified), !choice.is_split},
                             {"side by side", chosen(here, split), choice.is_split}});
    return tools.toggle("ignore whitespace", chosen(here, other), choice.ignores_whitespace);
}

namespace {

struct Fold {
    const char* why = "";      ///< empty: it is open
    bool is_elsewhere = false; ///< its lines are not in this page, which has a link to them
};

} // namespace

static Fold fold_of(const git::FileDiff& file, size_t index)
{
    return {file.added + file.removed > max_open_lines ? "long"
            : is_generated(file.new_path)              ? "generated"
            : index >= open_files || file.is_cut       ? "folded"
                                                       : ""};
}

/// How each file is shown, so that a page of any number of files stays a page.
static std::vector<Fold> folds_of(const git::Diff& diff, const DiffChoice& choice)
{
    std::vector<Fold> folds;
    size_t lines = 0;
    for (size_t i = 0; i < diff.files.size(); ++i) {
        const git::FileDiff& file = diff.files[i];
        Fold fold = fold_of(file, i);
        size_t own = 0;
        for (const git::DiffHunk& hunk : file.hunks)
            own += hunk.lines.size();
        bool is_opened = file.new_path == choice.only || std::any_of(choice.open.begin(), choice.open.end(),
                                                                     [&](const auto& one) { return one.first == i; });
        if (is_opened)
            fold.why = "";
        else
            fold.is_elsewhere =
                choice.only.empty() && (file.is_cut || (own > 0 && i >= open_files) || lines + own > max_page_lines);
        if (fold.is_elsewhere && *fold.why == 0)
            fold.why = "folded";
        lines += fold.is_elsewhere ? 0 : own;
        folds.push_back(fold);
    }
    return folds;
}

static void add_pictures(Html& html, const DiffPlace& place, const git::FileDiff& file)
{
    html.add("<div class=\"pictures\">");
    auto add = [&](const std::string& commit, const std::string& path, const char* when) {
        html.add("<figure><img src=\"{}\" alt=\"{}\" loading=\"lazy\"><figcaption>{}</figcaption></figure>",
                 Url::view(place.visit.name(), "raw", commit, path), shown_name(path) + " " + when, when);
    };
    if (place.before && !git_oid_is_zero(&file.old_id))
        add(git::to_string(*place.before), file.old_path, "before");
    if (!git_oid_is_zero(&file.new_id))
        add(git::to_string(place.after), file.new_path, "after");
    html.add("</div>\n");
}

static std::string shown_mode(unsigned mode) { return fmt::format("{:o}", mode & 07777); }

static int tab_width_of(const git::FileDiff& file, TabWidths& widths)
{
    for (const git::DiffHunk& hunk : file.hunks)
        for (const git::DiffLine& line : hunk.lines)
            if (line.text.find('\t') != std::string::npos)
                return widths.of(file.new_path);
    return usual_tab_width;
}

/// Leads to the file by itself; the script brings it here.
static void add_link_to_lines(Html& html, const DiffPlace& place, const git::FileDiff& file, size_t index,
                              const DiffChoice& choice)
{
    DiffChoice one = choice;
    one.only = file.new_path;
    size_t lines = file.added + file.removed;
    html.add("<p class=\"empty\"><a class=\"opens\" rel=\"nofollow\" href=\"{}\">show {}</a></p>\n",
             chosen(place.here, one).at(fmt::format("f{}", index)),
             lines == 0   ? "its changes"
             : lines == 1 ? "the line that changed"
                          : fmt::format("the {} lines that changed", grouped(lines)));
}

namespace {

/// What the files of one page share.
struct Shared {
    const DiffPlace& place;
    const DiffChoice& choice;
    const git::Diff& diff;
    const MovedMarks& moved;
    ColourBudget budget;
    TabWidths widths;
};

} // namespace

static void add_file(Html& html, size_t index, const Fold& fold, Shared& shared)
{
    const DiffPlace& place = shared.place;
    const DiffChoice& choice = shared.choice;
    const git::FileDiff& file = shared.diff.files[index];
    const char* why = fold.why;
    if (*why == 0)
        html.add("<details class=\"file\" id=\"f{}\" open>", index);
    else
        html.add("<details class=\"file\" id=\"f{}\">", index);
    html.add("<summary><span class=\"path\">{}</span> ", shown_path(file));
    if (std::string word(status_word(file.status)); !word.empty())
        html.add("<span class=\"status\">{}</span> ", word);
    html.append(counts(file));
    if (*why != 0)
        html.add("<span class=\"status\"> · {}</span>", why);
    html.add("</summary>\n");
    if (file.status != GIT_DELTA_DELETED && file.new_mode != GIT_FILEMODE_COMMIT)
        html.add("<a class=\"whole\" href=\"{}\">view file</a>\n",
                 Url::view(place.visit.name(), "file", git::to_string(place.after), file.new_path));
    bool has_both = !git_oid_is_zero(&file.old_id) && !git_oid_is_zero(&file.new_id);
    if (has_both && file.old_mode != file.new_mode && file.status != GIT_DELTA_TYPECHANGE)
        html.add("<p class=\"empty\">Its mode was {}, and is {}.</p>\n", shown_mode(file.old_mode),
                 shown_mode(file.new_mode));
    if (file.is_binary && is_image(file.new_path)) {
        add_pictures(html, place, file);
    } else if (file.is_binary) {
        html.add("<p class=\"empty\">A binary file.</p>\n");
    } else if (fold.is_elsewhere) {
        add_link_to_lines(html, place, file, index, choice);
    } else if (file.is_cut) {
        html.add("<p class=\"empty\">Too large to show here.</p>\n");
    } else if (!file.hunks.empty()) {
        DiffColours colours(place.repository, file, shared.budget);
        add_hunks(html, {file, index, choice, place.here, colours, tab_width_of(file, shared.widths), &shared.moved,
                         &shared.diff});
    } else if (file.status == GIT_DELTA_RENAMED) {
        html.add("<p class=\"empty\">Renamed; nothing else changed.</p>\n");
    } else if (file.status == GIT_DELTA_ADDED || file.status == GIT_DELTA_DELETED) {
        html.add("<p class=\"empty\">An empty file.</p>\n");
    } else if (choice.ignores_whitespace && has_both && file.old_mode == file.new_mode) {
        html.add("<p class=\"empty\">Only whitespace changed.</p>\n");
    }
    html.add("</details>\n");
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
        html.add("one of <a href=\"{}\">{} changed files</a>", chosen(place.here, all), grouped(diff.files.size()));
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
                 chosen(place.here, other), choice.folds_moved ? "show them" : "fold them");
    }
    bool has_names = choice.only.empty() && diff.files.size() > 1;
    html.add("<div class=\"{}\">\n", has_names ? "changes" : "changes single");
    if (has_names)
        add_names(html, diff, folds);
    html.add("<div>\n");
    Shared shared{place, choice, diff, moved, {}, {files_of(place.repository, place.after), place.repository}};
    for (size_t i = 0; i < diff.files.size(); ++i)
        if (choice.only.empty() || choice.only == diff.files[i].new_path)
            add_file(html, i, folds[i], shared);
    return html.add("</div></div>\n");
}

} // namespace quire::web
