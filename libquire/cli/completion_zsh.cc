// zsh completion for the words of quire.
#include "base/strings.h"
#include "cli/completion_words.h"

namespace quire::cli::completion {

/// Escapes ':' and brackets, which have a meaning in a specification of _arguments.
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
    if (words == repositories)
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
        if (first.seconds.empty()) {
            cases += zsh_arguments(*first.alone, 6) + "      ;;\n";
            continue;
        }
        std::string described, inner;
        for (const Verb* verb : first.seconds) {
            described += " " + quoted(fmt::format("{}:{}", second_word(*verb), zsh_escaped(verb->help)));
            inner += fmt::format("        {})\n{}          ;;\n", second_word(*verb), zsh_arguments(*verb, 10));
        }
        // If an option follows, the first word is a complete verb.
        if (first.alone)
            cases += fmt::format("      if [[ $words[2] == -* ]]; then\n{}        return\n      fi\n",
                                 zsh_arguments(*first.alone, 8));
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

std::string zsh_script()
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
           // When sourced, it registers itself. When found in $fpath, the first call defines it and does the work.
           "if [[ $funcstack[1] == _quire ]]; then _quire \"$@\"; else compdef _quire quire; fi\n";
}

} // namespace quire::cli::completion
