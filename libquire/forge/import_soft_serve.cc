// soft-serve: repositories as files, and all about them in a database of sqlite3's.
#include "base/strings.h"
#include "forge/import.h"

namespace quire::forge {

static bool is_true(const text::Data& row, std::string_view key) { return row.integer_or(key, 0) != 0; }

/// Whether somebody without a key saw anything.
static Result<bool> shows_to_strangers(const std::string& database)
{
    auto rows = TRY(ask_database(database, {"closed"},
                                 "SELECT COUNT(*) AS closed FROM settings WHERE "
                                 "(key = 'anon_access' AND value = 'no-access') OR "
                                 "(key = 'allow_keyless' AND value IN ('false', '0'))"));
    return !rows.empty() && rows[0].integer_or("closed", 1) == 0;
}

static Result<void> read_repositories(const std::string& database, const std::string& repositories,
                                      ImportSurvey& survey)
{
    bool is_open = TRY(shows_to_strangers(database));
    if (!is_open)
        survey.notes.emplace_back("all repositories become private: who had no key saw none");
    auto rows = TRY(ask_database(database, {"name", "description", "private", "mirror", "hidden"},
                                 "SELECT name, description, private, mirror, hidden FROM repos ORDER BY id"));
    for (const text::Data& row : rows) {
        std::string name = row.string_or("name", "");
        if (name.empty() || name.find("..") != std::string::npos)
            continue;
        ImportCandidate one{.path = repositories + "/" + name + ".git", .wanted = name};
        one.description = description_of(row.string_or("description", ""), one.notes);
        one.is_private = !is_open || is_true(row, "private") || is_true(row, "hidden");
        if (is_true(row, "mirror"))
            one.notes.emplace_back("was a mirror of another forge, and is not brought up to date here");
        add_unless_known(survey, std::move(one));
    }
    return {};
}

static Result<void> take_keys(const std::string& database, ImportSurvey& survey)
{
    constexpr int64_t may_write = 2; // among its access levels
    auto rights = TRY(ask_database(database, {"who", "name", "level"},
                                   "SELECT c.user_id AS who, r.name, c.access_level AS level FROM collabs c "
                                   "JOIN repos r ON r.id = c.repo_id WHERE c.access_level > 0 "
                                   "UNION ALL SELECT user_id, name, 3 FROM repos"));
    std::map<int64_t, ImportAccess> access;
    for (const text::Data& row : rights) {
        bool& may_push = access[row.integer_or("who", 0)][row.string_or("name", "")];
        may_push = may_push || row.integer_or("level", 0) >= may_write;
    }
    auto rows = TRY(ask_database(database, {"id", "username", "admin", "public_key"},
                                 "SELECT u.id, u.username, u.admin, k.public_key FROM public_keys k "
                                 "JOIN users u ON u.id = k.user_id ORDER BY k.id"));
    for (const text::Data& row : rows) {
        ImportUser user{row.string_or("username", ""), is_true(row, "admin"), access[row.integer_or("id", 0)]};
        take_user_key(user, row.string_or("public_key", ""), survey);
    }
    return {};
}

Result<void> survey_soft_serve(const std::string& path, ImportSurvey& survey)
{
    std::string repositories = path + "/repos";
    std::string database = path + "/soft-serve.db";
    auto read = read_repositories(database, repositories, survey);
    if (!read)
        survey.notes.push_back("all repositories become private: " + read.error().message);
    for (const std::string& below : find_bare_repositories(repositories, survey.notes)) {
        ImportCandidate one{.path = repositories + "/" + below, .wanted = below};
        one.notes.emplace_back("the database does not know it, so it becomes private");
        add_unless_known(survey, std::move(one));
    }
    if (auto taken = read ? take_keys(database, survey) : Result<void>(); !taken)
        survey.notes.push_back("keys are left behind: " + taken.error().message);
    return {};
}

} // namespace quire::forge
