// What cgit, Gitea, Forgejo and soft-serve say of their repositories.
#include <map>

#include "base/strings.h"
#include "forge/import.h"
#include "sys/file.h"

namespace quire::forge {

/// Takes a repository up once; the one that a database or a cgitrc speaks of comes first.
static void add_unless_known(ImportSurvey& survey, ImportCandidate one)
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

static bool is_true(const text::Data& row, std::string_view key) { return row.integer_or(key, 0) != 0; }

static void survey_deploy_keys(const std::string& database, const std::map<int64_t, std::string>& names,
                               ImportSurvey& survey)
{
    auto rows =
        ask_database(database, "SELECT d.repo_id, d.mode, d.name, k.content FROM deploy_key d JOIN public_key k "
                               "ON k.id = d.key_id ORDER BY d.id");
    if (!rows)
        return survey.notes.push_back("deploy keys: " + rows.error().message);
    for (const text::Data& row : *rows) {
        std::string title = row.string_or("name", "");
        auto repository = names.find(row.integer_or("repo_id", 0));
        auto key = store::parse_public_key(row.string_or("content", ""));
        if (!key || repository == names.end()) {
            survey.notes.push_back(
                fmt::format("deploy key '{}': {}", title, key ? "its repository is not there" : key.error().message));
            continue;
        }
        constexpr int64_t may_write = 2;
        std::string name = "deploy-" + to_lower(repository->second);
        for (char& c : name)
            if (c == '/')
                c = '.';
        survey.keys.push_back({.name = name,
                               .key = *key,
                               .only_reads = row.integer_or("mode", 0) < may_write,
                               .only = std::vector{repository->second}});
    }
}

Result<void> survey_gitea(const std::string& database, const std::string& repositories, ImportSurvey& survey)
{
    if (repositories.empty())
        return fail(ErrorKind::not_found, "{} is there, but its directory of repositories is not beside it", database);
    std::map<int64_t, std::string> names;
    auto rows =
        ask_database(database, "SELECT id, owner_name, name, description, default_branch, is_private, is_mirror, "
                               "is_archived FROM repository ORDER BY id");
    if (!rows)
        survey.notes.push_back("all repositories become private: " + rows.error().message);
    for (const text::Data& row : std::move(rows).value_or({})) {
        std::string name = row.string_or("owner_name", "") + "/" + row.string_or("name", "");
        ImportCandidate one{.path = repositories + "/" + to_lower(name) + ".git", .wanted = name};
        one.description = description_of(row.string_or("description", ""), one.notes);
        one.is_private = is_true(row, "is_private");
        one.default_branch = row.string_or("default_branch", "");
        if (is_true(row, "is_mirror"))
            one.notes.emplace_back("was a mirror of another forge, and is not brought up to date here");
        if (is_true(row, "is_archived"))
            one.notes.emplace_back("was archived there: quire freeze");
        if (name.find("..") != std::string::npos || split(name, '/').size() != 2)
            continue;
        names[row.integer_or("id", 0)] = name;
        add_unless_known(survey, std::move(one));
    }
    for (const std::string& below : find_bare_repositories(repositories, survey.notes)) {
        ImportCandidate one{.path = repositories + "/" + below, .wanted = below};
        one.notes.emplace_back("the database does not know it, so it becomes private");
        add_unless_known(survey, std::move(one));
    }
    survey_deploy_keys(database, names, survey);
    survey.notes.emplace_back("users, their keys, issues, releases and LFS objects are left behind");
    return {};
}

Result<void> survey_soft_serve(const std::string& path, ImportSurvey& survey)
{
    std::string repositories = path + "/repos";
    auto rows = ask_database(path + "/soft-serve.db",
                             "SELECT name, description, private, mirror, hidden FROM repos ORDER BY id");
    if (!rows)
        survey.notes.push_back("all repositories become private: " + rows.error().message);
    for (const text::Data& row : std::move(rows).value_or({})) {
        std::string name = row.string_or("name", "");
        if (name.empty() || name.find("..") != std::string::npos)
            continue;
        ImportCandidate one{.path = repositories + "/" + name + ".git", .wanted = name};
        one.description = description_of(row.string_or("description", ""), one.notes);
        one.is_private = is_true(row, "private") || is_true(row, "hidden");
        if (is_true(row, "mirror"))
            one.notes.emplace_back("was a mirror of another forge, and is not brought up to date here");
        add_unless_known(survey, std::move(one));
    }
    for (const std::string& below : find_bare_repositories(repositories, survey.notes)) {
        ImportCandidate one{.path = repositories + "/" + below, .wanted = below};
        one.notes.emplace_back("the database does not know it, so it becomes private");
        add_unless_known(survey, std::move(one));
    }
    survey.notes.emplace_back("users and their keys are left behind: quire key add");
    return {};
}

} // namespace quire::forge
