#include "web/code/diff_view.h"

#include <algorithm>

#include "base/strings.h"
#include "web/code/word_diff.h"
#include "web/html/parts.h"

namespace quire::web {

constexpr size_t open_files = 100;     ///< further ones are folded
constexpr size_t max_open_lines = 800; ///< a file with more changes is folded

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

static Html counts(size_t added, size_t removed)
{
    Html html;
    return html.add("<span class=\"plus\">+{}</span> <span class=\"minus\">−{}</span>", added, removed);
}

/// Of what was not compared line by line there is nothing to count.
static Html counts(const git::FileDiff& file)
{
    bool is_counted = !file.is_binary && (!file.is_cut || file.added + file.removed > 0);
    return is_counted ? counts(file.added, file.removed)
                      : Html().add("<span class=\"status\">{}</span>", file.is_binary ? "not text" : "large");
}

namespace {

/// A line with what of it changed; nothing marked means that all of it did.
struct Marked {
    const git::DiffLine* line = nullptr;
    std::vector<Span> spans;
};

/// Removed lines and the added ones that took their place, side by side; a context line stands on both sides.
struct Pair {
    Marked before, after;
};

} // namespace

static const char* class_of(const git::DiffLine& line)
{
    return line.origin == '+' ? "add" : line.origin == '-' ? "del" : line.origin == ' ' ? "" : "note";
}

static Html text_of(const Marked& marked)
{
    Html html;
    std::string_view text = marked.line->text;
    size_t at = 0;
    for (const Span& span : marked.spans) {
        html.append(source(text.substr(at, span.begin - at)));
        html.add("<mark>{}</mark>", source(text.substr(span.begin, span.end - span.begin)));
        at = span.end;
    }
    html.append(source(text.substr(at)));
    if (marked.line->rest > 0)
        html.add("<span class=\"cut\"> … {} more</span>", shown_size(marked.line->rest));
    return html;
}

static std::string shown_number(int number) { return number > 0 ? std::to_string(number) : std::string(); }

/// The lines of a hunk in pairs: the i-th removed line of a block with the i-th added one.
static std::vector<Pair> pair_lines(const git::DiffHunk& hunk)
{
    const std::vector<git::DiffLine>& lines = hunk.lines;
    std::vector<Pair> pairs;
    for (size_t i = 0; i < lines.size();) {
        size_t removed = i;
        while (removed < lines.size() && lines[removed].origin == '-')
            ++removed;
        size_t added = removed;
        while (added < lines.size() && lines[added].origin == '+')
            ++added;
        if (added == i) {
            pairs.push_back({{&lines[i], {}}, {&lines[i], {}}});
            ++i;
            continue;
        }
        size_t olds = removed - i, news = added - removed;
        for (size_t k = 0; k < std::max(olds, news); ++k) {
            Pair& pair = pairs.emplace_back();
            pair.before.line = k < olds ? &lines[i + k] : nullptr;
            pair.after.line = k < news ? &lines[removed + k] : nullptr;
            if (!pair.before.line || !pair.after.line)
                continue;
            WordDiff words = diff_words(pair.before.line->text, pair.after.line->text);
            pair.before.spans = std::move(words.removed);
            pair.after.spans = std::move(words.added);
        }
        i = added;
    }
    return pairs;
}

static void add_line(Html& html, const Marked& marked)
{
    const git::DiffLine& line = *marked.line;
    html.add("<tr class=\"{}\"><td class=\"n\">{}</td><td class=\"n\">{}</td><td class=\"t\">{}</td></tr>\n",
             class_of(line), shown_number(line.old_number), shown_number(line.new_number), text_of(marked));
}

/// In one column a block's removed lines come before its added ones.
static void add_unified(Html& html, const std::vector<Pair>& pairs)
{
    auto is_context = [](const Pair& pair) { return pair.before.line == pair.after.line; };
    for (size_t i = 0; i < pairs.size();) {
        size_t end = i + 1;
        while (!is_context(pairs[i]) && end < pairs.size() && !is_context(pairs[end]))
            ++end;
        for (size_t k = i; k < end; ++k)
            if (pairs[k].before.line)
                add_line(html, pairs[k].before);
        for (size_t k = i; k < end; ++k)
            if (pairs[k].after.line && !is_context(pairs[k]))
                add_line(html, pairs[k].after);
        i = end;
    }
}

static void add_side(Html& html, const Marked& marked, bool is_new)
{
    if (!marked.line)
        html.add("<td class=\"n none\"></td><td class=\"t none\"></td>");
    else
        html.add("<td class=\"n {}\">{}</td><td class=\"t {}\">{}</td>", class_of(*marked.line),
                 shown_number(is_new ? marked.line->new_number : marked.line->old_number), class_of(*marked.line),
                 text_of(marked));
}

static void add_split(Html& html, const std::vector<Pair>& pairs)
{
    for (const Pair& pair : pairs) {
        html.add("<tr>");
        add_side(html, pair.before, false);
        add_side(html, pair.after, true);
        html.add("</tr>\n");
    }
}

Html render_hunks(const std::vector<git::DiffHunk>& hunks, const DiffChoice& choice)
{
    Html html;
    html.add("<div class=\"scroll\" tabindex=\"0\"><table class=\"{}\"><tbody>\n",
             choice.is_split ? "diff split" : "diff");
    for (const git::DiffHunk& hunk : hunks) {
        html.add("<tr class=\"hunk\"><td class=\"n\"></td>");
        if (choice.is_split)
            html.add("<td class=\"t\">{}</td><td class=\"n\"></td><td class=\"t\"></td></tr>\n",
                     shown_name(hunk.header));
        else
            html.add("<td class=\"n\"></td><td class=\"t\">{}</td></tr>\n", shown_name(hunk.header));
        std::vector<Pair> pairs = pair_lines(hunk);
        choice.is_split ? add_split(html, pairs) : add_unified(html, pairs);
    }
    return html.add("</tbody></table></div>\n");
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
    return {request.parameter("view") == "split", request.parameter("space") == "ignore"};
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
    return choice.ignores_whitespace ? url.with("space", "ignore") : url;
}

Html diff_choices(const Url& here, const DiffChoice& choice)
{
    DiffChoice other_view = choice, other_space = choice;
    other_view.is_split = !choice.is_split;
    other_space.ignores_whitespace = !choice.ignores_whitespace;
    Html html;
    return html.add("<p class=\"more choices\"><a rel=\"nofollow\" href=\"{}\">{}</a> · <a rel=\"nofollow\" "
                    "href=\"{}\">{}</a></p>\n",
                    chosen(here, other_view), choice.is_split ? "in one column" : "side by side",
                    chosen(here, other_space),
                    choice.ignores_whitespace ? "show whitespace changes" : "ignore whitespace");
}

static void add_file(Html& html, const store::RepoName& name, std::string_view new_ref, const git::FileDiff& file,
                     size_t index, const DiffChoice& choice)
{
    const char* folded = file.added + file.removed > max_open_lines ? " · long"
                         : is_generated(file.new_path)              ? " · generated"
                                                                    : "";
    if (index < open_files && !file.is_cut && *folded == 0)
        html.add("<details class=\"file\" id=\"f{}\" open>", index);
    else
        html.add("<details class=\"file\" id=\"f{}\">", index);
    html.add("<summary><span class=\"path\">{}</span> <span class=\"status\">{}</span> {}<span "
             "class=\"status\">{}</span></summary>\n",
             shown_path(file), status_word(file.status), counts(file), folded);
    if (file.status != GIT_DELTA_DELETED && file.new_mode != GIT_FILEMODE_COMMIT)
        html.add("<p class=\"more\"><a href=\"{}\">the whole file</a></p>\n",
                 Url::view(name, "file", new_ref, file.new_path));
    if (file.is_binary)
        html.add("<p class=\"empty\">Not text.</p>\n");
    else if (file.is_cut)
        html.add("<p class=\"empty\">Too large to show here.</p>\n");
    else if (!file.hunks.empty())
        html.append(render_hunks(file.hunks, choice));
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

Html render_diff(const store::RepoName& name, std::string_view new_ref, const git::Diff& diff, const DiffChoice& choice,
                 const std::optional<Url>& whole)
{
    Html html;
    html.add("<h2>{}{} {} changed {}</h2>\n{}<ul class=\"stat\">\n", diff.has_more_files ? "more than " : "",
             grouped(diff.files.size()), diff.files.size() == 1 ? "file" : "files", counts(diff.added, diff.removed),
             left_out(diff, whole));
    for (size_t i = 0; i < diff.files.size(); ++i)
        html.add("<li><a href=\"{}\">{}</a> {}</li>\n", Url::local("").at(fmt::format("f{}", i)),
                 shown_path(diff.files[i]), counts(diff.files[i]));
    html.add("</ul>\n");
    for (size_t i = 0; i < diff.files.size(); ++i)
        add_file(html, name, new_ref, diff.files[i], i, choice);
    return html;
}

} // namespace quire::web
