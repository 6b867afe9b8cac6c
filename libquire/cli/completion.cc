#include "cli/completion.h"

#include <set>
#include <vector>

#include "base/strings.h"
#include "cli/verbs.h"

namespace quire::cli {

/// In single quotes, for any of the three shells: none of the table's words has one of its own but in help texts.
static std::string quoted(std::string_view text)
{
    std::string out = "'";
    for (char c : text)
        out += c == '\'' ? "'\\''" : std::string(1, c);
    return out + "'";
}

struct FirstWord {
    std::string word;
    std::string help;
    std::vector<const Verb*> verbs; ///< one, or those whose second word follows
};

/// What may stand behind `quire`, in the table's order.
static std::vector<FirstWord> first_words()
{
    std::vector<FirstWord> words;
    for (const Verb& verb : verbs()) {
        if (verb.reach < Reach::box)
            continue;
        std::string_view second = verb.name;
        std::string first(take_until(second, ' '));
        if (words.empty() || words.back().word != first)
            words.push_back({first, second.empty() ? verb.help : "", {}});
        words.back().verbs.push_back(&verb);
    }
    for (FirstWord& word : words)
        if (word.help.empty())
            word.help = "see and change settings";
    return words;
}

static std::string second_word(const Verb& verb)
{
    std::string_view rest = verb.name;
    take_until(rest, ' ');
    return std::string(rest);
}

static bool shows(const Flag& flag) { return flag.reach >= Reach::box; }

/// Whether the operand is a repository that exists, as far as one can tell.
static bool is_repository(const Operand& operand)
{
    std::string_view shown = operand.shown;
    return shown == "NAME" || shown == "OLD";
}

static bool makes_one(const Verb& verb) { return std::string_view(verb.name) == "new"; }

/// Words for an operand: "" for what only the person knows, "@repositories" for their names.
static std::string words_for(const Verb& verb, size_t index)
{
    if (verb.operands.empty() || makes_one(verb))
        return {};
    const Operand& operand = verb.operands[std::min(index, verb.operands.size() - 1)];
    if (index >= verb.operands.size() && operand.count != Count::repeated)
        return {};
    if (is_repository(operand))
        return "@repositories";
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

// ---- bash

static std::string bash_case(const Verb& verb)
{
    std::vector<std::string> flags, valued, cases;
    for (const Flag& flag : verb.flags) {
        if (!shows(flag))
            continue;
        flags.push_back(fmt::format("--{}", flag.name));
        if (flag.letter)
            flags.push_back(fmt::format("-{}", flag.letter));
        if (flag.argument) {
            valued.push_back(fmt::format("--{}", flag.name));
            cases.push_back(fmt::format("--{}) values={} ;;", flag.name, quoted(flag.choices)));
        }
    }
    std::string operands;
    for (size_t i = 0; i < verb.operands.size(); i++)
        operands += (i ? " " : "") + quoted(words_for(verb, i));
    return fmt::format("    {})\n      flags={} valued={} operands=({})\n{}      ;;\n", quoted(verb.name),
                       quoted(join(flags, " ")), quoted(" " + join(valued, " ") + " "), operands,
                       cases.empty() ? "" : fmt::format("      case $previous in {} esac\n", join(cases, " ")));
}

static std::string bash_script()
{
    std::string firsts, cases, seconds;
    for (const FirstWord& first : first_words()) {
        firsts += (firsts.empty() ? "" : " ") + first.word;
        if (!second_word(*first.verbs[0]).empty()) {
            std::vector<std::string> words;
            for (const Verb* verb : first.verbs)
                words.push_back(second_word(*verb));
            seconds += fmt::format("    {}) seconds={} ;;\n", first.word, quoted(join(words, " ")));
        }
        for (const Verb* verb : first.verbs)
            cases += bash_case(*verb);
    }
    return "# bash completion for quire; written by: quire completion bash\n"
           "_quire() {\n"
           "  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]}\n"
           "  local at=1 verb= seconds= flags= valued= values= root=() operands=() word count\n"
           "  COMPREPLY=()\n"
           "  case ${COMP_WORDS[1]} in\n"
           "    --root) at=3 root=(--root \"${COMP_WORDS[2]-}\") ;;\n"
           "  esac\n"
           "  if ((COMP_CWORD < at)); then\n"
           "    COMPREPLY=($(compgen -d -- \"$current\"))\n"
           "    return\n"
           "  fi\n"
           "  if ((COMP_CWORD == at)); then\n"
           "    COMPREPLY=($(compgen -W '" +
           firsts +
           " --root --version --help' -- \"$current\"))\n"
           "    return\n"
           "  fi\n"
           "  verb=${COMP_WORDS[at]}\n"
           "  case $verb in\n" +
           seconds +
           "  esac\n"
           "  at=$((at + 1))\n"
           "  if [ -n \"$seconds\" ]; then\n"
           "    if ((COMP_CWORD == at)); then\n"
           "      COMPREPLY=($(compgen -W \"$seconds\" -- \"$current\"))\n"
           "      return\n"
           "    fi\n"
           "    verb=\"$verb ${COMP_WORDS[at]}\" at=$((at + 1))\n"
           "  fi\n"
           "  case $verb in\n" +
           cases +
           "    *) return ;;\n"
           "  esac\n"
           "  case $valued in\n"
           "    *\" $previous \"*)\n"
           "      COMPREPLY=($(compgen -W \"$values\" -- \"$current\"))\n"
           "      return\n"
           "      ;;\n"
           "  esac\n"
           "  case $current in\n"
           "    -*)\n"
           "      COMPREPLY=($(compgen -W \"$flags --help\" -- \"$current\"))\n"
           "      return\n"
           "      ;;\n"
           "  esac\n"
           "  count=0\n"
           "  for ((; at < COMP_CWORD; at++)); do\n"
           "    word=${COMP_WORDS[at]}\n"
           "    case $valued in *\" $word \"*) at=$((at + 1)); continue ;; esac\n"
           "    case $word in -*) ;; *) count=$((count + 1)) ;; esac\n"
           "  done\n"
           "  word=${operands[count]-}\n"
           "  if [ \"$word\" = @repositories ]; then\n"
           "    word=$(quire \"${root[@]}\" list --names 2>/dev/null)\n"
           "  fi\n"
           "  COMPREPLY=($(compgen -W \"$word\" -- \"$current\"))\n"
           "}\n"
           "complete -F _quire quire\n";
}

// ---- zsh

/// Within a specification of _arguments: ':' parts it, brackets end the help.
static std::string zsh_escaped(std::string_view text)
{
    std::string out;
    for (char c : text) {
        if (c == ':' || c == '[' || c == ']' || c == '\\')
            out += '\\';
        out += c;
    }
    return out;
}

static std::string zsh_action(std::string_view words)
{
    if (words == "@repositories")
        return "_quire_repositories";
    return words.empty() ? " " : fmt::format("({})", words);
}

static std::string zsh_arguments(const Verb& verb, int indent)
{
    std::vector<std::string> lines;
    for (const Flag& flag : verb.flags) {
        if (!shows(flag))
            continue;
        std::string value = flag.argument ? fmt::format(":{}:{}", flag.argument, zsh_action(flag.choices)) : "";
        lines.push_back(quoted(fmt::format("--{}[{}]{}", flag.name, zsh_escaped(flag.help), value)));
        if (flag.letter)
            lines.push_back(quoted(fmt::format("-{}[{}]{}", flag.letter, zsh_escaped(flag.help), value)));
    }
    for (size_t i = 0; i < verb.operands.size(); i++) {
        const Operand& operand = verb.operands[i];
        std::string place = operand.count == Count::repeated ? "*" : operand.count == Count::optional ? ":" : "";
        lines.push_back(
            quoted(fmt::format("{}:{}:{}", place, zsh_escaped(operand.shown), zsh_action(words_for(verb, i)))));
    }
    std::string pad(static_cast<size_t>(indent), ' ');
    std::string text = pad + "_arguments";
    for (const std::string& line : lines)
        text += " \\\n" + pad + "  " + line;
    return text + "\n";
}

static std::string zsh_cases(const std::vector<FirstWord>& firsts)
{
    std::string cases;
    for (const FirstWord& first : firsts) {
        cases += fmt::format("    {})\n", first.word);
        if (second_word(*first.verbs[0]).empty()) {
            cases += zsh_arguments(*first.verbs[0], 6) + "      ;;\n";
            continue;
        }
        std::string described, inner;
        for (const Verb* verb : first.verbs) {
            described += " " + quoted(fmt::format("{}:{}", second_word(*verb), zsh_escaped(verb->help)));
            inner += fmt::format("        {})\n{}          ;;\n", second_word(*verb), zsh_arguments(*verb, 10));
        }
        cases += fmt::format("      if ((CURRENT == 2)); then\n"
                             "        verbs=({})\n"
                             "        _describe verb verbs\n"
                             "        return\n"
                             "      fi\n"
                             "      shift words\n"
                             "      ((CURRENT--))\n"
                             "      case $words[1] in\n{}      esac\n"
                             "      ;;\n",
                             described, inner);
    }
    return cases;
}

static std::string zsh_script()
{
    std::vector<FirstWord> firsts = first_words();
    std::string described;
    for (const FirstWord& first : firsts)
        described += fmt::format("    {}\n", quoted(fmt::format("{}:{}", first.word, zsh_escaped(first.help))));
    return "#compdef quire\n"
           "# zsh completion for quire; written by: quire completion zsh\n"
           "_quire_repositories() {\n"
           "  local -a names\n"
           "  names=(${(f)\"$(quire $quire_root list --names 2>/dev/null)\"})\n"
           "  compadd -a names\n"
           "}\n"
           "_quire() {\n"
           "  local -a verbs quire_root\n"
           "  if [[ $words[2] == --root ]]; then\n"
           "    if ((CURRENT == 3)); then\n"
           "      _files -/\n"
           "      return\n"
           "    fi\n"
           "    quire_root=(--root $words[3])\n"
           "    shift 2 words\n"
           "    ((CURRENT -= 2))\n"
           "  fi\n"
           "  if ((CURRENT == 2)); then\n"
           "    verbs=(\n" +
           described +
           "    )\n"
           "    _describe verb verbs\n"
           "    compadd -- --root --version --help\n"
           "    return\n"
           "  fi\n"
           "  shift words\n"
           "  ((CURRENT--))\n"
           "  case $words[1] in\n" +
           zsh_cases(firsts) +
           "  esac\n"
           "}\n"
           // Sourced, it registers itself; found in $fpath, the first call defines it and does the work.
           "if [[ $funcstack[1] == _quire ]]; then _quire \"$@\"; else compdef _quire quire; fi\n";
}

// ---- fish

static std::string fish_words(std::string_view words)
{
    return words == "@repositories" ? quoted("(__quire_repositories)") : quoted(words);
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

static std::string fish_script()
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
        for (const Verb* verb : first.verbs) {
            std::string second = second_word(*verb);
            if (!second.empty())
                text += fmt::format("complete -c quire -n '__quire_is {}; and test (count (__quire_words)) = 1' -a {} "
                                    "-d {}\n",
                                    first.word, second, quoted(verb->help));
            text += fish_verb(first, *verb);
        }
    }
    return text;
}

std::optional<std::string> completion_script(std::string_view shell)
{
    if (shell == "bash")
        return bash_script();
    if (shell == "zsh")
        return zsh_script();
    if (shell == "fish")
        return fish_script();
    return std::nullopt;
}

} // namespace quire::cli
