#include "history/ignored_commits.h"

#include <algorithm>
#include <unordered_map>

#include "base/sha256.h"
#include "base/strings.h"
#include "history/blame.h"

namespace quire::history {

constexpr const char* list_path = ".git-blame-ignore-revs";
constexpr size_t max_list = 1u << 20, max_ids = 10'000;
/// The most pairs of lines that are compared by their content.
constexpr size_t max_pairs = 250'000;

IgnoredCommits IgnoredCommits::parse(std::string_view list)
{
    IgnoredCommits ignored;
    while (!list.empty() && ignored.m_ids.size() < max_ids) {
        std::string_view line = take_until(list, '\n');
        line = trim(line.substr(0, line.find('#')));
        if (git::parse_oid(line))
            ignored.m_ids.emplace(line);
    }
    Sha256 hash;
    for (const std::string& id : ignored.m_ids)
        hash.update(id);
    if (!ignored.is_empty())
        ignored.m_name = hash.finish();
    return ignored;
}

IgnoredCommits IgnoredCommits::of(const git::Repository& repository, const git_oid& commit)
{
    auto entry = repository.find(commit, list_path);
    auto list = entry && !entry->is_directory() ? repository.blob(entry->id, max_list) : fail(ErrorKind::not_found, "");
    return list ? parse(*list) : IgnoredCommits();
}

bool IgnoredCommits::has(const git_oid& commit) const
{
    return !m_ids.empty() && m_ids.contains(git::to_string(commit));
}

static std::string without_blanks(std::string_view line)
{
    std::string rest;
    for (char c : line)
        if (c != ' ' && c != '\t' && c != '\r' && c != '\n')
            rest += c;
    return rest;
}

/// The share of pairs of neighbouring characters that both have, in percent.
static unsigned likeness(std::string_view a, std::string_view b)
{
    constexpr size_t long_enough = 400;
    a = a.substr(0, long_enough);
    b = b.substr(0, long_enough);
    if (a.size() < 2 || b.size() < 2)
        return 0;
    auto pairs_of = [](std::string_view text) {
        std::vector<uint16_t> pairs;
        for (size_t i = 1; i < text.size(); ++i)
            pairs.push_back(static_cast<uint16_t>(static_cast<unsigned char>(text[i - 1]) << 8 |
                                                  static_cast<unsigned char>(text[i])));
        std::sort(pairs.begin(), pairs.end());
        return pairs;
    };
    std::vector<uint16_t> left = pairs_of(a), right = pairs_of(b), common;
    std::set_intersection(left.begin(), left.end(), right.begin(), right.end(), std::back_inserter(common));
    return static_cast<unsigned>(200 * common.size() / (left.size() + right.size()));
}

std::vector<uint32_t> find_counterparts(const git::LineTable& table, const git::NumberedText& before,
                                        const git::NumberedText& after, const git::Hunk& hunk)
{
    std::vector<std::string> old_lines, new_lines;
    for (uint32_t i = 0; i < hunk.old_count; ++i)
        old_lines.push_back(without_blanks(table.line(before[hunk.old_start + i])));
    for (uint32_t i = 0; i < hunk.new_count; ++i)
        new_lines.push_back(without_blanks(table.line(after[hunk.new_start + i])));
    std::vector<uint32_t> found(hunk.new_count, no_line);
    // Lines that are equal except for blanks: a diff of the lines without them.
    git::LineTable bare;
    auto number = [&](const std::vector<std::string>& lines) {
        std::string text;
        for (const std::string& line : lines)
            text += line + "\n";
        return bare.number(text);
    };
    git::NumberedText old_numbers = number(old_lines), new_numbers = number(new_lines);
    std::vector<git::Hunk> hunks = git::LineDiff(bare).compare(old_numbers, new_numbers);
    uint32_t old_at = 0, new_at = 0;
    auto take_equal = [&](uint32_t until) {
        while (new_at < until)
            found[new_at++] = hunk.old_start + old_at++;
    };
    constexpr unsigned alike = 40;
    for (const git::Hunk& rest : hunks) {
        take_equal(rest.new_start);
        // Then the others, in order, each with the most similar one of those that are left.
        uint32_t from = rest.old_start, old_end = rest.old_start + rest.old_count;
        bool is_small = size_t{rest.old_count} * rest.new_count <= max_pairs;
        for (uint32_t i = 0; is_small && i < rest.new_count; ++i) {
            unsigned most = alike;
            uint32_t best = no_line;
            for (uint32_t j = from; j < old_end; ++j)
                if (unsigned now = likeness(old_lines[j], new_lines[rest.new_start + i]); now > most) {
                    most = now;
                    best = j;
                }
            if (best == no_line)
                continue;
            found[rest.new_start + i] = hunk.old_start + best;
            from = best; // one line may have been split into several
        }
        old_at = old_end;
        new_at = rest.new_start + rest.new_count;
    }
    take_equal(hunk.new_count);
    return found;
}

} // namespace quire::history
