#include "git/compare_files.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <exception>
#include <memory>
#include <mutex>

#include "git/text_diff.h"
#include "sys/second_thread.h"

namespace quire::git {

/// Larger files, or files with more lines, are not compared: a comparison takes about a hundred bytes per line.
constexpr size_t max_compared = 4u << 20;
constexpr size_t max_compared_lines = 100'000;
/// git examines as many bytes to tell text from binary.
constexpr size_t judged_bytes = 8000;

static bool has_too_many_lines(std::string_view text)
{
    return text.size() > max_compared_lines &&
           static_cast<size_t>(std::count(text.begin(), text.end(), '\n')) > max_compared_lines;
}

namespace {

/// The bytes of one side, valid as long as the blob.
struct Content {
    std::optional<Object> object; ///< nullopt if they are none of this repository
    BlobHandle blob;              ///< as libgit2 takes them without hashing them, where it compares them
    std::string made;             ///< for a submodule, whose commit is not in this repository
    std::string_view text;
};

/// What the files together may take, or what one of them has taken.
struct Room {
    size_t lines = 0, text = 0, read = 0, kept = 0;
};

/// Of one thread.
class Comparer {
public:
    Comparer(const Objects& objects, const DiffOptions& options) : m_objects(objects), m_options(options) {}

    /// Returns what it has taken. It stops at what there is room for, but only settle() says whether that was right.
    Room compare(Comparison& wanted, const Room& room)
    {
        m_room = room;
        m_taken = {};
        compare(wanted);
        return m_taken;
    }

private:
    void compare(Comparison& wanted)
    {
        FileDiff& file = wanted.file;
        Content before, after;
        if (!read(wanted.before, wanted.before_text, before) || !read(wanted.after, wanted.after_text, after)) {
            file.is_cut = true;
            return;
        }
        file.old_size = before.text.size();
        file.new_size = after.text.size();
        for (std::string_view text : {before.text, after.text})
            file.is_binary |= text.substr(0, judged_bytes).find('\0') != std::string_view::npos;
        if (file.is_binary)
            return;
        for (std::string_view text : {before.text, after.text})
            file.is_cut |= has_too_many_lines(text);
        if (!file.is_cut)
            read_lines(file, before, after);
        if (!file.hunks.empty() && after.object && after.text.size() <= m_room.kept) {
            m_taken.kept = after.text.size();
            file.new_content = std::move(after.object);
        }
    }

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
        size_t limit = std::min(max_compared, m_room.read - m_taken.read);
        auto object = m_objects.read(side->id, GIT_OBJECT_BLOB, limit);
        if (!object)
            return false;
        content.object = std::move(*object);
        content.text = content.object->content();
        m_taken.read += content.text.size();
        if (m_options.ignore_whitespace)
            if (auto blob = m_objects.read_blob(side->id, limit))
                content.blob = std::move(*blob);
        return true;
    }

    void read_lines(FileDiff& file, const Content& before, const Content& after)
    {
        m_file = &file;
        bool is_compared = true;
        if (m_options.ignore_whitespace)
            is_compared = ignore_whitespace(before, after);
        else
            diff_texts(before.text, after.text,
                       {.take_hunk = [this](std::string_view header) { take_hunk(header); },
                        .take_line = [this](const TextLine& line) { take_line(line); }});
        if (!is_compared)
            file.is_cut = true;
        if (file.is_cut)
            file.hunks.clear();
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
        m_taken.text += header.size();
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
        m_taken.text += kept.size();
        if (++m_taken.lines > std::min(m_options.max_file_lines, m_room.lines) || m_taken.text > m_room.text) {
            m_file->is_cut = true;
            m_file->hunks.clear();
            return;
        }
        m_file->hunks.back().lines.push_back(
            {line.origin, line.old_number, line.new_number, std::string(kept), text.size() - kept.size()});
    }

    const Objects& m_objects;
    const DiffOptions& m_options;
    FileDiff* m_file = nullptr;
    Room m_room, m_taken; ///< by m_file
};

/// Takes the file's share from the room. If the files before it have left too little, it is cut.
void settle(FileDiff& file, const Room& taken, Room& room)
{
    bool is_read = taken.read <= room.read;
    if (is_read)
        room.read -= taken.read;
    else // as if it had been too large to read
        file.is_binary = false, file.added = file.removed = 0;
    if (!is_read || taken.lines > room.lines || taken.text > room.text)
        file.is_cut = true, file.hunks.clear();
    if (!file.is_cut)
        room.lines -= taken.lines, room.text -= taken.text;
    if (file.hunks.empty() || taken.kept > room.kept)
        file.new_content.reset();
    if (file.new_content)
        room.kept -= taken.kept;
}

/// What two threads share: each takes the next file. The one that leads settles files in their order, looks at the
/// time, and has all settled at its end.
class Work {
public:
    Work(std::vector<Comparison>& files, const DiffOptions& options)
        : m_files(files), m_options(options), m_outcomes(files.size()),
          m_room{options.max_lines, options.max_text, options.max_read, options.max_kept}
    {}

    void lead(const Objects& objects)
    {
        Comparer comparer(objects, m_options);
        while (auto file = take(true)) {
            if (m_options.names.patience.is_over())
                m_is_late = true;
            compare(comparer, *file);
        }
        if (m_thrown)
            std::rethrow_exception(m_thrown);
    }

    void help(const Objects& objects)
    {
        Comparer comparer(objects, m_options);
        while (auto file = take(false))
            compare(comparer, *file);
    }

private:
    struct Outcome {
        bool is_done = false;
        Room taken = {};
    };

    /// The next file; nullopt at the end. Waits while too much is compared and not settled.
    std::optional<size_t> take(bool leads)
    {
        // One large file must not stop the other thread, as long as what waits for it is small.
        constexpr size_t always = 4, most_waiting = 4u << 20;
        std::unique_lock lock(m_mutex);
        for (;;) {
            if (leads)
                settle_done();
            if (m_next < m_files.size() && (m_next < m_settled + always || m_waiting < most_waiting))
                return m_next++;
            if ((leads ? m_settled : m_next) == m_files.size())
                return std::nullopt;
            m_changed.wait(lock);
        }
    }

    void settle_done()
    {
        for (; m_settled < m_files.size() && m_outcomes[m_settled].is_done; ++m_settled) {
            settle(m_files[m_settled].file, m_outcomes[m_settled].taken, m_room);
            m_waiting -= m_outcomes[m_settled].taken.read;
        }
        m_changed.notify_all();
    }

    void compare(Comparer& comparer, size_t index)
    {
        std::unique_lock lock(m_mutex);
        Room room = m_room;
        lock.unlock();
        Comparison& wanted = m_files[index];
        bool is_wanted = m_options.only_file.empty() || m_options.only_file == wanted.file.new_path;
        Outcome outcome{true};
        std::exception_ptr thrown;
        try {
            if (is_wanted && (index >= m_options.max_files || m_is_late))
                wanted.file.is_cut = true;
            else if (is_wanted)
                outcome.taken = comparer.compare(wanted, room);
        } catch (...) {
            thrown = std::current_exception();
        }
        lock.lock();
        m_outcomes[index] = outcome;
        m_waiting += outcome.taken.read;
        if (thrown)
            m_thrown = thrown;
        m_changed.notify_all();
    }

    std::vector<Comparison>& m_files;
    const DiffOptions& m_options;
    std::mutex m_mutex;
    std::condition_variable m_changed; ///< something is done, or settled
    std::vector<Outcome> m_outcomes;
    Room m_room;                                     ///< what the files that are settled have left
    size_t m_next = 0, m_settled = 0, m_waiting = 0; ///< m_waiting: bytes of what is done and not settled
    std::exception_ptr m_thrown;
    std::atomic<bool> m_is_late = false;
};

} // namespace

void compare_files(const Repository& repository, std::vector<Comparison>& files, const DiffOptions& options)
{
    constexpr size_t few = 4;
    Work work(files, options);
    std::optional<sys::SecondThread> second;
    if (files.size() >= few && options.only_file.empty())
        second.emplace([&] { work.help(Objects(repository.directory())); });
    work.lead(repository.objects());
}

} // namespace quire::git
