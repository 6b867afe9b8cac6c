// fish completion for the words of quire.
#include "base/strings.h"
#include "cli/completion_words.h"

namespace quire::cli::completion {

static std::string fish_words(std::string_view words)
{
    return words == repositories ? quoted("(__quire_repositories)") : quoted(words);
}

static std::string fish_verb(const FirstWord& first, const Verb& verb)
{
    std::string second = second_word(verb);
    std::string condition =
        second.empty() ? fmt::format("__quire_is {}", first.word) : fmt::format("__quire_is {} {}", first.word, second);
    std::string lines;
    for (const Flag& flag : verb.flags) {
        if (!shows(flag))
            continue;
        std::string letter = flag.letter ? fmt::format(" -s {}", flag.letter) : "";
        std::string value = !flag.argument ? "" : *flag.choices ? " -x -a " + quoted(flag.choices) : " -x";
        lines += fmt::format("complete -c quire -n {} -l {}{}{} -d {}\n", quoted(condition), flag.name, letter, value,
                             quoted(flag.help));
    }
    std::vector<std::string> valued;
    for (const Flag& flag : verb.flags)
        if (flag.argument)
            valued.push_back(fmt::format("--{}", flag.name));
    for (size_t i = 0; i < verb.operands.size(); i++) {
        std::string words = words_for(verb, i);
        if (!words.empty())
            lines += fmt::format("complete -c quire -n {} -a {}\n",
                                 quoted(fmt::format("{}; and test (__quire_count {} {}) = {}", condition,
                                                    second.empty() ? 1 : 2, join(valued, " "), i)),
                                 fish_words(words));
    }
    return lines;
}

std::string fish_script()
{
    std::string text =
        "# fish completion for quire; written by: quire completion fish\n"
        "# The words behind quire and its own --root, without the one that is being typed.\n"
        "function __quire_words\n"
        "  set -l words (commandline -opc)\n"
        "  set -e words[1]\n"
        "  if test (count $words) -ge 2; and test \"$words[1]\" = --root\n"
        "    set -e words[1..2]\n"
        "  end\n"
        "  for word in $words\n"
        "    echo $word\n"
        "  end\n"
        "end\n"
        "function __quire_is\n"
        "  set -l words (__quire_words)\n"
        "  for i in (seq (count $argv))\n"
        "    test \"$words[$i]\" = \"$argv[$i]\"; or return 1\n"
        "  end\n"
        "end\n"
        "# How many operands stand behind the verb: the words of its name, then the options that take a value.\n"
        "function __quire_count\n"
        "  set -l words (__quire_words)\n"
        "  set -e words[1..$argv[1]]\n"
        "  set -l count 0\n"
        "  set -l skip no\n"
        "  for word in $words\n"
        "    if test $skip = yes\n"
        "      set skip no\n"
        "    else if contains -- $word $argv[2..-1]\n"
        "      set skip yes\n"
        "    else if not string match -q -- '-*' $word\n"
        "      set count (math $count + 1)\n"
        "    end\n"
        "  end\n"
        "  echo $count\n"
        "end\n"
        "function __quire_repositories\n"
        "  set -l words (commandline -opc)\n"
        "  if test (count $words) -ge 3; and test \"$words[2]\" = --root\n"
        "    quire --root $words[3] list --names 2>/dev/null\n"
        "  else\n"
        "    quire list --names 2>/dev/null\n"
        "  end\n"
        "end\n"
        "complete -c quire -f\n"
        "complete -c quire -n 'test (count (__quire_words)) = 0' -l root -x -a '(__fish_complete_directories)' -d 'the "
        "data root'\n";
    for (const FirstWord& first : first_words()) {
        text += fmt::format("complete -c quire -n 'test (count (__quire_words)) = 0' -a {} -d {}\n", first.word,
                            quoted(first.help));
        for (const Verb* verb : first.seconds) {
            text += fmt::format("complete -c quire -n '__quire_is {}; and test (count (__quire_words)) = 1' -a {} "
                                "-d {}\n",
                                first.word, second_word(*verb), quoted(verb->help));
            text += fish_verb(first, *verb);
        }
        if (first.alone)
            text += fish_verb(first, *first.alone);
    }
    return text;
}

} // namespace quire::cli::completion
