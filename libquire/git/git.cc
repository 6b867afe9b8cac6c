#include "git/git.h"

#include "base/strings.h"
#include "sys/file.h"

namespace quire::git {

std::optional<Version> Version::parse(std::string_view output)
{
    output = trim(output);
    if (!strip_prefix(output, "git version "))
        return std::nullopt;
    std::string_view text = take_until(output, ' ');
    Version version;
    version.text = text;
    int* fields[] = {&version.major, &version.minor, &version.patch};
    size_t known = 0;
    for (std::string_view part : split(text, '.')) {
        // In "2.55.0.rc1" or "2.39.5-dirty", the part after the number does not matter here.
        auto number = parse_decimal(part.substr(0, part.find_first_not_of("0123456789")));
        if (known == 3 || !number || *number > 100000)
            break;
        *fields[known++] = static_cast<int>(*number);
    }
    return known >= 2 ? std::optional(version) : std::nullopt;
}

bool Version::at_least(int wanted_major, int wanted_minor) const
{
    return major != wanted_major ? major > wanted_major : minor >= wanted_minor;
}

Result<std::string> find_program(std::string_view search_path)
{
    for (std::string_view directory : split(search_path, ':')) {
        std::string candidate = fmt::format("{}/git", directory);
        if (directory.starts_with('/') && sys::is_executable_file(AT_FDCWD, candidate))
            return sys::real_path(candidate);
    }
    return fail(ErrorKind::system, "git is not installed (looked in {})", search_path);
}

Result<Version> version_of(const std::string& program)
{
    std::string said = TRY(sys::run_ok({.argv = {program, "--version"}}));
    auto version = Version::parse(said);
    if (!version)
        return fail(ErrorKind::system, "{} says '{}' where its version was expected", program, trim(said));
    return *version;
}

static sys::Command command(int directory, std::vector<std::string> arguments)
{
    sys::Command command{.argv = std::move(arguments), .directory = directory};
    command.argv.insert(command.argv.begin(), "git");
    return command;
}

Result<sys::Output> run(int directory, std::vector<std::string> arguments, const sys::RunOptions& options)
{
    return sys::run(command(directory, std::move(arguments)), options);
}

Result<std::string> run_ok(int directory, std::vector<std::string> arguments, const sys::RunOptions& options)
{
    return sys::run_ok(command(directory, std::move(arguments)), options);
}

std::string quote_config_value(std::string_view value)
{
    std::string out = "\"";
    for (char c : value) {
        if (c == '"' || c == '\\')
            out += '\\';
        if (c == '\n')
            out += "\\n";
        else
            out += c;
    }
    return out + '"';
}

} // namespace quire::git
