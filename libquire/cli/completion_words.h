// The words of the table that completion scripts offer, shared by the writers for the three shells. Private to cli/.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/verbs.h"

namespace quire::cli::completion {

/// The text in single quotes; valid in all three shells.
std::string quoted(std::string_view text);

struct FirstWord {
    std::string word;
    std::string help;
    const Verb* alone = nullptr;      ///< the verb that consists of this word only
    std::vector<const Verb*> seconds; ///< the verbs that have a second word
};

/// The first words of all verbs, in the table's order.
std::vector<FirstWord> first_words();
/// The "get" of "config get"; "" if the verb has one word.
std::string second_word(const Verb& verb);
bool shows(const Flag& flag);

/// The name that words_for() gives to the list printed by `quire list --names`.
constexpr std::string_view repositories = "@repositories";
/// The words that an operand may be, separated by blanks; "" if only the person knows.
std::string words_for(const Verb& verb, size_t index);

std::string bash_script();
std::string zsh_script();
std::string fish_script();

} // namespace quire::cli::completion
