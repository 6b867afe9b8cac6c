// Highlighting: one lexer driven by a table of languages. It knows comments, strings, numbers, keywords and what
// a line for the preprocessor is, in linear time, and nothing of grammar. A slip colours a word wrongly, no more.
#pragma once

#include <functional>
#include <string_view>

namespace quire::text {

enum class Token { plain, comment, string, number, keyword, directive };

struct Language;

/// By the file's name, else by the "#!" line of its content; nullptr: show it plain.
const Language* find_language(std::string_view file_name, std::string_view content);
std::string_view language_name(const Language& language);

/// Calls `emit` with the whole source, piece by piece in order. No piece holds a newline beside other bytes: a newline
/// comes alone, so that a caller can end its line there.
void highlight(std::string_view source, const Language* language,
               const std::function<void(Token, std::string_view)>& emit);

} // namespace quire::text
