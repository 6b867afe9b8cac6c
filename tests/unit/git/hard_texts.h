// Random texts on which line diffs have many equal choices.
#pragma once

#include <algorithm>
#include <random>
#include <string>
#include <vector>

namespace quire {

class HardTexts {
public:
    explicit HardTexts(unsigned seed) : m_random(seed) {}
    unsigned pick(unsigned n) { return static_cast<unsigned>(m_random()) % n; }

    /// Of few different lines there are many equal diffs to choose from.
    std::string line(unsigned different)
    {
        unsigned which = pick(different);
        if (which % 5 == 0)
            return which % 2 == 0 ? "\n" : "  \t\n";
        return std::string(which % 7, which % 3 == 0 ? '\t' : ' ') + "word " + std::to_string(which) +
               (which % 11 == 0 ? "\r\n" : "\n");
    }

    std::vector<std::string> lines(unsigned count, unsigned different)
    {
        std::vector<std::string> all;
        for (unsigned i = 0; i < count; ++i)
            all.push_back(line(different));
        return all;
    }

    /// Removes, adds, repeats and moves stretches.
    std::vector<std::string> edit(std::vector<std::string> lines, unsigned times, unsigned different)
    {
        for (unsigned i = 0; i < times; ++i) {
            auto at = static_cast<ptrdiff_t>(pick(static_cast<unsigned>(lines.size()) + 1));
            ptrdiff_t size = std::min<ptrdiff_t>(std::ssize(lines) - at, pick(8));
            std::vector<std::string> piece(lines.begin() + at, lines.begin() + at + size);
            unsigned how = pick(4);
            if (how == 0 || how == 3)
                lines.erase(lines.begin() + at, lines.begin() + at + size);
            if (how == 1)
                piece = this->lines(pick(8), different);
            auto to = how == 3 ? static_cast<ptrdiff_t>(pick(static_cast<unsigned>(lines.size()) + 1)) : at;
            if (how != 0)
                lines.insert(lines.begin() + to, piece.begin(), piece.end());
        }
        return lines;
    }

    static std::string join(const std::vector<std::string>& lines, bool ends_in_newline)
    {
        std::string text;
        for (const std::string& line : lines)
            text += line;
        if (!ends_in_newline && !text.empty())
            text.pop_back();
        return text;
    }

    struct Versions {
        std::string before, after;
    };
    /// One in three of few different lines, one in ten long.
    Versions two_versions(unsigned seed)
    {
        unsigned different = 1 + pick(seed % 3 == 0 ? 6 : 200);
        auto all = lines(pick(seed % 10 == 0 ? 1500 : 90), different);
        auto edited = edit(all, pick(seed % 10 == 0 ? 80 : 9), different);
        std::string before = join(all, pick(5) != 0);
        return {std::move(before), join(edited, pick(5) != 0)};
    }

private:
    std::minstd_rand m_random;
};

} // namespace quire
