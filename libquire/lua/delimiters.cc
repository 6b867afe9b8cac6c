#include "lua/delimiters.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

namespace quire::lua {

constexpr size_t most_flaws = 50;

namespace {

struct Open {
    char bracket;
    text::Position position;
    size_t offset;
};

char closing(char bracket) { return bracket == '(' ? ')' : bracket == '[' ? ']' : '}'; }

/// Goes through the text once. With `recover`, a "(" in the first column closes everything before it.
class Scan {
public:
    Scan(std::string_view source, bool recover, const std::set<size_t>& broken_strings)
        : m_source(source), m_recover(recover), m_broken_strings(broken_strings)
    {}

    void run()
    {
        while (m_at < m_source.size() && m_result.readable) {
            char byte = m_source[m_at];
            if (m_recover && byte == '(' && m_position.column == 1)
                begin_top_level();
            if (byte == '"')
                string();
            else if (byte == ';')
                comment();
            else
                token(byte);
        }
        if (m_result.readable)
            unclosed();
        skipped();
        std::stable_sort(m_result.flaws.begin(), m_result.flaws.end(),
                         [](const Flaw& a, const Flaw& b) { return a.begin < b.begin; });
    }

    Delimiters take() { return std::move(m_result); }
    bool only_strays() const { return !m_needs_recovery; }
    bool ends_in_string() const { return m_ends_in_string; }
    /// The string to blame for an odd number of quotes: the first one that runs past the beginning of a form.
    size_t suspect() const { return m_suspect; }

private:
    void report(text::Position position, std::string message, size_t begin, size_t end)
    {
        if (m_result.flaws.size() < most_flaws)
            m_result.flaws.push_back({position, std::move(message), begin, end});
    }

    void next()
    {
        if (m_source[m_at++] == '\n')
            m_position = {m_position.line + 1, 1};
        else if (m_at == m_source.size() || (static_cast<unsigned char>(m_source[m_at]) & 0xc0) != 0x80)
            ++m_position.column;
    }

    void token(char byte)
    {
        if (byte == '\0') {
            report(m_position, "there is a NUL byte here; Fennel code is text", m_at, m_at + 1);
            m_result.readable = false;
        } else if (byte == '(' || byte == '[' || byte == '{') {
            m_open.push_back({byte, m_position, m_at});
            if (m_open.size() > most_open) {
                report(m_position, fmt::format("nested too deep: more than {} brackets are open here", most_open), m_at,
                       m_at + 1);
                m_result.readable = false;
            }
        } else if ((byte == ')' || byte == ']' || byte == '}') && !m_skipping) {
            close(byte);
        }
        next();
    }

    void close(char byte)
    {
        if (m_open.empty()) {
            report(m_position, fmt::format("this {} closes nothing", byte), m_at, m_at + 1);
        } else if (closing(m_open.back().bracket) == byte) {
            m_open.pop_back();
        } else {
            m_needs_recovery = true;
            const Open& open = m_open.back();
            report(m_position,
                   fmt::format("this {} does not close the {} at line {}, column {}, which needs a {}", byte,
                               open.bracket, open.position.line, open.position.column, closing(open.bracket)),
                   m_open.front().offset, m_at);
            skip();
        }
    }

    /// Skips the rest of the form.
    void skip()
    {
        m_skipping = true;
        m_open.clear();
    }

    void skipped()
    {
        if (std::exchange(m_skipping, false) && !m_result.flaws.empty())
            m_result.flaws.back().end = m_at;
        m_open.clear();
    }

    void unclosed()
    {
        if (m_open.empty() || m_skipping)
            return;
        m_needs_recovery = true;
        std::string lacks;
        for (auto open = m_open.rbegin(); open != m_open.rend(); ++open)
            lacks += closing(open->bracket);
        const Open &first = m_open.front(), &last = m_open.back();
        std::string message =
            fmt::format("this form is not closed, it lacks {}{}", lacks.size() == 1 ? "a " : "", lacks);
        if (m_open.size() > 1)
            message += fmt::format("; open to the end is also the {} at line {}, column {}", last.bracket,
                                   last.position.line, last.position.column);
        report(first.position, std::move(message), first.offset, m_at);
    }

    void begin_top_level()
    {
        unclosed();
        skipped();
    }

    void string()
    {
        size_t begin = m_at;
        text::Position position = m_position;
        bool is_broken = m_broken_strings.contains(begin), over_a_form = false;
        next();
        while (m_at < m_source.size() && m_source[m_at] != '"' && m_source[m_at] != '\0') {
            if (m_source[m_at] == '\\' && m_at + 1 < m_source.size() && m_source[m_at + 1] != '\n')
                next();
            over_a_form = over_a_form || (m_source[m_at] == '\n' && m_source.substr(m_at + 1).starts_with('('));
            next();
            if (is_broken && over_a_form)
                break;
        }
        if (m_at < m_source.size() && m_source[m_at] == '\0')
            return; // it was reported where it began
        if (is_broken || m_at == m_source.size()) {
            m_ends_in_string = m_ends_in_string || !is_broken;
            m_needs_recovery = true;
            if (!m_skipping) {
                report(position, "this string is not closed", m_open.empty() ? begin : m_open.front().offset, m_at);
                skip();
            }
            if (!is_broken && m_suspect == m_source.npos)
                m_suspect = begin;
            return;
        }
        if (over_a_form && m_suspect == m_source.npos)
            m_suspect = begin;
        next();
    }

    void comment()
    {
        while (m_at < m_source.size() && m_source[m_at] != '\n' && m_source[m_at] != '\0')
            next();
        if (m_at < m_source.size() && m_source[m_at] == '\0')
            token('\0');
    }

    std::string_view m_source;
    bool m_recover;
    const std::set<size_t>& m_broken_strings;
    Delimiters m_result;
    std::vector<Open> m_open;
    size_t m_at = 0;
    text::Position m_position{1, 1};
    bool m_skipping = false, m_needs_recovery = false, m_ends_in_string = false;
    size_t m_suspect = std::string_view::npos;
};

} // namespace

Delimiters check_delimiters(std::string_view source)
{
    std::set<size_t> broken_strings;
    Scan plain(source, false, broken_strings);
    plain.run();
    // If all brackets match, forms that begin in other columns are fine.
    if (plain.only_strays())
        return plain.take();
    for (;;) {
        Scan scan(source, true, broken_strings);
        scan.run();
        bool again = scan.ends_in_string() && broken_strings.size() < most_flaws;
        if (!again || !broken_strings.insert(scan.suspect()).second)
            return scan.take();
    }
}

} // namespace quire::lua
