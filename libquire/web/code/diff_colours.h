// The colours of a diff's lines. Both versions of a file are highlighted from their beginning, so that a hunk in the
// middle of a comment is one; where that would be too much for a page, a hunk for itself. Only one thread may use it at
// a time.
#pragma once

#include <unordered_map>
#include <vector>

#include "git/diff.h"
#include "git/repository.h"
#include "web/code/code_view.h"

namespace quire::web {

class DiffColours {
public:
    /// The versions may be read: they fit into what a page may spend.
    DiffColours(const git::Objects& objects, const git::FileDiff& file);
    /// Hunks alone, each for itself.
    DiffColours(std::string_view path, const std::vector<git::DiffHunk>& hunks);

    const Runs& of(const git::DiffLine& line) const;
    /// The new version's lines from `first` to `last`, as context; none where it was not read.
    std::vector<git::DiffLine> context(size_t first, size_t last, int old_number) const;
    /// How many lines the new version has; 0 where it was not read.
    size_t lines() const { return m_lines.size(); }
    /// Colours of lines that are not in the diff; those of `context`.
    void add_lines(size_t first, size_t last);

private:
    using ByNumber = std::unordered_map<int, Runs>;
    struct HunkStates {
        text::HighlightState begin, end;
    };

    bool read_whole(const git::Objects& objects, const git::FileDiff& file);
    std::vector<HunkStates> highlight_new(const text::Language* language, const std::vector<git::DiffHunk>& hunks);
    bool highlight_old(const text::Language* language, const std::vector<git::DiffHunk>& hunks,
                       const std::vector<HunkStates>& states);
    void read_hunks(const std::vector<git::DiffHunk>& hunks);

    std::string m_name;
    git::Object m_new_content;
    std::string_view m_after;              ///< its bytes
    std::vector<std::string_view> m_lines; ///< of m_after
    ByNumber m_old, m_new;
};

} // namespace quire::web
