// bash completion for the words of quire.
#include "base/strings.h"
#include "cli/completion_words.h"

namespace quire::cli::completion {

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

std::string bash_script()
{
    std::string firsts, cases, seconds;
    for (const FirstWord& first : first_words()) {
        firsts += (firsts.empty() ? "" : " ") + first.word;
        std::vector<std::string> words;
        for (const Verb* verb : first.seconds) {
            words.push_back(second_word(*verb));
            cases += bash_case(*verb);
        }
        if (!words.empty())
            seconds += fmt::format("    {}) seconds={} ;;\n", first.word, quoted(join(words, " ")));
        if (first.alone)
            cases += bash_case(*first.alone);
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
           "    if ((COMP_CWORD == at)) && [[ $current != -* ]]; then\n"
           "      COMPREPLY=($(compgen -W \"$seconds\" -- \"$current\"))\n"
           "      return\n"
           "    fi\n"
           "    case \" $seconds \" in\n"
           "      *\" ${COMP_WORDS[at]} \"*) verb=\"$verb ${COMP_WORDS[at]}\" at=$((at + 1)) ;;\n"
           "    esac\n"
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

} // namespace quire::cli::completion
