#include "web/code/message.h"

#include <algorithm>
#include <optional>

#include "base/log.h"
#include "base/strings.h"
#include "git/change_id.h"
#include "web/html/parts.h"

namespace quire::web {

/// A page looks up no more words than that, whatever a message holds.
constexpr size_t max_lookups = 40;

static bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
static bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// An address ends before blanks and quotes, and before what closes a sentence around it.
static size_t address_size(std::string_view text)
{
    size_t size = std::min(text.find_first_of(" \t\n\r\"'<>`"), text.size());
    while (size > 0) {
        char last = text[size - 1];
        bool is_bracket = (last == ')' && text.substr(0, size).find('(') == std::string_view::npos) ||
                          (last == ']' && text.substr(0, size).find('[') == std::string_view::npos);
        if (!is_bracket && std::string_view(".,;:!?").find(last) == std::string_view::npos)
            break;
        --size;
    }
    return size;
}

static bool may_be_commit(std::string_view word)
{
    bool has_digit = std::any_of(word.begin(), word.end(), is_digit);
    return word.size() >= 7 && word.size() <= GIT_OID_HEXSZ && (has_digit || word.size() == GIT_OID_HEXSZ) &&
           word.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

/// Where the text of a line begins, and, if it is an item of a list, where the text of that begins.
static std::pair<size_t, std::optional<size_t>> text_of_line(std::string_view line)
{
    size_t begin = std::min(line.find_first_not_of(' '), line.size()), at = begin;
    while (at < line.size() && is_digit(line[at]))
        ++at;
    bool is_item = at < line.size() && (at > begin ? line[at] == '.' || line[at] == ')'
                                                   : std::string_view("-*+").find(line[at]) != std::string_view::npos);
    if (!is_item || at + 1 >= line.size() || line[at + 1] != ' ')
        return {begin, std::nullopt};
    return {begin, std::min(line.find_first_not_of(' ', at + 1), line.size())};
}

/// "Signed-off-by: ", and what quotes, a table or a heading begins with.
static bool stands_alone(std::string_view line)
{
    if (line.empty() || std::string_view("#>|<`\t=~").find(line[0]) != std::string_view::npos)
        return true;
    size_t end = 0;
    while (end < line.size() && (is_letter(line[end]) || line[end] == '-'))
        ++end;
    return end > 0 && line.substr(end).starts_with(": ");
}

std::vector<std::pair<size_t, size_t>> soft_breaks(std::string_view message)
{
    constexpr size_t narrowest = 60; // who wraps by hand, or has it done, wraps at 65 to 80
    std::vector<std::pair<size_t, size_t>> breaks;
    std::optional<size_t> column; // where a paragraph or an item goes on
    std::string_view before;
    for (size_t at = 0; at < message.size();) {
        size_t end = std::min(message.find('\n', at), message.size());
        std::string_view line = message.substr(at, end - at);
        auto [begin, item] = text_of_line(line);
        std::string_view text = line.substr(begin);
        bool goes_on = column == begin && !item && !before.empty() && !stands_alone(text) && !stands_alone(before);
        if (goes_on && before.size() + 1 + text.substr(0, text.find(' ')).size() > narrowest)
            breaks.emplace_back(at - 1, begin + 1);
        if (item)
            column = item;
        else if (!goes_on) // what is indented without being an item's is code
            column = begin == 0 && !text.empty() ? std::optional<size_t>(0) : std::nullopt;
        before = line;
        at = end + 1;
    }
    return breaks;
}

/// Without the line that trailer_change_id() reads.
static std::string without_change_id(std::string_view text, std::string_view id)
{
    size_t gap = text.rfind("\n\n");
    size_t trailers = gap == std::string_view::npos ? 0 : gap + 2;
    std::string kept(text.substr(0, trailers));
    for (std::string_view rest = text.substr(trailers); !rest.empty();) {
        std::string_view line = take_until(rest, '\n'), value = line;
        bool is_id = equal_ignoring_case(take_until(value, ':'), "change-id") && trim(value) == id;
        if (!is_id)
            kept += std::string(line) + "\n";
    }
    return std::string(trim(kept));
}

std::string message_below(const git::CommitInfo& commit, std::string_view shown_title)
{
    std::string body(commit.body());
    if (git::is_change_id(commit.change_id))
        body = without_change_id(body, commit.change_id);
    if (commit.subject().empty() || visible(commit.subject()) == shown_title)
        return body;
    return std::string(commit.subject()) + (body.empty() ? "" : "\n\n") + body;
}

Html linked_message(const store::RepoName& name, const git::Repository& repository, std::string_view text)
{
    std::string message = shown(text);
    std::string_view rest = message;
    Html html;
    size_t lookups = 0, plain = 0; // bytes of `rest` that are no link
    auto breaks = soft_breaks(message);
    auto next = breaks.begin();
    auto flush = [&] {
        for (; next != breaks.end() && next->first < message.size() - rest.size() + plain; ++next) {
            size_t before = next->first - (message.size() - rest.size());
            html.text(rest.substr(0, before));
            html.add("<span class=\"soft\">{}</span>", rest.substr(before, next->second));
            rest.remove_prefix(before + next->second);
            plain -= before + next->second;
        }
        html.text(rest.substr(0, plain));
        rest.remove_prefix(plain);
        plain = 0;
    };
    while (plain < rest.size()) {
        std::string_view here = rest.substr(plain);
        if (here.starts_with("https://") || here.starts_with("http://")) {
            size_t size = address_size(here);
            Url url = Url::outside(here.substr(0, size));
            flush();
            if (url.str() == "#")
                html.text(rest.substr(0, size));
            else
                html.add("<a href=\"{}\">{}</a>", url, rest.substr(0, size));
            rest.remove_prefix(size);
            continue;
        }
        size_t size = 0;
        while (size < here.size() && (is_letter(here[size]) || is_digit(here[size])))
            ++size;
        std::string_view word = here.substr(0, size);
        bool is_commit =
            may_be_commit(word) && lookups++ < max_lookups && repository.commit_of_prefix(word).has_value();
        if (is_commit || git::is_change_id(word)) {
            flush();
            html.add("<a href=\"{}\">{}</a>",
                     is_commit ? Url::view(name, "commit", word) : Url::view(name, "change", word), word);
            rest.remove_prefix(size);
            continue;
        }
        plain += std::max<size_t>(size, 1);
    }
    flush();
    return html;
}

} // namespace quire::web
