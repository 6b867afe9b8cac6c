// What the three writers of completion scripts share: the table's words, as a shell completes them. Private to cli/.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/verbs.h"

namespace quire::cli::completion {

/// In single quotes, for any of the three shells.
std::string quoted(std::string_view text);

struct FirstWord {
    std::string word;
    std::string help;
    const Verb* alone = nullptr;      ///< the verb that is just this word
    std::vector<const Verb*> seconds; ///< those that have a second one
};

/// What may stand behind `quire`, in the table's order.
std::vector<FirstWord> first_words();
/// "get" of "config get"; "" where the verb has one word.
std::string second_word(const Verb& verb);
bool shows(const Flag& flag);

/// Stands in words_for() for the names that `quire list --names` prints.
constexpr std::string_view repositories = "@repositories";
/// The words that an operand may be, with blanks between; "" for what only the person knows.
std::string words_for(const Verb& verb, size_t index);

std::string bash_script();
std::string zsh_script();
std::string fish_script();

} // namespace quire::cli::completion
