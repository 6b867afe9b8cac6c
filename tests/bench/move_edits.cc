#include "move_edits.h"

#include <algorithm>
#include <cstdint>

#include "base/strings.h"
#include "history/line_match.h"

namespace quire::tests {

constexpr size_t least_lines = 4, most_lines = 90, least_bytes = 110;

static size_t indent_of(std::string_view line)
{
    size_t columns = 0;
    for (char byte : line) {
        if (byte != ' ' && byte != '\t')
            return columns;
        columns += byte == '\t' ? 4 : 1;
    }
    return SIZE_MAX; // a blank line
}

static bool is_word_byte(char byte)
{
    int letter = byte | 32;
    return byte == '_' || (byte >= '0' && byte <= '9') || (letter >= 'a' && letter <= 'z');
}

Lines lines_of(const std::string& text)
{
    Lines lines;
    for (std::string_view line : history::lines_of(text))
        lines.emplace_back(line);
    return lines;
}

std::vector<Stretch> blocks_of(const Lines& lines)
{
    std::vector<Stretch> blocks;
    for (size_t i = 0; i < lines.size(); ++i) {
        size_t indent = indent_of(lines[i]);
        if (indent == SIZE_MAX)
            continue;
        size_t end = i + 1, last = i + 1, bytes = lines[i].size();
        for (; end < lines.size() && end - i < most_lines && indent_of(lines[end]) > indent; ++end)
            if (indent_of(lines[end]) != SIZE_MAX) {
                last = end + 1;
                bytes += lines[end].size() - indent_of(lines[end]) / 4;
            }
        std::string_view closing = end < lines.size() ? trim(lines[end]) : "";
        if (closing.starts_with('}') || closing.starts_with(')') || closing.starts_with("end") || closing == ";;")
            last = end + 1;
        else if (closing == "{") {
            continue; // the brace of a function that has its own line: it begins a block itself
        }
        if (last - i >= least_lines && bytes >= least_bytes)
            blocks.push_back({i, last});
    }
    return blocks;
}

static bool happens(Random& random, double chance) { return static_cast<double>(random() % 10'000) < chance * 10'000; }

static std::vector<std::string> words_of(const Lines& lines)
{
    std::vector<std::string> words;
    for (const std::string& line : lines)
        for (size_t i = 0; i < line.size();) {
            size_t end = i;
            while (end < line.size() && is_word_byte(line[end]))
                ++end;
            if (end - i >= 3)
                words.push_back(line.substr(i, end - i));
            i = std::max(end, i + 1);
        }
    return words;
}

static void replace_word(std::string& line, const std::string& word, const std::string& by)
{
    for (size_t at = 0; (at = line.find(word, at)) != std::string::npos; at += by.size()) {
        bool is_whole = (at == 0 || !is_word_byte(line[at - 1])) &&
                        (at + word.size() == line.size() || !is_word_byte(line[at + word.size()]));
        if (is_whole)
            line.replace(at, word.size(), by);
    }
}

Lines edited(Random& random, const Lines& block, const Lines& around, double rate)
{
    std::vector<std::string> words = words_of(block), others = words_of(around);
    Lines lines = block;
    if (!words.empty() && !others.empty())
        for (int i = 0; i < 4; ++i)
            if (happens(random, rate)) {
                std::string word = words[random() % words.size()], by = others[random() % others.size()];
                for (std::string& line : lines)
                    replace_word(line, word, by);
            }
    Lines result;
    for (std::string& line : lines) {
        bool changes = happens(random, rate);
        auto how = random() % 100;
        if (changes && how < 20 && lines.size() > 2 && &line != &lines.front())
            continue;
        if (changes && how >= 20 && how < 45)
            result.push_back(around[random() % around.size()]);
        if (changes && how >= 45 && !others.empty()) {
            std::vector<std::string> own = words_of({line});
            if (how >= 80 && line.size() > 60 && line.rfind(' ') > indent_of(line) + 10) { // breaks the line
                size_t at = line.rfind(' ');
                result.push_back(line.substr(0, at));
                line = std::string(std::min<size_t>(indent_of(line), 40) + 4, ' ') + line.substr(at + 1);
            } else if (!own.empty()) {
                replace_word(line, own[random() % own.size()], others[random() % others.size()]);
            }
        }
        result.push_back(std::move(line));
    }
    if (happens(random, 0.3))
        for (std::string& line : result)
            if (!line.empty())
                line = (random() % 50 == 0 ? "" : "    ") + line;
    return result;
}

} // namespace quire::tests
