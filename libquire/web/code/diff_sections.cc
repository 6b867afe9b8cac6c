#include "web/code/diff_sections.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <numeric>

#include "sys/second_thread.h"
#include "web/code/code_view.h"
#include "web/code/diff_lines.h"
#include "web/code/media.h"
#include "web/code/tab_width.h"
#include "web/html/parts.h"

namespace quire::web {

constexpr size_t open_files = 100;       ///< further ones are folded
constexpr size_t max_open_lines = 800;   ///< a file with more changes is folded
constexpr size_t max_page_lines = 8'000; ///< of all files; what comes after these is a link
/// Bytes of both versions of the files that are coloured as a whole.
constexpr size_t max_coloured = 2u << 20;

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

Html counts(const git::FileDiff& file)
{
    bool is_counted = !file.is_binary && (!file.is_cut || file.added + file.removed > 0);
    return is_counted ? counts(file.added, file.removed)
                      : Html().add("<span class=\"status\">{}</span>", file.is_binary ? "binary" : "large");
}

static Fold fold_of(const git::FileDiff& file, size_t index)
{
    return {file.added + file.removed > max_open_lines ? "long"
            : is_generated(file.new_path)              ? "generated"
            : index >= open_files || file.is_cut       ? "folded"
                                                       : ""};
}

std::vector<Fold> folds_of(const git::Diff& diff, const DiffChoice& choice)
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
             one.chosen(place.here).at(fmt::format("f{}", index)),
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
};

struct Section {
    size_t index = 0; ///< of the file
    Fold fold;
    bool is_read = false; ///< whole, to be coloured
    int tab_width = usual_tab_width;
};

} // namespace

static void add_file(Html& html, const Section& section, const Shared& shared, const git::Objects& objects)
{
    size_t index = section.index;
    const Fold& fold = section.fold;
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
        auto colours = section.is_read ? DiffColours(objects, file) : DiffColours(file.new_path, file.hunks);
        add_hunks(html, {file, index, choice, place.here, colours, section.tab_width, &shared.moved, &shared.diff});
    } else if (file.status == GIT_DELTA_RENAMED) {
        html.add("<p class=\"empty\">Renamed; nothing else changed.</p>\n");
    } else if (file.status == GIT_DELTA_ADDED || file.status == GIT_DELTA_DELETED) {
        html.add("<p class=\"empty\">An empty file.</p>\n");
    } else if (choice.ignores_whitespace && has_both && file.old_mode == file.new_mode) {
        html.add("<p class=\"empty\">Only whitespace changed.</p>\n");
    }
    html.add("</details>\n");
}

/// What all that is drawn of the files needs to know beforehand, in the order of the files.
static std::vector<Section> sections_of(const DiffPlace& place, const git::Diff& diff, const DiffChoice& choice,
                                        const std::vector<Fold>& folds)
{
    TabWidths widths(files_of(place.repository, place.after), place.repository);
    size_t room = max_coloured;
    std::vector<Section> sections;
    for (size_t i = 0; i < diff.files.size(); ++i) {
        const git::FileDiff& file = diff.files[i];
        if (!choice.only.empty() && choice.only != file.new_path)
            continue;
        Section& section = sections.emplace_back(Section{i, folds[i]});
        if (file.hunks.empty() || section.fold.is_elsewhere)
            continue;
        section.tab_width = tab_width_of(file, widths);
        section.is_read = file.old_size + file.new_size <= room;
        room -= section.is_read ? file.old_size + file.new_size : 0;
    }
    return sections;
}

Html draw_sections(const DiffPlace& place, const git::Diff& diff, const DiffChoice& choice,
                   const std::vector<Fold>& folds, const MovedMarks& moved)
{
    constexpr size_t few = 4;
    std::vector<Section> sections = sections_of(place, diff, choice, folds);
    std::vector<size_t> order(sections.size());
    std::iota(order.begin(), order.end(), 0);
    // What takes longest first, so that both threads end at about the same time.
    std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) {
        return diff.files[sections[a].index].new_size > diff.files[sections[b].index].new_size;
    });
    Shared shared{place, choice, diff, moved};
    std::vector<Html> drawn(sections.size());
    std::atomic<size_t> next = 0;
    auto draw = [&](const git::Objects& objects) {
        for (size_t i = next++; i < order.size(); i = next++)
            add_file(drawn[order[i]], sections[order[i]], shared, objects);
    };
    std::exception_ptr thrown;
    {
        std::optional<sys::SecondThread> second;
        if (sections.size() >= few)
            second.emplace([&] {
                try {
                    draw(git::Objects(place.repository.directory()));
                } catch (...) {
                    thrown = std::current_exception();
                }
            });
        draw(place.repository.objects());
    }
    if (thrown)
        std::rethrow_exception(thrown);
    Html html;
    for (Html& section : drawn)
        html.append(std::move(section));
    return html;
}

} // namespace quire::web
