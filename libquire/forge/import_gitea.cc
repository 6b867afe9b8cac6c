// Gitea and Forgejo: repositories as files, and all about them in a database. Only one of sqlite3's is read.
//
// A repository was shown to everybody if it is not private, its owner is public, and nobody had to sign in. A user's
// key gets what the user could do with code: as owner, collaborator or member of teams. Gitea keeps a table of the
// highest access of each user, but that counts teams which only see issues, too, so it is not asked.
#include <map>

#include "base/strings.h"
#include "forge/import.h"
#include "store/authorized_keys.h"
#include "sys/file.h"

namespace quire::forge {

using Names = std::map<int64_t, std::string>; ///< of repositories, by Gitea's number
constexpr int64_t may_write = 2;              ///< among Gitea's access modes

static bool is_true(const text::Data& row, std::string_view key) { return row.integer_or(key, 0) != 0; }

static void survey_deploy_keys(const std::string& database, const Names& names, ImportSurvey& survey)
{
    auto rows = ask_database(database, {"repo_id", "mode", "name", "content"},
                             "SELECT d.repo_id, d.mode, d.name, k.content FROM deploy_key d JOIN public_key k "
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

static Result<std::map<int64_t, ImportAccess>> read_access(const std::string& database, const Names& names)
{
    std::map<int64_t, ImportAccess> access;
    auto rows =
        TRY(ask_database(database, {"who", "repo", "mode"},
                         "SELECT who, repo, MAX(mode) AS mode FROM ("
                         " SELECT owner_id AS who, id AS repo, 4 AS mode FROM repository"
                         " UNION ALL SELECT user_id, repo_id, mode FROM collaboration"
                         " UNION ALL SELECT m.uid, r.repo_id,"
                         "  CASE WHEN t.authorize >= 3 THEN t.authorize ELSE COALESCE(c.access_mode, 0) END"
                         "  FROM team_user m JOIN team t ON t.id = m.team_id JOIN team_repo r ON r.team_id = t.id"
                         "  LEFT JOIN team_unit c ON c.team_id = t.id AND c.type = 1"
                         ") WHERE mode > 0 GROUP BY who, repo"));
    for (const text::Data& row : rows)
        if (auto name = names.find(row.integer_or("repo", 0)); name != names.end())
            access[row.integer_or("who", 0)][name->second] = row.integer_or("mode", 0) >= may_write;
    return access;
}

static Result<void> take_users_keys(const std::string& database, const Names& names, ImportSurvey& survey)
{
    auto access = TRY(read_access(database, names));
    auto rows = TRY(ask_database(database, {"id", "name", "is_admin", "content"},
                                 "SELECT u.id, u.name, u.is_admin, k.content FROM public_key k "
                                 "JOIN user u ON u.id = k.owner_id WHERE k.type = 1 AND u.type = 0 AND "
                                 "u.is_active = 1 AND u.prohibit_login = 0 ORDER BY k.id"));
    for (const text::Data& row : rows) {
        ImportUser user{row.string_or("name", ""), is_true(row, "is_admin"), access[row.integer_or("id", 0)]};
        take_user_key(user, row.string_or("content", ""), survey);
    }
    return {};
}

/// What sshd was told of keys; the database alone says what each may do.
static size_t count_key_lines(const std::string& path)
{
    auto top = sys::open_directory(AT_FDCWD, path);
    size_t count = 0;
    for (const char* home : {"git/", "", "home/"}) {
        std::string place = fmt::format("{}{}/{}", home, store::authorized_keys_directory, store::authorized_keys_name);
        std::string text = top ? read_stranger(top->get(), place) : "";
        for (std::string_view line : split(text, '\n'))
            count += line.starts_with("command=") && line.find(" serv key-") != std::string_view::npos;
    }
    return count;
}

static bool must_sign_in(const std::string& path)
{
    auto top = sys::open_directory(AT_FDCWD, path);
    for (const char* place : {"gitea/conf/app.ini", "custom/conf/app.ini", "conf/app.ini", "app.ini"}) {
        std::string text = top ? to_lower(read_stranger(top->get(), place)) : "";
        for (std::string_view line : split(text, '\n')) {
            std::string_view key = trim(take_until(line, '='));
            if (key == "require_signin_view" && trim(line) != "false")
                return true;
        }
    }
    return false;
}

static Result<Names> read_repositories(const std::string& database, const std::string& repositories, bool all_private,
                                       ImportSurvey& survey)
{
    Names names;
    auto rows = TRY(ask_database(
        database,
        {"id", "owner_name", "name", "description", "default_branch", "is_mirror", "is_archived", "is_private"},
        "SELECT r.id, r.owner_name, r.name, r.description, r.default_branch, r.is_mirror, r.is_archived, "
        "(COALESCE(r.is_private, 1) <> 0 OR COALESCE(u.visibility, 1) <> 0) AS is_private FROM repository r "
        "JOIN user u ON u.id = r.owner_id ORDER BY r.id"));
    for (const text::Data& row : rows) {
        std::string name = row.string_or("owner_name", "") + "/" + row.string_or("name", "");
        ImportCandidate one{.path = repositories + "/" + to_lower(name) + ".git", .wanted = name};
        one.description = description_of(row.string_or("description", ""), one.notes);
        one.is_private = all_private || is_true(row, "is_private");
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
    return names;
}

Result<void> survey_gitea(const std::string& path, const std::string& database, const std::string& repositories,
                          ImportSurvey& survey)
{
    if (repositories.empty())
        return fail(ErrorKind::not_found, "{} is of Gitea or Forgejo, but no directory of repositories is in it", path);
    bool all_private = must_sign_in(path);
    if (all_private)
        survey.notes.emplace_back("all repositories become private: one had to sign in to see any");
    auto names = database.empty()
                     ? Result<Names>(fail(ErrorKind::not_found, "there is no database of sqlite3 in {}", path))
                     : read_repositories(database, repositories, all_private, survey);
    if (!names)
        survey.notes.push_back("all repositories become private: " + names.error().message);
    for (const std::string& below : find_bare_repositories(repositories, survey.notes)) {
        ImportCandidate one{.path = repositories + "/" + below, .wanted = below};
        one.notes.emplace_back("the database does not know it, so it becomes private");
        add_unless_known(survey, std::move(one));
    }
    if (names)
        survey_deploy_keys(database, *names, survey);
    auto taken = names ? take_users_keys(database, *names, survey) : Result<void>(Unexpected(names.error()));
    if (size_t lines = taken ? 0 : count_key_lines(path); lines > 0 || (names && !taken))
        survey.notes.push_back(
            fmt::format("users' keys ({} lines of authorized_keys) are left behind, since what they may "
                        "do can't be told: {}; quire key add lets one in",
                        lines, taken.error().message));
    survey.notes.emplace_back("issues, releases and LFS objects are left behind");
    return {};
}

} // namespace quire::forge
