#include "text/shell_words.h"

#include "base/strings.h"

namespace quire::text {

namespace {

class Splitter {
public:
    explicit Splitter(std::string_view line) : m_rest(line) {}

    Result<std::vector<std::string>> split()
    {
        while (!m_rest.empty()) {
            char c = take();
            if (c == ' ')
                finish_word();
            else if (c == '\'')
                TRY(take_single_quoted());
            else if (c == '"')
                TRY(take_double_quoted());
            else if (c == '\\')
                TRY(take_escaped());
            else
                add(c);
        }
        finish_word();
        return std::move(m_words);
    }

private:
    char take()
    {
        char c = m_rest.front();
        m_rest.remove_prefix(1);
        return c;
    }

    void add(char c)
    {
        m_word += c;
        m_in_word = true;
    }

    void finish_word()
    {
        if (m_in_word)
            m_words.push_back(std::move(m_word));
        m_word.clear();
        m_in_word = false;
    }

    Result<void> take_single_quoted()
    {
        m_in_word = true; // even if nothing is between the quotes
        size_t end = m_rest.find('\'');
        if (end == std::string_view::npos)
            return fail(ErrorKind::invalid, "the command has a ' without its partner");
        m_word += m_rest.substr(0, end);
        m_rest.remove_prefix(end + 1);
        return {};
    }

    Result<void> take_double_quoted()
    {
        m_in_word = true;
        while (!m_rest.empty()) {
            char c = take();
            if (c == '"')
                return {};
            // POSIX: between double quotes a backslash escapes these characters, and stands for itself before all
            // others.
            bool escapes = c == '\\' && !m_rest.empty() && std::string_view("$`\"\\").find(m_rest[0]) != m_rest.npos;
            add(escapes ? take() : c);
        }
        return fail(ErrorKind::invalid, "the command has a \" without its partner");
    }

    Result<void> take_escaped()
    {
        if (m_rest.empty())
            return fail(ErrorKind::invalid, "the command ends with a backslash that escapes nothing");
        add(take());
        return {};
    }

    std::string_view m_rest;
    std::string m_word;
    bool m_in_word = false;
    std::vector<std::string> m_words;
};

} // namespace

Result<std::vector<std::string>> parse_shell_words(std::string_view line)
{
    if (line.size() > max_command_bytes)
        return fail(ErrorKind::invalid, "the command is longer than {} bytes", max_command_bytes);
    for (size_t i = 0; i < line.size(); ++i) {
        auto byte = static_cast<unsigned char>(line[i]);
        if (byte < 0x20 || byte == 0x7f)
            return fail(ErrorKind::invalid, "the command has a control byte (\\x{:02x}) at byte {}", byte, i + 1);
    }
    return Splitter(line).split();
}

std::string shell_quote(std::string_view word)
{
    constexpr std::string_view plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./:,@%+";
    // Without "=", because a first word NAME=value would be an assignment.
    if (!word.empty() && word.find_first_not_of(plain) == std::string_view::npos)
        return std::string(word);
    std::string out = "'";
    for (char c : word) {
        if (c == '\'')
            out += "'\\''";
        else
            out += c;
    }
    return out + "'";
}

} // namespace quire::text
