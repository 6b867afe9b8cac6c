// Look-ups in the table of verbs.h, and what help shows of it.
#include <algorithm>

#include "base/log.h"
#include "base/strings.h"
#include "cli/verb_table.h"

namespace quire::cli {

Arity Verb::arity() const
{
    Arity arity;
    for (const Operand& operand : operands) {
        arity.least += operand.count == Count::one;
        arity.most += operand.count == Count::repeated ? most_repeated : 1;
    }
    return arity;
}

Effect effect_of(const Verb& verb, const Arguments& arguments)
{
    auto options = Options::parse(verb.name, verb.flags, verb.arity(), arguments);
    if (!options)
        return Effect::reads;
    Effect effect = verb.effect;
    for (const Flag& flag : verb.flags)
        if (flag.effect != Effect::of_verb && options->has(flag.name))
            effect = flag.effect;
    for (size_t i = 0; i < std::min(verb.operands.size(), options->operands().size()); i++)
        if (verb.operands[i].effect != Effect::of_verb)
            effect = verb.operands[i].effect;
    return effect;
}

std::span<const Verb> verbs() { return verb_table::all; }

const Verb* find_verb(std::string_view name)
{
    auto all = verbs();
    auto found = std::find_if(all.begin(), all.end(), [&](const Verb& verb) { return name == verb.name; });
    return found == all.end() ? nullptr : &*found;
}

size_t words_in_name(const Verb& verb) { return split(verb.name, ' ').size(); }

const Verb* verb_in_front(std::span<const std::string> words)
{
    // A name of two words must be two words: "config get" in one pair of quotes is not a verb.
    if (words.empty() || words[0].find(' ') != std::string::npos)
        return nullptr;
    const Verb* longer = words.size() > 1 ? find_verb(words[0] + " " + words[1]) : nullptr;
    return longer ? longer : find_verb(words[0]);
}

/// The words that can follow the first word of some verbs: "get", "set" and "unset" for "config".
static std::vector<std::string> second_words(std::string_view first, Reach narrowest)
{
    std::vector<std::string> seconds;
    for (const Verb& verb : verbs())
        if (std::string_view name = verb.name;
            verb.reach >= narrowest && take_until(name, ' ') == first && !name.empty())
            seconds.emplace_back(name);
    return seconds;
}

/// A word that somebody typed, made safe for a message.
static std::string shown(std::string_view word)
{
    constexpr size_t limit = 80;
    return visible(word.substr(0, limit)) + (word.size() > limit ? "…" : "");
}

std::string no_such_verb(std::span<const std::string> words, Reach narrowest)
{
    bool over_ssh = narrowest == Reach::over_ssh;
    std::vector<std::string> seconds = words.empty() ? std::vector<std::string>() : second_words(words[0], narrowest);
    if (!seconds.empty()) {
        auto meant = words.size() > 1 ? nearest(words[1], seconds) : std::nullopt;
        return fmt::format("'quire {}' is followed by {}{}", words[0], join(seconds, ", "),
                           meant ? fmt::format("; did you mean '{}'?", *meant) : "");
    }
    std::vector<std::string> names;
    for (const Verb& verb : verbs())
        if (verb.reach >= narrowest)
            names.emplace_back(split(verb.name, ' ')[0]);
    std::string first = words.empty() ? "" : words[0];
    auto meant = nearest(first, names);
    std::string advice = meant ? fmt::format("; did you mean '{}'?", *meant) : "; quire help lists them";
    if (const Verb* verb = verb_in_front(words); verb && verb->reach == Reach::box) {
        first = verb->name;
        advice = "; it works on the box";
    }
    return fmt::format("'quire {}' is no {}{}", shown(first), over_ssh ? "command that is served over ssh" : "verb",
                       advice);
}

static std::string shown(const Operand& operand)
{
    switch (operand.count) {
    case Count::one:
        return operand.shown;
    case Count::optional:
        return fmt::format("[{}]", operand.shown);
    case Count::repeated:
        return fmt::format("[{} ...]", operand.shown);
    }
    return {};
}

static std::string operands_line(const Verb& verb)
{
    std::string line = verb.name;
    for (const Operand& operand : verb.operands)
        if (*operand.shown)
            line += " " + shown(operand);
    return line;
}

std::string usage_line(const Verb& verb, Reach narrowest)
{
    std::string line = operands_line(verb);
    for (const Flag& flag : verb.flags) {
        if (flag.reach < narrowest)
            continue;
        std::string name =
            flag.letter ? fmt::format("-{}|--{}", flag.letter, flag.name) : fmt::format("--{}", flag.name);
        line += flag.argument ? fmt::format(" [{} {}]", name, flag.argument) : fmt::format(" [{}]", name);
    }
    return line;
}

std::string help_of(const Verb& verb, Reach narrowest)
{
    std::string flags = describe_flags(verb.flags, narrowest);
    return fmt::format("usage: quire {}\n\n{}\n{}{}", usage_line(verb, narrowest), verb.help, flags.empty() ? "" : "\n",
                       flags);
}

Result<std::string> help_on(std::span<const std::string> topic, Reach narrowest)
{
    std::string help;
    if (const Verb* verb = verb_in_front(topic); verb && verb->reach >= narrowest) {
        size_t count = words_in_name(*verb);
        if (topic.size() > count)
            return fail(ErrorKind::usage, "'quire help {}' has no use for '{}'", verb->name, shown(topic[count]));
        help = help_of(*verb, narrowest);
    }
    if (topic.size() == 1)
        for (const std::string& second : second_words(topic[0], narrowest))
            help += (help.empty() ? "" : "\n") + help_of(*find_verb(topic[0] + " " + second), narrowest);
    if (help.empty())
        return fail(ErrorKind::usage, "{}", no_such_verb(topic, narrowest));
    return help;
}

/// A usage that is too wide for the first column gets a line of its own.
static std::string line_of_list(const std::string& usage, std::string_view help)
{
    constexpr size_t width = 30;
    if (usage.size() < width)
        return fmt::format("  {:<{}}{}\n", usage, width, help);
    return fmt::format("  {}\n  {:<{}}{}\n", usage, "", width, help);
}

std::string list_of_verbs(Reach narrowest)
{
    std::string list;
    for (const Verb& verb : verbs())
        if (verb.reach >= narrowest)
            list += line_of_list(operands_line(verb), verb.help);
    return list;
}

} // namespace quire::cli
