#include "cli/options.h"

#include <algorithm>

#include "base/log.h"
#include "base/strings.h"

#define CXXOPTS_NO_REGEX // std::regex costs a short-lived program a millisecond
#include <cxxopts.hpp>

namespace quire::cli {

/// `option` includes its dashes.
static bool is_known(std::string_view option, std::span<const Flag> flags)
{
    return std::any_of(flags.begin(), flags.end(), [&](const Flag& flag) {
        bool is_letter = flag.letter && option.size() == 2 && option[1] == flag.letter;
        return is_letter || (option.starts_with("--") && option.substr(2) == flag.name);
    });
}

/// cxxopts' message does not suggest a name, so this finds the argument that cxxopts refused.
static Unexpected unknown_option(std::string_view command, std::span<const Flag> flags, const Arguments& arguments)
{
    std::vector<std::string> names;
    for (const Flag& flag : flags)
        if (flag.reach != Reach::internal)
            names.emplace_back(flag.name);
    std::string_view wrong;
    for (std::string_view argument : arguments) {
        argument = argument.substr(0, argument.find('='));
        if (wrong.empty() && argument.size() > 1 && argument[0] == '-' && !is_known(argument, flags))
            wrong = argument;
    }
    auto meant = nearest(wrong.substr(std::min(wrong.find_first_not_of('-'), wrong.size())), names);
    std::string advice = names.empty() ? "it takes none" : fmt::format("there are --{}", join(names, ", --"));
    if (meant)
        advice = fmt::format("did you mean --{}?", *meant);
    return fail(ErrorKind::usage, "{}: there is no option {}; {}", command, visible(wrong), advice);
}

/// Replaces the typographic quotes in cxxopts' messages.
static std::string plain(std::string text)
{
    for (std::string_view quote : {"‘", "’"})
        for (size_t at = text.find(quote); at != std::string::npos; at = text.find(quote))
            text.replace(at, quote.size(), "'");
    return text;
}

static Result<void> check_arity(std::string_view command, Arity arity, const Arguments& operands)
{
    if (operands.size() > arity.most)
        return fail(ErrorKind::usage, "{}: '{}' is one argument too many", command, visible(operands[arity.most]));
    if (operands.size() < arity.least)
        return fail(ErrorKind::usage, "{}: an argument is missing; see quire {} --help", command, command);
    return {};
}

/// Whether one of the arguments may be this flag. cxxopts is not told of others: what it does for each costs more than
/// to look for it, and programs that live for milliseconds have many flags.
static bool may_be_given(const Flag& flag, const Arguments& arguments)
{
    return flag.letter || std::any_of(arguments.begin(), arguments.end(), [&](std::string_view argument) {
               return argument.starts_with("--") && argument.substr(2).starts_with(flag.name);
           });
}

Result<Options> Options::parse(std::string_view command, std::span<const Flag> flags, Arity operands,
                               const Arguments& arguments)
{
    Options parsed;
    try {
        cxxopts::Options description{std::string(command)};
        for (const Flag& flag : flags) {
            if (!may_be_given(flag, arguments))
                continue;
            std::string name = flag.letter ? fmt::format("{},{}", flag.letter, flag.name) : flag.name;
            if (flag.argument)
                description.add_options()(name, "", cxxopts::value<std::string>());
            else
                description.add_options()(name, "", cxxopts::value<bool>());
        }
        std::vector<const char*> argv = {"quire"};
        for (const std::string& argument : arguments)
            argv.push_back(argument.c_str());
        cxxopts::ParseResult result = description.parse(static_cast<int>(argv.size()), argv.data());
        for (const Flag& flag : flags)
            if (result.count(flag.name) > 0 && (flag.argument || result[flag.name].as<bool>()))
                parsed.m_values[flag.name] = flag.argument ? result[flag.name].as<std::string>() : "";
        parsed.m_operands = result.unmatched();
    } catch (const cxxopts::exceptions::no_such_option&) {
        return unknown_option(command, flags, arguments);
    } catch (const cxxopts::exceptions::invalid_option_syntax&) {
        return unknown_option(command, flags, arguments);
    } catch (const cxxopts::exceptions::exception& problem) {
        return fail(ErrorKind::usage, "{}: {}", command, visible(plain(problem.what())));
    }
    TRY(check_arity(command, operands, parsed.m_operands));
    return parsed;
}

std::optional<std::string> Options::value(const std::string& name) const
{
    auto found = m_values.find(name);
    return found == m_values.end() ? std::nullopt : std::optional(found->second);
}

std::string describe_flags(std::span<const Flag> flags, Reach narrowest)
{
    std::string out;
    for (const Flag& flag : flags) {
        if (flag.reach < narrowest)
            continue;
        std::string left =
            flag.letter ? fmt::format("-{}, --{}", flag.letter, flag.name) : std::string("--") + flag.name;
        if (flag.argument)
            left += std::string(" ") + flag.argument;
        out += fmt::format("  {:<26}{}\n", left, flag.help);
    }
    return out;
}

} // namespace quire::cli
