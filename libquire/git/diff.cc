#include "git/diff.h"

#include <algorithm>

#include "git/renames.h"
#include "git/text_diff.h"

namespace quire::git {

/// Larger files, or files with more lines, are not compared: a comparison takes about a hundred bytes per line.
constexpr size_t max_compared = 4u << 20;
constexpr size_t max_compared_lines = 100'000;
/// git examines as many bytes to tell text from binary.
constexpr size_t judged_bytes = 8000;

static FileDiff file_of(const TreeChange& change)
{
    FileDiff file;
    file.old_path = file.new_path = change.path;
    file.old_mode = change.before ? change.before->mode : GIT_FILEMODE_UNREADABLE;
    file.new_mode = change.after ? change.after->mode : GIT_FILEMODE_UNREADABLE;
    file.old_id = change.before ? change.before->id : git_oid{};
    file.new_id = change.after ? change.after->id : git_oid{};
    constexpr unsigned kind = 0170000;
    bool is_other_kind = (file.old_mode & kind) != (file.new_mode & kind);
    file.status = !change.before  ? GIT_DELTA_ADDED
                  : !change.after ? GIT_DELTA_DELETED
                  : is_other_kind ? GIT_DELTA_TYPECHANGE
                                  : GIT_DELTA_MODIFIED;
    return file;
}

static bool has_too_many_lines(std::string_view text)
{
    return text.size() > max_compared_lines &&
           static_cast<size_t>(std::count(text.begin(), text.end(), '\n')) > max_compared_lines;
}

namespace {

/// A file to show, and the contents to compare.
struct Comparison {
    FileDiff file;
    std::optional<TreeSide> before, after;
    std::optional<std::string> before_text = {}, after_text = {}; ///< where a side is no object
};

/// The bytes of one side, valid as long as the blob.
struct Content {
    BlobHandle blob;  ///< null if they are none of this repository
    std::string made; ///< for a submodule, whose commit is not in this repository
    std::string_view text;
};

class Comparer {
public:
    Comparer(const Objects& objects, const DiffOptions& options)
        : m_objects(objects), m_options(options), m_lines_left(options.max_lines), m_text_left(options.max_text),
          m_read_left(options.max_read), m_kept_left(options.max_kept)
    {}

    void compare(Comparison& wanted)
    {
        FileDiff& file = wanted.file;
        Content before, after;
        if (!read(wanted.before, wanted.before_text, before) || !read(wanted.after, wanted.after_text, after)) {
            file.is_cut = true;
            return;
        }
        for (std::string_view text : {before.text, after.text})
            file.is_binary |= text.substr(0, judged_bytes).find('\0') != std::string_view::npos;
        if (file.is_binary)
            return;
        for (std::string_view text : {before.text, after.text})
            file.is_cut |= has_too_many_lines(text);
        if (!file.is_cut)
            read_lines(file, before, after);
        if (!file.hunks.empty() && after.blob && after.text.size() <= m_kept_left) {
            m_kept_left -= after.text.size();
            file.new_blob = std::move(after.blob);
        }
    }

private:
    bool read(const std::optional<TreeSide>& side, const std::optional<std::string>& text, Content& content)
    {
        if (!side)
            return true;
        if (text) {
            content.text = *text;
            return text->size() <= max_compared;
        }
        if (side->mode == GIT_FILEMODE_COMMIT) {
            content.made = "Subproject commit " + to_string(side->id) + "\n";
            content.text = content.made;
            return true;
        }
        auto blob = m_objects.read_blob(side->id, std::min(max_compared, m_read_left));
        if (!blob)
            return false;
        content.blob = std::move(*blob);
        content.text = {static_cast<const char*>(git_blob_rawcontent(content.blob.get())),
                        static_cast<size_t>(git_blob_rawsize(content.blob.get()))};
        m_read_left -= content.text.size();
        return true;
    }

    void read_lines(FileDiff& file, const Content& before, const Content& after)
    {
        m_file = &file;
        m_lines = m_text = 0;
        bool is_compared = true;
        if (m_options.ignore_whitespace)
            is_compared = ignore_whitespace(before, after);
        else
            diff_texts(before.text, after.text,
                       {.take_hunk = [this](std::string_view header) { take_hunk(header); },
                        .take_line = [this](const TextLine& line) { take_line(line); }});
        if (!is_compared)
            file.is_cut = true;
        if (file.is_cut) {
            file.hunks.clear();
            return;
        }
        m_lines_left -= m_lines;
        m_text_left -= m_text;
    }

    /// By libgit2, which has its own idea of which lines are equal then.
    bool ignore_whitespace(const Content& before, const Content& after)
    {
        git_diff_options settings = GIT_DIFF_OPTIONS_INIT;
        settings.context_lines = 3;
        settings.flags = GIT_DIFF_FORCE_TEXT | GIT_DIFF_IGNORE_WHITESPACE;
        auto on_hunk = [](const git_diff_delta*, const git_diff_hunk* hunk, void* self) {
            static_cast<Comparer*>(self)->take_hunk({hunk->header, hunk->header_len});
            return 0;
        };
        auto on_line = [](const git_diff_delta*, const git_diff_hunk*, const git_diff_line* line, void* self) {
            bool is_of_file = line->origin == GIT_DIFF_LINE_ADDITION || line->origin == GIT_DIFF_LINE_DELETION ||
                              line->origin == GIT_DIFF_LINE_CONTEXT;
            static_cast<Comparer*>(self)->take_line({is_of_file ? line->origin : '\\',
                                                     line->old_lineno,
                                                     line->new_lineno,
                                                     {line->content, line->content_len}});
            return 0;
        };
        // What comes as mere bytes is hashed with a check for collisions, which takes longer than to compare it.
        bool are_blobs = (before.blob && (after.blob || after.text.empty())) || (after.blob && before.text.empty());
        int code = are_blobs ? git_diff_blobs(before.blob.get(), nullptr, after.blob.get(), nullptr, &settings, nullptr,
                                              nullptr, on_hunk, on_line, this)
                             : git_diff_buffers(before.text.data(), before.text.size(), nullptr, after.text.data(),
                                                after.text.size(), nullptr, &settings, nullptr, nullptr, on_hunk,
                                                on_line, this);
        return code == 0;
    }

    void take_hunk(std::string_view header)
    {
        header = header.substr(0, header.find('\n')).substr(0, m_options.max_line);
        m_text += header.size();
        if (!m_file->is_cut)
            m_file->hunks.push_back({std::string(header), {}});
    }

    void take_line(const TextLine& line)
    {
        m_file->added += line.origin == '+';
        m_file->removed += line.origin == '-';
        if (m_file->is_cut || m_file->hunks.empty())
            return;
        std::string_view text = line.text;
        while (text.ends_with('\n') || text.ends_with('\r'))
            text.remove_suffix(1);
        std::string_view kept = text.substr(0, m_options.max_line);
        m_text += kept.size();
        if (++m_lines > std::min(m_options.max_file_lines, m_lines_left) || m_text > m_text_left) {
            m_file->is_cut = true;
            m_file->hunks.clear();
            return;
        }
        m_file->hunks.back().lines.push_back(
            {line.origin, line.old_number, line.new_number, std::string(kept), text.size() - kept.size()});
    }

    const Objects& m_objects;
    const DiffOptions& m_options;
    size_t m_lines_left, m_text_left, m_read_left, m_kept_left;
    FileDiff* m_file = nullptr;
    size_t m_lines = 0, m_text = 0; ///< of m_file
};

} // namespace

static std::vector<Comparison> find_files(const Objects& objects, const TreeDiff& names, const Patience& patience)
{
    const std::vector<TreeChange>& changes = names.changes;
    std::vector<std::optional<size_t>> came_from(changes.size());
    std::vector<bool> went(changes.size());
    for (const auto& [from, to] : find_renames(objects, changes, patience)) {
        came_from[to] = from;
        went[from] = true;
    }
    std::vector<Comparison> files;
    for (size_t i = 0; i < changes.size(); ++i) {
        if (went[i])
            continue;
        Comparison& file = files.emplace_back(Comparison{file_of(changes[i]), changes[i].before, changes[i].after});
        if (!came_from[i])
            continue;
        const TreeChange& old = changes[*came_from[i]];
        file.before = old.before;
        file.file.status = GIT_DELTA_RENAMED;
        file.file.old_path = old.path;
        file.file.old_mode = old.before->mode;
        file.file.old_id = old.before->id;
    }
    return files;
}

static Diff compare_all(const Repository& repository, std::vector<Comparison> all, const DiffOptions& options)
{
    const Patience& patience = options.names.patience;
    Comparer comparer(repository.objects(), options);
    Diff result;
    for (Comparison& wanted : all) {
        FileDiff& file = wanted.file;
        bool is_wanted = options.only_file.empty() || options.only_file == file.new_path;
        if (is_wanted && !options.only_names) {
            bool has_room = result.files.size() < options.max_files && !patience.is_over();
            if (has_room)
                comparer.compare(wanted);
            else
                file.is_cut = true;
        }
        result.is_cut |= file.is_cut;
        result.added += file.added;
        result.removed += file.removed;
        result.files.push_back(std::move(file));
    }
    result.is_late = patience.is_over();
    return result;
}

Diff diff_trees(const Repository& repository, const std::optional<git_oid>& before, const git_oid& after,
                const DiffOptions& options)
{
    TreeDiff names = diff_names(repository.objects(), before, after, options.names);
    Diff result = compare_all(repository, find_files(repository.objects(), names, options.names.patience), options);
    result.has_more_files = names.is_cut;
    result.is_late |= names.is_late;
    return result;
}

Diff diff_files(const Repository& repository,
                const std::vector<std::pair<std::optional<DiffSide>, std::optional<DiffSide>>>& files,
                const DiffOptions& options)
{
    std::vector<Comparison> all;
    for (const auto& [before, after] : files) {
        TreeChange change{.path = after ? after->path : before->path};
        Comparison one;
        if (before)
            change.before = before->side, one.before_text = before->text;
        if (after)
            change.after = after->side, one.after_text = after->text;
        one.file = file_of(change);
        one.before = change.before;
        one.after = change.after;
        if (before && after && before->path != after->path) {
            one.file.status = GIT_DELTA_RENAMED;
            one.file.old_path = before->path;
        }
        all.push_back(std::move(one));
    }
    return compare_all(repository, std::move(all), options);
}

std::optional<std::string> renamed_from(const Repository& repository, const CommitInfo& commit, const std::string& path,
                                        const Patience& patience)
{
    if (commit.parents.empty() || repository.find(commit.parents[0], path))
        return std::nullopt;
    auto parent = repository.commit(commit.parents[0]);
    if (!parent)
        return std::nullopt;
    Diff diff =
        diff_trees(repository, parent->tree, commit.tree, {.only_names = true, .names = {.patience = patience}});
    for (const FileDiff& file : diff.files)
        if (file.status == GIT_DELTA_RENAMED && file.new_path == path)
            return file.old_path;
    return std::nullopt;
}

} // namespace quire::git
