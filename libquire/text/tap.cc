#include "text/tap.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "base/strings.h"

namespace quire::text {

namespace {

constexpr size_t longest_name = 500, longest_details = 16u << 10;

/// One "ok" or "not ok" line without its indentation.
struct Point {
    bool is_ok = false;
    std::string_view name;
    bool is_skipped = false, is_todo = false;
    double seconds = 0;
};

bool has_word(std::string_view text, std::string_view word) { return to_lower(text.substr(0, word.size())) == word; }

/// "# time=12.3ms", as some producers write it.
double seconds_in(std::string_view directive)
{
    if (!strip_prefix(directive, "time="))
        return 0;
    double value = 0;
    auto [end, code] = std::from_chars(directive.data(), directive.data() + directive.size(), value);
    if (code != std::errc() || !(value >= 0) || value > 1e9)
        return 0;
    return std::string_view(end, static_cast<size_t>(directive.data() + directive.size() - end)).starts_with("ms")
               ? value / 1000
               : value;
}

std::optional<Point> parse_point(std::string_view line)
{
    Point point;
    point.is_ok = strip_prefix(line, "ok");
    if (!point.is_ok && !strip_prefix(line, "not ok"))
        return std::nullopt;
    if (!line.empty() && line[0] != ' ' && line[0] != '\t')
        return std::nullopt; // "okay"
    line = trim(line);
    size_t digits = std::min(line.find_first_not_of("0123456789"), line.size());
    if (digits == line.size() || line[digits] == ' ' || line[digits] == '#')
        line = trim(line.substr(digits));
    strip_prefix(line, "- ");
    size_t mark = line.find(" #");
    if (line.starts_with('#'))
        mark = 0;
    if (mark != std::string_view::npos) {
        std::string_view directive = trim(line.substr(line.find('#', mark) + 1));
        point.is_skipped = has_word(directive, "skip");
        point.is_todo = has_word(directive, "todo");
        point.seconds = seconds_in(directive);
        if (point.is_skipped || point.is_todo || point.seconds > 0)
            line = trim(line.substr(0, mark));
    }
    point.name = line.substr(0, longest_name);
    return point;
}

/// "1..5", also with a comment behind it.
std::optional<uint64_t> parse_plan(std::string_view line)
{
    if (!strip_prefix(line, "1.."))
        return std::nullopt;
    return parse_decimal(line.substr(0, std::min(line.find_first_not_of("0123456789"), line.size())));
}

class TapReader {
public:
    explicit TapReader(const std::function<void(const JunitCase&)>& each) : m_each(each) {}

    void line(std::string_view whole)
    {
        size_t indent = std::min(whole.find_first_not_of(' '), whole.size());
        std::string_view text = whole.substr(indent);
        if (m_in_block)
            return block(text);
        if (text == "---") {
            m_in_block = true;
            return;
        }
        if (auto point = parse_point(text))
            return take(*point, indent / 4);
        settle();
        if (strip_prefix(text, "# Subtest:")) {
            size_t depth = indent / 4;
            m_suites.resize(std::min(m_suites.size(), depth + 1));
            m_suites.resize(depth + 1);
            m_suites[depth] = std::string(trim(text).substr(0, longest_name));
        } else if (strip_prefix(text, "Bail out!")) {
            error("bailed out", std::string(trim(text).substr(0, longest_name)));
        } else if (auto plan = indent == 0 ? parse_plan(text) : std::nullopt) {
            m_plan = plan;
        }
    }

    JunitReport finish()
    {
        settle();
        if (m_plan && *m_plan > m_points)
            error("plan", fmt::format("planned {} tests, and ran {}", *m_plan, m_points));
        return std::move(m_report);
    }

private:
    /// A line of the YAML block behind a test.
    void block(std::string_view text)
    {
        if (text == "...") {
            m_in_block = false;
            return;
        }
        std::string_view value = text;
        if (strip_prefix(value, "duration_ms:")) {
            value = trim(value);
            double milliseconds = 0;
            std::from_chars(value.data(), value.data() + value.size(), milliseconds);
            m_case.seconds = milliseconds > 0 && milliseconds < 1e12 ? milliseconds / 1000 : 0;
        }
        if (m_details.size() < longest_details)
            m_details += std::string(text.substr(0, longest_details)) + "\n";
    }

    void take(const Point& point, size_t depth)
    {
        bool sums_up = depth < m_last_depth;
        settle();
        m_points += depth == 0 ? 1 : 0;
        m_last_depth = depth;
        if (sums_up) // its subtests were counted
            return;
        m_is_open = true;
        std::string suite;
        for (size_t i = 0; i < depth && i < m_suites.size(); ++i) // "# Subtest:" may stand in or above its block
            suite += (suite.empty() || m_suites[i].empty() ? "" : " > ") + m_suites[i];
        m_case = {suite, std::string(point.name), JunitResult::passed, point.seconds};
        if (m_case.name.empty())
            m_case.name = fmt::format("test {}", m_report.tests + 1);
        if (point.is_skipped || (point.is_todo && !point.is_ok))
            m_case.result = JunitResult::skipped;
        else if (!point.is_ok)
            m_case.result = JunitResult::failed;
    }

    /// The test that was read last is over: its block, if it had one, has been read.
    void settle()
    {
        m_in_block = false;
        if (!std::exchange(m_is_open, false))
            return;
        ++m_report.tests;
        m_report.seconds += m_case.seconds;
        if (m_each)
            m_each(m_case);
        m_report.skipped += m_case.result == JunitResult::skipped ? 1 : 0;
        if (m_case.result == JunitResult::failed) {
            ++m_report.failed;
            std::string details(trim(m_details));
            keep({m_case.suite, m_case.name, details.substr(0, details.find('\n')), details, false});
        }
        m_details.clear();
    }

    void error(std::string name, std::string message)
    {
        ++m_report.errors;
        keep({"", std::move(name), std::move(message), "", true});
    }

    void keep(JunitFailure failure)
    {
        if (m_report.failures.size() < JunitReport::most_failures)
            m_report.failures.push_back(std::move(failure));
    }

    const std::function<void(const JunitCase&)>& m_each;
    JunitReport m_report;
    JunitCase m_case;
    std::vector<std::string> m_suites; ///< by depth
    std::string m_details;
    std::optional<uint64_t> m_plan;
    uint64_t m_points = 0; ///< at the outermost level
    size_t m_last_depth = 0;
    bool m_is_open = false, m_in_block = false;
};

} // namespace

bool is_tap(std::string_view source)
{
    constexpr size_t looked_at = 4096;
    source = source.substr(0, looked_at);
    while (!source.empty()) {
        std::string_view line = trim(take_until(source, '\n'));
        if (line.starts_with("TAP version ") || parse_plan(line) || parse_point(line) || line.starts_with("Bail out!"))
            return true;
        if (!line.empty() && line[0] != '#')
            return false;
    }
    return false;
}

Result<JunitReport> read_tap(std::string_view source, const std::function<void(const JunitCase&)>& each)
{
    if (!is_tap(source))
        return fail(ErrorKind::invalid, "it does not begin as TAP does: with a version, a plan or a test");
    TapReader reader(each);
    while (!source.empty()) {
        std::string_view line = take_until(source, '\n');
        strip_suffix(line, "\r");
        reader.line(line);
    }
    return reader.finish();
}

Result<JunitReport> read_test_report(std::string_view source, const std::function<void(const JunitCase&)>& each)
{
    return is_tap(source) ? read_tap(source, each) : read_junit(source, each);
}

} // namespace quire::text
