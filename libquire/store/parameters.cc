#include "store/parameters.h"

#include "base/strings.h"

namespace quire::store {

constexpr size_t longest_value = 4096;

Result<std::map<std::string, std::string>> parse_parameters(const std::vector<std::string>& words)
{
    std::map<std::string, std::string> parameters;
    for (const std::string& word : words) {
        size_t equals = word.find('=');
        if (equals == 0 || equals == std::string::npos)
            return fail(ErrorKind::usage, "'{}' is no parameter: write name=value", word);
        std::string name = word.substr(0, equals), value = word.substr(equals + 1);
        if (value.size() > longest_value || !is_valid_utf8(value))
            return fail(ErrorKind::usage, "parameter '{}': a value is text of at most {} bytes", name, longest_value);
        if (!parameters.emplace(name, std::move(value)).second)
            return fail(ErrorKind::usage, "parameter '{}' is given twice", name);
    }
    return parameters;
}

static std::string did_you_mean(std::string_view word, const std::vector<std::string>& known)
{
    auto close = nearest(word, known);
    return close ? fmt::format("; did you mean '{}'?", *close) : "";
}

Result<text::Data> fill_parameters(const ManualSource& source, const std::map<std::string, std::string>& given)
{
    std::vector<std::string> known, missing;
    text::Data parameters{text::Data::Table{}};
    for (const auto& [name, parameter] : source.parameters) {
        known.push_back(name);
        auto value = given.find(name);
        if (value != given.end())
            parameters.set(name, value->second);
        else if (parameter.fallback)
            parameters.set(name, *parameter.fallback);
        else
            missing.push_back(name + "=…");
    }
    for (const auto& [name, value] : given)
        if (!source.parameters.contains(name))
            return fail(ErrorKind::usage, "source '{}' has no parameter '{}'{} ({})", source.name, name,
                        did_you_mean(name, known), known.empty() ? "it takes none" : "it takes " + join(known, ", "));
    if (!missing.empty())
        return fail(ErrorKind::usage, "source '{}' needs {}", source.name, join(missing, " "));
    return parameters;
}

} // namespace quire::store
