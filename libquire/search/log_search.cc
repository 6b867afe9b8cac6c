#include "search/log_search.h"

#include <fcntl.h>
#include <string.h>

#include <algorithm>

#include "base/strings.h"
#include "store/log_line.h"
#include "store/root.h"
#include "sys/file.h"
#include "text/escape.h"

namespace quire::search {

constexpr size_t block_size = 1u << 20;
constexpr size_t most_marks = 20;
constexpr size_t longest_shown = 4000;

Result<LogPattern> LogPattern::parse(std::string_view text, Case letter_case)
{
    if (text.empty())
        return fail(ErrorKind::invalid, "it is empty, and would match every line");
    bool ignores_case = letter_case == Case::ignored;
    LogPattern pattern{.program = TRY(RegexProgram::compile(text, ignores_case)), .literal = {}};
    // The program's literal is folded. Unless the expression can mean a capital, it is in the line as it stands.
    bool is_plain = text.find_first_of("\\^$.|?*+()[]{}") == std::string_view::npos;
    bool has_capitals =
        std::any_of(text.begin(), text.end(), [](char c) { return (c >= 'A' && c <= 'Z') || c == '\\'; });
    pattern.literal = is_plain && !ignores_case ? std::string(text) : pattern.program.literal;
    pattern.folds = ignores_case || (!is_plain && has_capitals);
    return pattern;
}

Result<void> LogSearch::run(int run, const LogScope& scope, std::vector<LogHit>& hits)
{
    if (!scope.job.empty())
        return job(run, scope.job, scope, hits);
    auto names = sys::list_directory(run, store::paths::run_jobs);
    if (!names && names.error().kind == ErrorKind::not_found)
        return {};
    std::vector<std::string> directories = TRY(std::move(names));
    std::sort(directories.begin(), directories.end());
    for (const std::string& directory : directories)
        if (auto id = text::percent_decode(directory); id && hits.size() < scope.most && !scope.patience.is_over())
            TRY(job(run, *id, scope, hits));
    return {};
}

/// The number in "sh-12.log", 0 of "job.log"; nullopt: it is no log.
static std::optional<int64_t> step_of(std::string_view name)
{
    if (!strip_suffix(name, ".log"))
        return std::nullopt;
    if (name == store::paths::command_log(0))
        return 0;
    auto number = strip_prefix(name, "sh-") ? parse_decimal(name) : std::nullopt;
    return number ? std::optional(static_cast<int64_t>(*number)) : std::nullopt;
}

Result<void> LogSearch::job(int run, const std::string& job, const LogScope& scope, std::vector<LogHit>& hits)
{
    std::string directory = store::paths::job_logs(job);
    auto names = sys::list_directory(run, directory);
    if (!names && names.error().kind == ErrorKind::not_found)
        return {};
    std::vector<int64_t> steps;
    for (const std::string& name : TRY(std::move(names)))
        if (auto step = step_of(name))
            steps.push_back(*step);
    std::sort(steps.begin(), steps.end());
    for (int64_t step : steps) {
        if (hits.size() >= scope.most)
            break;
        std::string path = fmt::format("{}/{}", directory, store::paths::command_log(static_cast<int>(step)));
        auto file = sys::open_regular(run, path + ".log", O_NOFOLLOW);
        if (!file)
            continue; // pruned meanwhile
        auto index = sys::open_regular(run, path + ".idx", O_NOFOLLOW);
        TRY(log({.file = file->get(), .index = index ? index->get() : -1, .job = job, .step = step}, scope, hits));
    }
    return {};
}

Result<void> LogSearch::log(Log log, const LogScope& scope, std::vector<LogHit>& hits)
{
    m_buffer.resize(block_size);
    size_t kept = 0; // bytes of an unfinished line at the buffer's beginning
    for (uint64_t offset = 0; hits.size() < scope.most && !scope.patience.is_over();) {
        size_t got = TRY(sys::read_into(log.file, offset + kept, m_buffer.data() + kept, m_buffer.size() - kept));
        std::string_view text(m_buffer.data(), kept + got);
        size_t end = text.rfind('\n');
        if (got == 0 || (end == std::string_view::npos && text.size() == m_buffer.size()))
            break; // what is left is no whole entry
        if (end == std::string_view::npos) {
            kept = text.size();
            continue;
        }
        TRY(block(log, text.substr(0, end + 1), offset, scope, hits));
        kept = text.size() - end - 1;
        std::copy_n(m_buffer.data() + end + 1, kept, m_buffer.data());
        offset += end + 1;
    }
    return {};
}

/// `text` consists of whole lines.
Result<void> LogSearch::block(Log& log, std::string_view text, uint64_t offset, const LogScope& scope,
                              std::vector<LogHit>& hits)
{
    const std::string& literal = m_pattern.literal;
    std::string_view where = text;
    if (m_pattern.folds && !literal.empty()) {
        fold(text, m_folded);
        where = m_folded;
    }
    for (size_t begin = 0; begin < text.size() && hits.size() < scope.most;) {
        if (!literal.empty()) {
            const void* found = ::memmem(where.data() + begin, where.size() - begin, literal.data(), literal.size());
            if (!found)
                return {};
            auto at = static_cast<size_t>(static_cast<const char*>(found) - where.data());
            const void* before = ::memrchr(text.data(), '\n', at);
            begin = before ? static_cast<size_t>(static_cast<const char*>(before) - text.data()) + 1 : 0;
        }
        size_t end = text.find('\n', begin);
        LogHit hit;
        if (take(log, text.substr(begin, end - begin), hit)) {
            hit.entry = TRY(entry_at(log, offset + begin));
            hits.push_back(std::move(hit));
        }
        begin = end + 1;
    }
    return {};
}

bool LogSearch::take(Log& log, std::string_view line, LogHit& hit)
{
    auto entry = store::parse_log_line(line);
    if (!entry || !m_matcher.matches(entry->text))
        return false;
    hit = {.job = log.job, .step = log.step, .text = std::string(entry->text.substr(0, longest_shown))};
    for (auto span = m_matcher.find(hit.text); span && hit.marks.size() < most_marks;
         span = m_matcher.find(hit.text, std::max(span->end, span->begin + 1)))
        if (span->end > span->begin)
            hit.marks.emplace_back(span->begin, span->end);
    return true;
}

/// A number of the index, with zeros in front.
static std::optional<uint64_t> padded_number(std::string_view digits)
{
    size_t begin = std::min(digits.find_first_not_of('0'), digits.size() - 1);
    return parse_decimal(digits.substr(begin));
}

/// The number of the entry that begins there. The index leads near it; without one, everything before it is counted.
Result<uint64_t> LogSearch::entry_at(Log& log, uint64_t offset)
{
    constexpr uint64_t record_size = 32, between = 64u << 10;
    if (log.index >= 0 && offset - log.counted > between) {
        uint64_t low = 0, high = offset / between + 2; // records are at least that far apart
        while (low < high) {
            uint64_t middle = low + (high - low) / 2;
            std::string record = TRY(sys::read_at(log.index, middle * record_size, record_size));
            auto at =
                record.size() == record_size ? padded_number(std::string_view(record).substr(0, 15)) : std::nullopt;
            auto entry = at ? padded_number(std::string_view(record).substr(16, 15)) : std::nullopt;
            if (!at || !entry || *at > offset) {
                high = middle;
                continue;
            }
            if (*at > log.counted) {
                log.counted = *at;
                log.entry = *entry;
            }
            low = middle + 1;
        }
    }
    while (log.counted < offset) {
        std::string piece =
            TRY(sys::read_at(log.file, log.counted, std::min<uint64_t>(offset - log.counted, block_size)));
        if (piece.empty())
            break;
        log.entry += static_cast<uint64_t>(std::count(piece.begin(), piece.end(), '\n'));
        log.counted += piece.size();
    }
    return log.entry;
}

} // namespace quire::search
