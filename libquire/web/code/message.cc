#include "web/code/message.h"

#include <algorithm>

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

Html linked_message(const store::RepoName& name, const git::Repository& repository, std::string_view text)
{
    std::string message = shown(text);
    std::string_view rest = message;
    Html html;
    size_t lookups = 0, plain = 0; // bytes of `rest` that are no link
    auto flush = [&] {
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
