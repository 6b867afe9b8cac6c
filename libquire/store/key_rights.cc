#include "store/key_rights.h"

#include <algorithm>

#include "base/strings.h"

namespace quire::store {

bool is_pusher_name(std::string_view name)
{
    return !name.empty() && name.size() <= max_pusher_bytes && is_printable_utf8(name);
}

bool KeyRights::reaches(const RepoName& repository) const
{
    return !only || std::find(only->begin(), only->end(), repository) != only->end();
}

bool is_right(std::string_view option) { return option == "--pusher" || option == "--may" || option == "--only"; }

Result<void> set_right(KeyRights& rights, std::vector<std::string>& given, const std::string& option,
                       const std::string& value)
{
    if (std::find(given.begin(), given.end(), option) != given.end())
        return fail(ErrorKind::usage, "{} is given twice", option);
    if (value.empty())
        return fail(ErrorKind::usage, "{} is empty", option);
    given.push_back(option);
    if (option == "--pusher") {
        if (!is_pusher_name(value))
            return fail(ErrorKind::usage, "--pusher must be printable and at most {} bytes", max_pusher_bytes);
        rights.name = value;
    } else if (option == "--may") {
        if (value != "read")
            return fail(ErrorKind::usage, "--may is followed by read, or left out");
        rights.only_reads = true;
    } else {
        rights.only.emplace();
        for (std::string_view one : split(value, ',')) {
            auto name = RepoName::parse(one);
            if (!name)
                return fail(ErrorKind::usage, "--only: {}", name.error().message);
            rights.only->push_back(TRY(std::move(name)));
        }
    }
    return {};
}

static std::string list_of(const std::vector<RepoName>& names, std::string_view separator)
{
    std::vector<std::string> words;
    for (const RepoName& name : names)
        words.push_back(name.str());
    return join(words, separator);
}

std::vector<std::string> to_options(const KeyRights& rights)
{
    std::vector<std::string> words;
    if (!rights.name.empty())
        words.insert(words.end(), {"--pusher", rights.name});
    if (rights.only_reads)
        words.insert(words.end(), {"--may", "read"});
    if (rights.only)
        words.insert(words.end(), {"--only", list_of(*rights.only, ",")});
    return words;
}

std::string describe(const KeyRights& rights)
{
    if (!rights.has_bounds())
        return "everything";
    return fmt::format("{} {}", rights.only_reads ? "reads" : "reads and pushes to",
                       rights.only ? list_of(*rights.only, ", ") : std::string("every repository"));
}

} // namespace quire::store
