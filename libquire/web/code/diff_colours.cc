#include "web/code/diff_colours.h"

#include <algorithm>
#include <functional>

#include "base/strings.h"

namespace quire::web {

static std::vector<std::string_view> lines_of(std::string_view text)
{
    std::vector<std::string_view> lines;
    lines.reserve(text.size() / 32); // as long as lines of code are
    while (!text.empty()) {
        size_t end = std::min(text.find('\n'), text.size());
        std::string_view line = text.substr(0, end);
        while (line.ends_with('\r'))
            line.remove_suffix(1);
        lines.push_back(line);
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return lines;
}

static void pass_over(text::Highlighter& highlighter, std::string_view line)
{
    if (line.empty())
        highlighter.line(line); // to skip(), it would be no line
    else
        highlighter.skip(line);
}

/// Highlights lines from the first on, and keeps the wanted ones up to `last`.
static void highlight_lines(const text::Language* language, const std::vector<std::string_view>& lines, int last,
                            const std::function<bool(int)>& wants, std::unordered_map<int, Runs>& runs)
{
    text::Highlighter highlighter(language);
    for (int number = 1; number <= last && static_cast<size_t>(number) <= lines.size(); ++number) {
        std::string_view line = lines[static_cast<size_t>(number) - 1];
        if (wants(number))
            runs[number] = runs_of(highlighter.line(line));
        else
            pass_over(highlighter, line);
    }
}

static bool is_in_new(const git::DiffLine& line) { return line.origin != '-' && line.origin != '\\'; }
static bool is_in_old(const git::DiffLine& line) { return line.origin != '+' && line.origin != '\\'; }

DiffColours::DiffColours(const git::Objects& objects, const git::FileDiff& file)
    : m_name(file.new_path.substr(file.new_path.rfind('/') + 1))
{
    if (!file.hunks.empty() && !read_whole(objects, file))
        read_hunks(file.hunks);
}

DiffColours::DiffColours(std::string_view path, const std::vector<git::DiffHunk>& hunks)
    : m_name(path.substr(path.rfind('/') + 1))
{
    read_hunks(hunks);
}

bool DiffColours::read_whole(const git::Objects& objects, const git::FileDiff& file)
{
    auto read = [&](const git_oid& id, unsigned mode, size_t size) -> std::optional<git::Object> {
        if (git_oid_is_zero(&id) || mode == GIT_FILEMODE_COMMIT)
            return git::Object();
        auto object = objects.read(id, GIT_OBJECT_BLOB, size);
        return object ? std::optional(std::move(*object)) : std::nullopt;
    };
    auto after = file.new_content ? file.new_content : read(file.new_id, file.new_mode, file.new_size);
    if (!after)
        return false;
    m_new_content = std::move(*after);
    m_after = m_new_content.content();
    m_lines = lines_of(m_after);
    const text::Language* language = text::find_language(m_name, m_after);
    bool has_language = language || !m_after.empty(); // else the old version may say what it is written in
    if (has_language && highlight_old(language, file.hunks, highlight_new(language, file.hunks)))
        return true;
    m_old.clear();
    auto old_content = read(file.old_id, file.old_mode, file.old_size);
    if (!old_content)
        return false;
    std::string_view before = old_content->content();
    language = text::find_language(m_name, m_after.empty() ? before : m_after);
    std::vector<int> wanted; // sorted, as hunks are
    for (const git::DiffHunk& hunk : file.hunks)
        for (const git::DiffLine& line : hunk.lines)
            if (line.origin == '-')
                wanted.push_back(line.old_number);
    highlight_lines(
        language, lines_of(before), wanted.empty() ? 0 : wanted.back(),
        [&](int number) { return std::binary_search(wanted.begin(), wanted.end(), number); }, m_old);
    return true;
}

/// The new version from its first line on. Returns in which states the hunks begin and end.
std::vector<DiffColours::HunkStates> DiffColours::highlight_new(const text::Language* language,
                                                                const std::vector<git::DiffHunk>& hunks)
{
    std::vector<HunkStates> states;
    text::Highlighter highlighter(language);
    size_t at = 0; // a line of m_lines
    for (const git::DiffHunk& hunk : hunks) {
        auto first = std::find_if(hunk.lines.begin(), hunk.lines.end(), is_in_new);
        size_t begin = first == hunk.lines.end() ? at : static_cast<size_t>(first->new_number) - 1;
        for (; at < begin && at < m_lines.size(); ++at)
            pass_over(highlighter, m_lines[at]);
        HunkStates& hunk_states = states.emplace_back(HunkStates{highlighter.state(), {}});
        size_t end = at + static_cast<size_t>(std::count_if(hunk.lines.begin(), hunk.lines.end(), is_in_new));
        for (; at < end && at < m_lines.size(); ++at)
            m_new[static_cast<int>(at) + 1] = runs_of(highlighter.line(m_lines[at]));
        hunk_states.end = highlighter.state();
    }
    return states;
}

/// The old lines of hunks, without reading the old version: what stands before a hunk is the same in both, so that it
/// begins in the same state, as long as each hunk before it has ended in the same one. False: not so here.
bool DiffColours::highlight_old(const text::Language* language, const std::vector<git::DiffHunk>& hunks,
                                const std::vector<HunkStates>& states)
{
    text::Highlighter highlighter(language);
    for (size_t i = 0; i < hunks.size(); ++i) {
        highlighter.resume(states[i].begin);
        for (const git::DiffLine& line : hunks[i].lines) {
            if (!is_in_old(line))
                continue;
            if (line.rest > 0)
                return false;
            const auto& pieces = highlighter.line(line.text);
            if (line.origin == '-')
                m_old[line.old_number] = runs_of(pieces);
        }
        if (highlighter.state() != states[i].end)
            return false;
    }
    return true;
}

/// Each hunk's old and new lines for themselves.
void DiffColours::read_hunks(const std::vector<git::DiffHunk>& hunks)
{
    const text::Language* language = text::find_language(m_name, "");
    for (const git::DiffHunk& hunk : hunks) {
        text::Highlighter before(language), after(language);
        for (const git::DiffLine& line : hunk.lines) {
            if (line.origin == '\\')
                continue;
            if (line.origin != '-')
                m_new[line.new_number] = runs_of(after.line(line.text));
            if (line.origin != '+')
                m_old[line.old_number] = runs_of(before.line(line.text));
        }
    }
}

void DiffColours::add_lines(size_t first, size_t last)
{
    const text::Language* language = text::find_language(m_name, m_after);
    highlight_lines(
        language, m_lines, static_cast<int>(last), [&](int number) { return static_cast<size_t>(number) >= first; },
        m_new);
}

const Runs& DiffColours::of(const git::DiffLine& line) const
{
    static const Runs nothing;
    if (line.origin == '\\')
        return nothing;
    const ByNumber& side = line.origin == '-' ? m_old : m_new;
    auto found = side.find(line.origin == '-' ? line.old_number : line.new_number);
    return found == side.end() ? nothing : found->second;
}

std::vector<git::DiffLine> DiffColours::context(size_t first, size_t last, int old_number) const
{
    const size_t max_line = git::DiffOptions().max_line;
    std::vector<git::DiffLine> lines;
    for (size_t number = first; number <= last && number <= m_lines.size(); ++number) {
        std::string_view text = m_lines[number - 1];
        std::string_view kept = text.substr(0, max_line);
        lines.push_back({' ', old_number++, static_cast<int>(number), std::string(kept), text.size() - kept.size()});
    }
    return lines;
}

} // namespace quire::web
