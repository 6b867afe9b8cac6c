#include "ci/executors/dockerfile.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "base/strings.h"

namespace quire::ci {

namespace {

/// A Dockerfile is a stranger's. No registry takes longer names, and no build needs more images.
constexpr size_t max_name = 1024;
constexpr size_t max_images = 1000;

bool is_name_character(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

std::vector<std::string> words_of(std::string_view line)
{
    std::vector<std::string> words;
    std::string word;
    for (char c : std::string(line) + ' ')
        if (c != ' ' && c != '\t' && c != '\r')
            word += c;
        else if (!word.empty())
            words.push_back(std::exchange(word, {}));
    return words;
}

/// What ends the here-document that a word begins (3<<-"END"), with a '-' in front where tabs before it don't count.
std::string end_of_document(std::string_view word)
{
    word.remove_prefix(std::min(word.find_first_not_of("0123456789"), word.size()));
    if (!strip_prefix(word, "<<"))
        return "";
    std::string end = strip_prefix(word, "-") ? "-" : "";
    std::string name;
    for (char c : word)
        if (is_name_character(c))
            name += c;
        else if (c != '"' && c != '\'')
            return "";
    return name.empty() ? "" : end + name;
}

class Reader {
public:
    explicit Reader(std::string_view text) : m_lines(split(text, '\n')) {}

    std::vector<std::string> read()
    {
        while (m_at < m_lines.size()) {
            std::vector<std::string> words = words_of(next_instruction());
            if (!words.empty())
                take(to_lower(words[0]), words);
        }
        return std::move(m_images);
    }

private:
    /// Joins continued lines. Comments may stand between them.
    std::string next_instruction()
    {
        std::string instruction;
        while (m_at < m_lines.size()) {
            std::string_view line = trim(m_lines[m_at++]);
            if (line.starts_with('#'))
                continue;
            bool goes_on = strip_suffix(line, "\\");
            instruction += line;
            if (!goes_on)
                break;
            instruction += ' ';
        }
        return instruction;
    }

    void take(const std::string& name, const std::vector<std::string>& words)
    {
        if (name == "arg" && !m_has_stage)
            return take_defaults(words);
        if (name == "from")
            return take_stage(words);
        if (name != "copy" && name != "add" && name != "run")
            return;
        for (size_t i = 1; i < words.size() && words[i].starts_with("--"); i++)
            take_option(words[i]);
        for (const std::string& word : words)
            if (std::string end = end_of_document(word); !end.empty())
                skip_document(end);
    }

    void take_defaults(const std::vector<std::string>& words)
    {
        for (size_t i = 1; i < words.size(); i++) {
            std::string_view value = words[i];
            std::string name(take_until(value, '='));
            if (value.size() >= 2 && (value[0] == '"' || value[0] == '\'') && value.back() == value[0])
                value = value.substr(1, value.size() - 2);
            if (words[i].find('=') != std::string::npos && value.size() <= max_name)
                m_defaults[name] = value;
        }
    }

    /// FROM [--platform=…] IMAGE [AS STAGE]
    void take_stage(const std::vector<std::string>& words)
    {
        m_has_stage = true;
        size_t at = 1;
        while (at < words.size() && words[at].starts_with("--"))
            at++;
        if (at >= words.size())
            return;
        add(words[at]);
        if (at + 2 < words.size() && to_lower(words[at + 1]) == "as")
            m_stages.insert(to_lower(words[at + 2]));
    }

    /// --from=IMAGE of COPY, and --mount=type=bind,from=IMAGE,… of RUN.
    void take_option(std::string_view option)
    {
        if (strip_prefix(option, "--from="))
            return add(option);
        if (!strip_prefix(option, "--mount="))
            return;
        for (std::string_view part : split(option, ','))
            if (strip_prefix(part, "from="))
                add(part);
    }

    void skip_document(std::string_view end)
    {
        bool is_indented = strip_prefix(end, "-");
        while (m_at < m_lines.size()) {
            std::string_view line = m_lines[m_at++];
            while (is_indented && line.starts_with('\t'))
                line.remove_prefix(1);
            strip_suffix(line, "\r");
            if (line == end)
                return;
        }
    }

    void add(std::string_view written)
    {
        std::string image = with_defaults(written);
        bool is_number = !image.empty() && image.find_first_not_of("0123456789") == std::string::npos;
        bool is_known = std::find(m_images.begin(), m_images.end(), image) != m_images.end();
        if (image.empty() || image.size() > max_name || m_images.size() >= max_images || image == "scratch" ||
            is_number || is_known || m_stages.contains(to_lower(image)))
            return;
        m_images.push_back(std::move(image));
    }

    /// Puts in $NAME, ${NAME} and ${NAME:-fallback}.
    std::string with_defaults(std::string_view text) const
    {
        std::string result;
        while (!text.empty() && result.size() <= max_name) {
            size_t dollar = text.find('$');
            result += text.substr(0, dollar);
            if (dollar == std::string_view::npos)
                break;
            text.remove_prefix(dollar);
            std::string_view variable = text.substr(0, length_of_variable(text));
            text.remove_prefix(variable.size());
            result += value_of(variable);
        }
        return result;
    }

    static size_t length_of_variable(std::string_view text)
    {
        if (text.starts_with("${"))
            return std::min(text.find('}'), text.size() - 1) + 1;
        size_t length = 1;
        while (length < text.size() && is_name_character(text[length]))
            length++;
        return length;
    }

    std::string value_of(std::string_view variable) const
    {
        std::string_view name = variable.substr(1), fallback;
        if (strip_prefix(name, "{") && strip_suffix(name, "}"))
            if (size_t colon = name.find(":-"); colon != std::string_view::npos) {
                fallback = name.substr(colon + 2);
                name = name.substr(0, colon);
            }
        auto found = m_defaults.find(name);
        if (found != m_defaults.end() && !found->second.empty())
            return found->second;
        return std::string(fallback.empty() ? variable : fallback);
    }

    std::vector<std::string_view> m_lines;
    size_t m_at = 0;
    bool m_has_stage = false;
    std::map<std::string, std::string, std::less<>> m_defaults;
    std::set<std::string> m_stages;
    std::vector<std::string> m_images;
};

} // namespace

std::vector<std::string> images_of_dockerfile(std::string_view text) { return Reader(text).read(); }

} // namespace quire::ci
