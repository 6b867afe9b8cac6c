#include "web/diff_view.h"

#include <algorithm>

#include "base/strings.h"
#include "web/parts.h"

namespace quire::web {

constexpr size_t open_files = 100; ///< further ones are folded

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

/// Where two versions of a line differ: bytes `begin` to `end - tail` of each. UTF-8 is not cut.
struct Change {
    size_t begin = 0, tail = 0;
};

static bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; }

static bool is_word_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || is_continuation(c) ||
           static_cast<unsigned char>(c) >= 0xc0;
}

static Change find_change(std::string_view a, std::string_view b)
{
    Change change;
    size_t shorter = std::min(a.size(), b.size());
    while (change.begin < shorter && a[change.begin] == b[change.begin])
        ++change.begin;
    while (change.tail < shorter - change.begin && a[a.size() - 1 - change.tail] == b[b.size() - 1 - change.tail])
        ++change.tail;
    // Whole words: back to where the word begins, on to where it ends.
    while (change.begin > 0 && is_word_byte(a[change.begin - 1]) &&
           ((change.begin < a.size() && is_word_byte(a[change.begin])) ||
            (change.begin < b.size() && is_word_byte(b[change.begin]))))
        --change.begin;
    while (change.tail > 0 && is_word_byte(a[a.size() - change.tail]))
        --change.tail;
    return change;
}

static void add_line(Html& html, const git::DiffLine& line, const Change* change)
{
    const char* kind = line.origin == '+' ? "add" : line.origin == '-' ? "del" : line.origin == ' ' ? "" : "note";
    std::string numbers[2] = {line.old_number > 0 ? std::to_string(line.old_number) : "",
                              line.new_number > 0 ? std::to_string(line.new_number) : ""};
    html.add("<tr class=\"{}\"><td class=\"n\">{}</td><td class=\"n\">{}</td><td class=\"t\">", kind, numbers[0], numbers[1]);
    std::string_view text = line.text;
    bool is_partial = change && change->begin + change->tail < text.size() && change->begin + change->tail > 0;
    if (!is_partial) {
        html.text(shown(text));
    } else {
        size_t end = text.size() - change->tail;
        html.text(shown(text.substr(0, change->begin)));
        html.add("<mark>{}</mark>", shown(text.substr(change->begin, end - change->begin)));
        html.text(shown(text.substr(end)));
    }
    html.add("</td></tr>\n");
}

/// A run of removed lines followed by as many added ones is taken line by line as changed.
static void add_hunk(Html& html, const git::DiffHunk& hunk)
{
    html.add("<tr class=\"hunk\"><td class=\"n\"></td><td class=\"n\"></td><td class=\"t\">{}</td></tr>\n", shown(hunk.header));
    const std::vector<git::DiffLine>& lines = hunk.lines;
    for (size_t i = 0; i < lines.size();) {
        size_t removed = i, added = i;
        while (removed < lines.size() && lines[removed].origin == '-')
            ++removed;
        added = removed;
        while (added < lines.size() && lines[added].origin == '+')
            ++added;
        if (added == i) {
            add_line(html, lines[i++], nullptr);
            continue;
        }
        size_t count = removed - i;
        std::vector<Change> changes;
        if (count > 0 && count == added - removed)
            for (size_t k = 0; k < count; ++k)
                changes.push_back(find_change(lines[i + k].text, lines[removed + k].text));
        for (size_t k = i; k < added; ++k)
            add_line(html, lines[k], changes.empty() ? nullptr : &changes[k < removed ? k - i : k - removed]);
        i = added;
    }
}

static void add_file(Html& html, const store::RepoName& name, std::string_view new_ref, const git::FileDiff& file,
                     size_t index)
{
    if (index < open_files && !file.is_cut)
        html.add("<details class=\"file\" id=\"f{}\" open>", index);
    else
        html.add("<details class=\"file\" id=\"f{}\">", index);
    html.add("<summary><span class=\"path\">{}</span> <span class=\"status\">{}</span> {}</summary>\n", shown_path(file),
             status_word(file.status), counts(file.added, file.removed));
    if (file.status != GIT_DELTA_DELETED && file.new_mode != GIT_FILEMODE_COMMIT)
        html.add("<p class=\"more\"><a href=\"{}\">the whole file</a></p>\n", Url::view(name, "file", new_ref, file.new_path));
    if (file.is_binary)
        html.add("<p class=\"empty\">Not text.</p>\n");
    else if (file.is_cut)
        html.add("<p class=\"empty\">Too large to show here.</p>\n");
    else if (!file.hunks.empty()) {
        html.add("<div class=\"scroll\" tabindex=\"0\"><table class=\"diff\"><tbody>\n");
        for (const git::DiffHunk& hunk : file.hunks)
            add_hunk(html, hunk);
        html.add("</tbody></table></div>\n");
    }
    html.add("</details>\n");
}

Html render_diff(const store::RepoName& name, std::string_view new_ref, const git::Diff& diff)
{
    Html html;
    html.add("<h2>{} {} changed {}</h2>\n<ul class=\"stat\">\n", diff.files.size(), diff.files.size() == 1 ? "file" : "files",
             counts(diff.added, diff.removed));
    for (size_t i = 0; i < diff.files.size(); ++i)
        html.add("<li><a href=\"{}\">{}</a> {}</li>\n", Url::local("").at(fmt::format("f{}", i)), shown_path(diff.files[i]),
                 counts(diff.files[i].added, diff.files[i].removed));
    html.add("</ul>\n");
    for (size_t i = 0; i < diff.files.size(); ++i)
        add_file(html, name, new_ref, diff.files[i], i);
    return html;
}

} // namespace quire::web
