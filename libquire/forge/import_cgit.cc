// What cgit says of repositories.
#include "base/strings.h"
#include "forge/import.h"
#include "sys/file.h"

namespace quire::forge {

void add_unless_known(ImportSurvey& survey, ImportCandidate one)
{
    for (const ImportCandidate& known : survey.repositories)
        if (known.path == one.path)
            return;
    choose_name(one);
    survey.repositories.push_back(std::move(one));
}

/// cgit shows everything that it is pointed at, unless told to hide it.
static void scan_for_cgit(const std::string& directory, ImportSurvey& survey)
{
    for (const std::string& below : find_bare_repositories(directory, survey.notes)) {
        ImportCandidate one{.path = directory + "/" + below, .wanted = below, .is_private = false};
        auto repository = sys::open_directory(AT_FDCWD, one.path);
        if (!repository)
            continue;
        one.description = description_of(read_stranger(repository->get(), "description"), one.notes);
        std::string own = read_stranger(repository->get(), "cgitrc");
        for (std::string_view line : split(own, '\n')) {
            std::string_view value = line;
            std::string_view key = trim(take_until(value, '='));
            value = trim(value);
            if (key == "desc")
                one.description = description_of(value, one.notes);
            else if (key == "defbranch")
                one.default_branch = value;
            else if ((key == "hide" || key == "ignore") && value == "1")
                one.is_private = true;
        }
        add_unless_known(survey, std::move(one));
    }
}

Result<void> survey_cgitrc(const std::string& path, ImportSurvey& survey)
{
    std::string text = TRY(sys::read_file(AT_FDCWD, path, 4u << 20));
    std::vector<std::string> scanned;
    std::vector<ImportCandidate> listed;
    for (std::string_view line : split(text, '\n')) {
        line = trim(line);
        if (line.empty() || line[0] == '#')
            continue;
        std::string_view value = line;
        std::string_view key = trim(take_until(value, '='));
        value = trim(value);
        if (key == "scan-path")
            scanned.emplace_back(value);
        else if (key == "include")
            survey.notes.push_back(fmt::format("{} includes {}, which is not read: name it too", path, value));
        else if (key == "repo.url")
            listed.push_back({.path = "", .wanted = std::string(value), .is_private = false});
        else if (!key.starts_with("repo.") || listed.empty())
            continue;
        else if (key == "repo.path")
            listed.back().path = sys::real_path(std::string(value)).value_or(std::string(value));
        else if (key == "repo.desc")
            listed.back().description = description_of(value, listed.back().notes);
        else if (key == "repo.defbranch")
            listed.back().default_branch = value;
        else if ((key == "repo.hide" || key == "repo.ignore") && value == "1")
            listed.back().is_private = true;
    }
    for (ImportCandidate& one : listed)
        if (!one.path.empty())
            add_unless_known(survey, std::move(one));
    for (const std::string& directory : scanned)
        scan_for_cgit(sys::real_path(directory).value_or(directory), survey);
    return {};
}

} // namespace quire::forge
