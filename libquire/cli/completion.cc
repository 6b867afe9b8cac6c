#include "cli/completion.h"

#include "base/strings.h"
#include "cli/completion_words.h"

namespace quire::cli {

namespace completion {

std::string quoted(std::string_view text)
{
    std::string out = "'";
    for (char c : text)
        out += c == '\'' ? "'\\''" : std::string(1, c);
    return out + "'";
}

std::vector<FirstWord> first_words()
{
    std::vector<FirstWord> words;
    for (const Verb& verb : verbs()) {
        if (verb.reach < Reach::box)
            continue;
        std::string_view second = verb.name;
        std::string first(take_until(second, ' '));
        if (words.empty() || words.back().word != first)
            words.push_back({first, second.empty() ? verb.help : "see and change settings", nullptr, {}});
        if (second.empty())
            words.back().alone = &verb;
        else
            words.back().seconds.push_back(&verb);
    }
    return words;
}

std::string second_word(const Verb& verb)
{
    std::string_view rest = verb.name;
    take_until(rest, ' ');
    return std::string(rest);
}

bool shows(const Flag& flag) { return flag.reach >= Reach::box; }

/// Whether the operand is the name of an existing repository, as far as the table tells.
static bool is_repository(const Operand& operand)
{
    std::string_view shown = operand.shown;
    return shown == "NAME" || shown == "OLD";
}

static bool makes_one(const Verb& verb) { return std::string_view(verb.name) == "new"; }

std::string words_for(const Verb& verb, size_t index)
{
    if (verb.operands.empty() || makes_one(verb))
        return {};
    const Operand& operand = verb.operands[std::min(index, verb.operands.size() - 1)];
    if (index >= verb.operands.size() && operand.count != Count::repeated)
        return {};
    if (is_repository(operand))
        return std::string(repositories);
    std::string_view shown = operand.shown;
    if (shown == "SHELL")
        return "bash zsh fish";
    if (shown != "VERB")
        return {};
    std::vector<std::string> names;
    for (const FirstWord& word : first_words())
        names.push_back(word.word);
    return join(names, " ");
}

} // namespace completion

std::optional<std::string> completion_script(std::string_view shell)
{
    if (shell == "bash")
        return completion::bash_script();
    if (shell == "zsh")
        return completion::zsh_script();
    if (shell == "fish")
        return completion::fish_script();
    return std::nullopt;
}

} // namespace quire::cli
