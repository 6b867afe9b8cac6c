#include "case.h"

#include "base/strings.h"
#include "sys/file.h"

namespace quire::cases {

/// The lines of a file, without the empty end behind the last newline.
static std::vector<std::string> lines_of(std::string_view content)
{
    std::vector<std::string> lines;
    while (!content.empty())
        lines.emplace_back(take_until(content, '\n'));
    return lines;
}

static Result<std::string> optional_file(const std::string& path)
{
    if (!sys::exists(AT_FDCWD, path))
        return std::string();
    return sys::read_file(AT_FDCWD, path);
}

static Result<std::vector<Input>> read_inputs(const std::string& path)
{
    if (!sys::exists(AT_FDCWD, path))
        return std::vector<Input>{Input{}};
    std::vector<Input> inputs;
    for (std::string_view line : lines_of(TRY(sys::read_file(AT_FDCWD, path)))) {
        if (strip_prefix(line, "< "))
            inputs.push_back(Input{std::string(line), ""});
        else if (strip_prefix(line, "> ") && !inputs.empty())
            inputs.back().message += std::string(line) + "\n";
        else if (!line.empty() && !line.starts_with('#'))
            return fail(ErrorKind::invalid, "{}: '{}' begins with none of '< ', '> ' and '#'", path, line);
    }
    return inputs;
}

Result<Case> read_case(const std::string& directory, const std::string& name)
{
    Case one{.name = name, .directory = directory};
    one.command = lines_of(TRY(sys::read_file(AT_FDCWD, directory + "/cmd")));
    one.inputs = TRY(read_inputs(directory + "/inputs"));
    one.environment = lines_of(TRY(optional_file(directory + "/env")));
    one.in = TRY(optional_file(directory + "/in"));
    one.out = TRY(optional_file(directory + "/out"));
    one.err = TRY(optional_file(directory + "/err"));
    std::string code = TRY(optional_file(directory + "/code"));
    one.code = code.empty() ? 0 : static_cast<int>(parse_decimal(trim(code)).value_or(255));
    if (sys::exists(AT_FDCWD, directory + "/becomes"))
        one.becomes = trim(TRY(sys::read_file(AT_FDCWD, directory + "/becomes")));
    one.refused = sys::exists(AT_FDCWD, directory + "/refused");
    if (one.command.empty())
        return fail(ErrorKind::invalid, "{}/cmd is empty", directory);
    return one;
}

/// What stands for the text between braces; nullopt when it is no placeholder.
static std::optional<std::string> replacement(std::string_view name, const Case& one, const Input& input,
                                              const Places& places)
{
    if (name == "root")
        return places.root;
    if (name == "bin")
        return places.bin;
    if (name == "prefix")
        return places.bin.substr(0, places.bin.rfind('/'));
    if (name == "input")
        return expand(input.text, one, Input{}, places);
    if (name == "message")
        return expand(input.message, one, Input{}, places);
    if (name.size() == 3 && name[0] == 'x')
        return from_hex(name.substr(1));
    if (strip_prefix(name, "repeat ")) {
        uint64_t count = parse_decimal(take_until(name, ' ')).value_or(0);
        std::string repeated;
        for (uint64_t i = 0; i < count; ++i)
            repeated += name;
        return repeated;
    }
    if (strip_prefix(name, "file ")) {
        for (const char* place : {"/", "/../"})
            if (auto content = sys::read_file(AT_FDCWD, fmt::format("{}{}{}", one.directory, place, name)))
                return expand(*content, one, input, places);
        return fmt::format("<there is no {}>", name);
    }
    return std::nullopt;
}

std::string expand(std::string_view text, const Case& one, const Input& input, const Places& places)
{
    std::string out;
    while (!text.empty()) {
        size_t open = text.find('{');
        size_t close = open == std::string_view::npos ? open : text.find('}', open);
        if (close == std::string_view::npos)
            return out + std::string(text);
        out += text.substr(0, open);
        auto found = replacement(text.substr(open + 1, close - open - 1), one, input, places);
        out += found ? *found : "{";
        text.remove_prefix(found ? close + 1 : open + 1);
    }
    return out;
}

std::vector<std::string> expand_words(std::string_view text, const Case& one, const Input& input, const Places& places)
{
    constexpr std::string_view separator = "{|}";
    std::string raw = text == "{input}" ? input.text : std::string(text);
    std::string_view rest = raw;
    std::vector<std::string> words;
    for (;;) {
        size_t end = rest.find(separator);
        words.push_back(expand(rest.substr(0, end), one, input, places));
        if (end == std::string_view::npos)
            return words;
        rest.remove_prefix(end + separator.size());
    }
}

} // namespace quire::cases
