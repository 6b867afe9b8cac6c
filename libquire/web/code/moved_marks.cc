#include "web/code/moved_marks.h"

#include <algorithm>
#include <cctype>

#include "base/strings.h"

namespace quire::web {

constexpr size_t shortest_run = 3, least_letters = 20;
constexpr size_t most_places = 16;

namespace {

struct Line {
    std::string_view text; ///< without blanks around it
    size_t file = 0, block = 0;
    int number = 0;
    size_t letters = 0;
    bool is_taken = false;
};

/// The removed and the added lines, each in order. Neighbours in a file are neighbours here.
struct Lines {
    std::vector<Line> removed, added;
};

Lines lines_of(const git::Diff& diff)
{
    Lines lines;
    size_t block = 0;
    for (size_t file = 0; file < diff.files.size(); ++file)
        for (const git::DiffHunk& hunk : diff.files[file].hunks) {
            ++block;
            for (const git::DiffLine& line : hunk.lines) {
                block += line.origin == ' ';
                if (line.origin != '-' && line.origin != '+')
                    continue;
                Line one{trim(line.text), file, block, line.origin == '-' ? line.old_number : line.new_number};
                one.letters = static_cast<size_t>(std::count_if(one.text.begin(), one.text.end(), [](char c) {
                    return std::isalnum(static_cast<unsigned char>(c)) != 0;
                }));
                (line.origin == '-' ? lines.removed : lines.added).push_back(one);
            }
        }
    return lines;
}

/// How many lines from these two on are the same, and how many letters they have.
std::pair<size_t, size_t> run_at(const std::vector<Line>& removed, size_t from, const std::vector<Line>& added,
                                 size_t to)
{
    size_t length = 0, letters = 0;
    while (from + length < removed.size() && to + length < added.size()) {
        const Line &one = removed[from + length], &other = added[to + length];
        auto goes_on = [&](const Line& line, const Line& first) {
            return line.file == first.file && line.number == first.number + static_cast<int>(length);
        };
        // In one place lines were only indented anew.
        if (one.is_taken || one.text != other.text || one.block == other.block || !goes_on(one, removed[from]) ||
            !goes_on(other, added[to]))
            break;
        letters += one.letters;
        ++length;
    }
    return {length, letters};
}

} // namespace

MovedMarks::MovedMarks(const git::Diff& diff)
{
    Lines lines = lines_of(diff);
    std::unordered_map<std::string_view, std::vector<size_t>> places;
    for (size_t i = 0; i < lines.removed.size(); ++i)
        if (auto& found = places[lines.removed[i].text]; lines.removed[i].letters > 0 && found.size() < most_places)
            found.push_back(i);
    for (size_t to = 0; to < lines.added.size();) {
        auto found = places.find(lines.added[to].text);
        size_t best = 0, from = 0;
        for (size_t place : found == places.end() ? std::vector<size_t>() : found->second) {
            auto [length, letters] = run_at(lines.removed, place, lines.added, to);
            if (length >= shortest_run && letters >= least_letters && length > best) {
                best = length;
                from = place;
            }
        }
        if (best == 0) {
            ++to;
            continue;
        }
        ++m_runs;
        const Line old_first = lines.removed[from], new_first = lines.added[to];
        for (size_t i = 0; i < best; ++i) {
            Line& gone = lines.removed[from + i];
            const Line& come = lines.added[to + i];
            gone.is_taken = true;
            m_marks[key_of(gone.file, false, gone.number)] = {m_runs, i == 0, best, new_first.file, new_first.number};
            m_marks[key_of(come.file, true, come.number)] = {m_runs, i == 0, best, old_first.file, old_first.number};
        }
        to += best;
    }
}

const MovedMark* MovedMarks::find(size_t file, const git::DiffLine& line) const
{
    if (line.origin != '-' && line.origin != '+')
        return nullptr;
    bool is_added = line.origin == '+';
    auto found = m_marks.find(key_of(file, is_added, is_added ? line.new_number : line.old_number));
    return found == m_marks.end() ? nullptr : &found->second;
}

} // namespace quire::web
