#include <algorithm>
#include <deque>
#include <string>
#include <unordered_map>

#include "base/strings.h"
#include "text/highlight/language.h"

namespace quire::text {

static const std::deque<Language>& languages()
{
    static const std::deque<Language> all = [] {
        std::deque<Language> made;
        for (auto family : {c_family(), web_family(), script_family(), quote_like_family(), lisp_family(),
                            functional_family(), shell_family(), data_family(), markup_family(), prose_family()})
            for (const LanguageTable& table : family)
                made.emplace_back(table);
        return made;
    }();
    return all;
}

std::string_view language_name(const Language& language) { return language.table.name; }
bool has_meaning(const Language& language, std::string_view word) { return language.find(word).token != Token::plain; }

static bool has_word(std::string_view words, std::string_view wanted)
{
    bool has = false;
    each_word(words, [&](std::string_view word) { has = has || word == wanted; });
    return has;
}

/// The "python" of "#!/usr/bin/env -S python3.11 -u".
static std::string_view interpreter_of(std::string_view line)
{
    while (!line.empty()) {
        size_t begin = line.find_first_not_of(" \t");
        if (begin == std::string_view::npos)
            return {};
        line.remove_prefix(begin);
        std::string_view word = line.substr(0, line.find_first_of(" \t\r"));
        line.remove_prefix(word.size());
        word.remove_prefix(word.rfind('/') + 1);
        if (word == "env" || word.starts_with('-') || word.find('=') != std::string_view::npos)
            continue;
        return word.substr(0, word.find_last_not_of("0123456789.") + 1);
    }
    return {};
}

/// Finds a language by an ending with its dot, or by a whole name.
static const Language* by_file(std::string_view name)
{
    static const auto by_ending = [] {
        std::unordered_map<std::string_view, const Language*> made;
        for (const Language& language : languages())
            each_word(language.table.files, [&](std::string_view word) { made.emplace(word, &language); });
        return made;
    }();
    auto find = [&](std::string_view word) {
        auto found = by_ending.find(word);
        return found == by_ending.end() ? nullptr : found->second;
    };
    if (const Language* whole = find(name))
        return whole;
    size_t dot = name.rfind('.');
    return dot == std::string_view::npos ? nullptr : find(name.substr(dot));
}

const Language* find_language(std::string_view file_name, std::string_view content)
{
    if (const Language* found = by_file(file_name))
        return found;
    if (file_name.ends_with(".in")) // "config.h.in" becomes a "config.h"
        if (const Language* found = by_file(file_name.substr(0, file_name.size() - 3)))
            return found;
    if (const Language* found = by_file(file_name.substr(0, file_name.find('.')))) // "Dockerfile.test"
        return found;
    std::string_view first = content.substr(0, std::min(content.find('\n'), size_t{200}));
    if (!strip_prefix(first, "#!"))
        return nullptr;
    std::string_view interpreter = interpreter_of(first);
    for (const Language& language : languages())
        if (!interpreter.empty() && has_word(language.table.interpreters, interpreter))
            return &language;
    return nullptr;
}

const Language* language_named(std::string_view name)
{
    std::string small;
    for (char c : name.substr(0, 30))
        small += c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
    for (const Language& language : languages())
        if (!small.empty() && has_word(language.table.aliases, small))
            return &language;
    return nullptr;
}

} // namespace quire::text
