// "/NAME/-/follow/REF/PATH?lines=10-20": the commits that shaped these lines, with what each did to them. Without
// "lines", a form asks for them. "?name=parse" stands for the lines of what the file defines under that name, and
// "&line=50" says which of several. "&from=" continues an earlier page. The commits are sent as they are found.
#include "history/follow.h"

#include <cmath>

#include "base/strings.h"
#include "history/block_diff.h"
#include "search/symbol_lines.h"
#include "web/budget/costly.h"
#include "web/code/diff_view.h"
#include "web/code/media.h"
#include "web/html/head.h"
#include "web/html/layout.h"
#include "web/html/parts.h"
#include "web/html/streamed_page.h"
#include "web/pages/pages.h"

namespace quire::web {

using history::FilePart;
using history::FollowEnd;
using history::FollowPoint;
using history::LineRange;
using history::Step;

constexpr size_t page_size = 30;
/// How much of files one page may read to follow lines.
constexpr size_t max_read = 256u << 20;
/// The most places where a page can continue: one place, unless there are merges on the way.
constexpr size_t max_points = 40;
/// Separates the places in an address; no path contains it.
constexpr std::string_view between = "//";

static std::optional<LineRange> parse_lines(std::string_view text)
{
    constexpr uint64_t most = 1'000'000'000;
    std::string_view rest = text;
    auto first = parse_decimal(take_until(rest, '-'));
    auto last = rest.empty() && text.find('-') == std::string_view::npos ? first : parse_decimal(rest);
    if (!first || !last || *first == 0 || *first > *last || *last > most)
        return std::nullopt;
    return LineRange{static_cast<uint32_t>(*first - 1), static_cast<uint32_t>(*last)};
}

static std::string lines_of(LineRange lines) { return fmt::format("{}-{}", lines.begin + 1, lines.end); }

static std::string shown_lines_of(LineRange lines)
{
    return lines.size() == 1 ? fmt::format("line {}", grouped(lines.end))
                             : fmt::format("lines {}–{}", grouped(lines.begin + 1), grouped(lines.end));
}

static std::string point_text(const FollowPoint& point)
{
    return fmt::format("{}.{}.{}", git::to_string(point.commit), lines_of(point.part.lines), point.part.path);
}

static Result<std::vector<FollowPoint>> parse_points(std::string_view text)
{
    std::vector<FollowPoint> points;
    while (!text.empty()) {
        size_t end = text.find(between);
        std::string_view one = text.substr(0, end);
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + between.size());
        auto commit = git::parse_oid(take_until(one, '.'));
        auto lines = parse_lines(take_until(one, '.'));
        if (!commit || !lines || one.empty() || points.size() == max_points)
            return fail(ErrorKind::not_found, "The address names no lines to continue from.");
        points.push_back({*commit, {std::string(one), *lines}});
    }
    return points;
}

static Url address(const Visit& visit, const git::Place& place, LineRange lines)
{
    return Url::view(visit.name(), "follow", place.ref, place.path).with("lines", lines_of(lines));
}

static Url file_address(const Visit& visit, const git_oid& commit, const FilePart& part)
{
    return Url::view(visit.name(), "file", git::to_string(commit), part.path)
        .with("view", "source")
        .with("line", std::to_string(part.lines.begin + 1))
        .at(fmt::format("L{}-L{}", part.lines.begin + 1, part.lines.end));
}

static std::string content_of(const git::Repository& repository, const git_oid& commit, const std::string& path)
{
    auto entry = repository.find(commit, path);
    return entry ? repository.blob(entry->id, history::max_file_bytes).value_or("") : "";
}

static Html diff_of(const git::Repository& repository, const Step& step)
{
    std::string after = content_of(repository, step.commit, step.after.path);
    std::string before = step.before ? content_of(repository, *step.parent, step.before->path) : "";
    history::BlockDiff diff =
        history::diff_blocks(before, step.before ? step.before->lines : LineRange(), after, step.after.lines);
    Html html;
    if (!diff.hunks.empty())
        html.append(render_hunks(step.after.path, diff.hunks, {}));
    if (diff.is_cut)
        html.add("<p class=\"more\">There is more of it in the commit.</p>\n");
    return html;
}

static const char* said_of(history::StepKind kind)
{
    switch (kind) {
    case history::StepKind::introduced:
        return "introduced";
    case history::StepKind::changed:
        return "changed";
    case history::StepKind::comments:
        return "comments only";
    case history::StepKind::blanks:
        return "blanks only";
    case history::StepKind::moved:
        return "moved";
    }
    return "";
}

static Html facts_of(const Visit& visit, const git::CommitInfo& commit, const Step& step)
{
    Html html;
    html.add("<p class=\"facts\">{} · {} · <a href=\"{}\"><code>{}</code></a> · <a href=\"{}\">{}</a>",
             shown_name(commit.author.name), date(commit.author.when),
             Url::view(visit.name(), "commit", git::to_string(step.commit)), short_id(step.commit),
             file_address(visit, step.commit, step.after), shown_lines_of(step.after.lines));
    if (step.before && step.before->path != step.after.path)
        html.add(" of {}, before <a href=\"{}\">{} of {}</a>", shown_name(step.after.path),
                 file_address(visit, *step.parent, *step.before), shown_lines_of(step.before->lines),
                 shown_name(step.before->path));
    if (step.certainty)
        html.add(" ({} % sure)", static_cast<int>(std::lround(100 * *step.certainty)));
    return html.add("</p>\n");
}

/// Steps that count are open, the others are folded.
static void add_step(Html& body, const Visit& visit, const git::Repository& repository, const Step& step)
{
    auto commit = repository.commit(step.commit);
    if (!commit)
        return;
    std::string subject = shown_subject(commit->subject());
    if (subject.empty())
        subject = "(no message)";
    Html inside = facts_of(visit, *commit, step).append(diff_of(repository, step));
    if (history::is_change(step.kind))
        body.add(
            "<section class=\"shaped\"><h2><a href=\"{}\">{}</a> <span class=\"label\">{}</span></h2>\n{}</section>\n",
            Url::view(visit.name(), "commit", git::to_string(step.commit)), subject, said_of(step.kind), inside);
    else
        body.add("<details class=\"shaped\"><summary><span class=\"label\">{}</span> {}</summary>\n{}</details>\n",
                 said_of(step.kind), subject, inside);
}

static Html lines_form(const Visit& visit, const git::Place& place, std::string_view lines, std::string_view name)
{
    Html form;
    return form.add(
        "<form class=\"filter\" action=\"{}\"><label>lines, as 10-20 <input type=\"text\" name=\"lines\" value=\"{}\">"
        "</label><label>or what is called <input type=\"text\" name=\"name\" value=\"{}\"></label>"
        "<button type=\"submit\">follow</button></form>\n",
        Url::view(visit.name(), "follow", place.ref, place.path), shown(lines), shown(name));
}

/// The lines of what the file defines under a name; several, if the address doesn't say which.
static Result<std::vector<LineRange>> find_named(const Visit& visit, const git::Place& place, std::string_view content,
                                                 std::string_view name)
{
    std::vector<search::SymbolLines> found = search::find_symbol_lines(place.path, content, name);
    std::vector<LineRange> lines;
    std::string_view wanted = trim(visit.request.parameter("line"));
    for (const search::SymbolLines& one : found) {
        if (wanted == std::to_string(one.symbol.line))
            return std::vector{LineRange{one.symbol.line - 1, one.last}};
        lines.push_back({one.symbol.line - 1, one.last});
    }
    if (!lines.empty())
        return lines;
    auto nearest = search::nearest_symbol(place.path, content, name);
    return fail(ErrorKind::not_found, "Nothing is called '{}' in '{}' at {}{}.", shown_name(name),
                shown_name(place.path), shown_ref(place),
                nearest ? "; the nearest name is '" + shown_name(*nearest) + "'" : "");
}

static void add_choices(Html& body, const Visit& visit, const git::Place& place, std::string_view name,
                        const std::vector<LineRange>& choices)
{
    body.add("<p>The file defines {} {} times:</p>\n<ul>\n", shown_name(name), choices.size());
    for (LineRange lines : choices)
        body.add("<li><a href=\"{}\">{}</a></li>\n", address(visit, place, lines), shown_lines_of(lines));
    body.add("</ul>\n");
}

static void add_ways_on(Html& body, const Visit& visit, const git::Place& place, LineRange lines,
                        const history::FollowRest& rest, bool is_continued)
{
    if (rest.end == FollowEnd::complete && !is_continued)
        return;
    Url here = address(visit, place, lines);
    body.add("<nav class=\"pages\" aria-label=\"pages\">");
    if (is_continued)
        body.add("<a href=\"{}\">newest</a> ", here);
    std::string from;
    for (size_t i = 0; i < rest.points.size() && i < max_points; ++i)
        from += (i > 0 ? std::string(between) : "") + point_text(rest.points[i]);
    if (rest.end != FollowEnd::complete && !from.empty())
        body.add("<a rel=\"next\" href=\"{}\">{}</a>", here.with("from", from),
                 rest.end == FollowEnd::enough_steps ? "older" : "search further back");
    body.add("</nav>\n");
}

static Result<git::Entry> find_text(const git::Repository& repository, const git::Place& place)
{
    auto entry = repository.find(place.commit, place.path);
    if (!entry || entry->is_directory() || entry->is_submodule() || entry->is_link())
        return fail(ErrorKind::not_found, "'{}' has no file '{}'.", shown_ref(place), shown_name(place.path));
    if (uint64_t size = TRY(repository.blob_size(entry->id)); size > history::max_file_bytes)
        return fail(ErrorKind::not_found, "'{}' has {}: lines are followed in files up to {}.", shown_name(place.path),
                    shown_size(size), shown_size(history::max_file_bytes));
    return *entry;
}

/// The commits, each as soon as it is found.
static Result<bool> write_steps(const Visit& visit, PageWriter& page, const git::Place& place, LineRange lines,
                                const std::vector<FollowPoint>& points, bool is_continued)
{
    auto repository = TRY(visit.site.open(*visit.repository));
    history::FollowQuery query{
        .from = points, .max_steps = page_size, .max_bytes = max_read, .patience = costly_patience(visit.request)};
    auto rest = TRY(history::follow_lines(*repository, query, [&](const Step& step) {
        Html html;
        add_step(html, visit, *repository, step);
        page.add(html);
    }));
    bool is_whole = rest.end == FollowEnd::complete || rest.end == FollowEnd::enough_steps;
    Html end;
    if (!is_whole)
        end.add("<p class=\"notice\">Time ran out before all of the history was looked at.</p>\n");
    add_ways_on(end, visit, place, lines, rest, is_continued);
    page.add(end);
    return is_whole;
}

static uint64_t count_lines(std::string_view content)
{
    return static_cast<uint64_t>(std::count(content.begin(), content.end(), '\n')) +
           (content.empty() || content.back() == '\n' ? 0 : 1);
}

/// Whether there are such lines: once the page is begun it is too late to say that it is none.
static Result<void> check_point(const git::Repository& repository, const FollowPoint& point)
{
    auto entry = repository.find(point.commit, point.part.path);
    auto content = entry && !entry->is_directory() && !entry->is_submodule()
                       ? repository.blob(entry->id, history::max_file_bytes)
                       : fail(ErrorKind::not_found, "no file");
    if (!content || count_lines(*content) < point.part.lines.end)
        return fail(ErrorKind::not_found, "The address names no lines to continue from.");
    return {};
}

Page follow_page(const Visit& visit)
{
    auto repository = TRY(visit.site.open(*visit.repository));
    git::Place place = TRY(find_place(visit, *repository));
    git::Entry entry = TRY(find_text(*repository, place));
    std::string content = TRY(repository->blob(entry.id, history::max_file_bytes));
    if (is_binary(content))
        return fail(ErrorKind::not_found, "'{}' is not text.", shown_name(place.path));
    std::string_view asked = trim(visit.request.parameter("lines"));
    auto lines = parse_lines(asked);
    if (!lines && !asked.empty())
        return fail(ErrorKind::not_found, "'{}' are no lines: write them as 10-20.", shown_name(asked));
    std::string_view name = asked.empty() ? trim(visit.request.parameter("name")) : "";
    std::vector<LineRange> choices;
    if (!name.empty())
        choices = TRY(find_named(visit, place, content, name));
    if (choices.size() == 1)
        lines = choices[0];
    Tools tools;
    tools.append(lines_form(visit, place, lines ? lines_of(*lines) : std::string(asked), name))
        .link("file", Url::view(visit.name(), "file", place.ref, place.path))
        .link("history", Url::view(visit.name(), "log", place.ref, place.path));
    Html body = path_head(path_line(visit.name(), place), Html().text("where lines came from"), tools);
    if (choices.size() > 1)
        add_choices(body, visit, place, name, choices);
    Frame frame{.title = "lines of " + shown_name(place.path), .tab = Tab::files, .place = &place, .view = "file"};
    if (!lines)
        return render(visit, frame, body);
    uint64_t total = count_lines(content);
    if (lines->end > total)
        return fail(ErrorKind::not_found, "'{}' has {} lines at {}, and none up to {}.", shown_name(place.path),
                    grouped(total), shown_ref(place), grouped(lines->end));
    auto points = TRY(parse_points(visit.request.parameter("from")));
    bool is_continued = !points.empty();
    if (!is_continued)
        points = {{place.commit, {place.path, *lines}}};
    for (const FollowPoint& point : points)
        TRY(check_point(*repository, point));
    return stream_page(visit, frame, body,
                       [place, lines = *lines, points, is_continued](const Visit& later, PageWriter& page) {
                           return write_steps(later, page, place, lines, points, is_continued);
                       });
}

} // namespace quire::web
