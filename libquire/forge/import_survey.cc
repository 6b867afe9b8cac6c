// survey_import of forge/import.h: what kind of place it is, and what lies in plain directories.
#include <algorithm>

#include "base/log.h"
#include "base/strings.h"
#include "forge/import.h"
#include "sys/file.h"
#include "sys/process.h"
#include "text/json.h"

namespace quire::forge {

std::string read_stranger(int directory, const std::string& path)
{
    auto file = sys::open_regular(directory, path, O_NOFOLLOW);
    if (!file)
        return "";
    constexpr size_t most = 1u << 20;
    return sys::read_at(file->get(), 0, most).value_or("");
}

std::string description_of(std::string_view text, std::vector<std::string>& notes)
{
    std::string_view line = trim(take_until(text, '\n'));
    if (line.starts_with("Unnamed repository"))
        return "";
    constexpr size_t most = 500;
    if (line.size() > most || !is_printable_utf8(line)) {
        notes.emplace_back("its description is too long or not printable, and was left out");
        return "";
    }
    return std::string(line);
}

/// gitweb.description of a config that git wrote; nothing is included.
static std::string gitweb_description(std::string_view config)
{
    bool is_gitweb = false;
    for (std::string_view line : split(config, '\n')) {
        line = trim(line);
        if (line.starts_with('['))
            is_gitweb = to_lower(line) == "[gitweb]";
        std::string_view key = trim(take_until(line, '='));
        if (!is_gitweb || to_lower(key) != "description")
            continue;
        std::string value;
        line = trim(line);
        for (size_t i = 0; i < line.size(); i++)
            if (line[i] == '\\' && i + 1 < line.size())
                value += line[++i];
            else if (line[i] != '"')
                value += line[i];
        return value;
    }
    return "";
}

std::string description_in(int repository, std::vector<std::string>& notes)
{
    std::string description = description_of(read_stranger(repository, "description"), notes);
    return description.empty() ? description_of(gitweb_description(read_stranger(repository, "config")), notes)
                               : description;
}

bool is_bare_repository(int directory, const std::string& path)
{
    auto opened = sys::open_at(directory, path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
    if (!opened)
        return false;
    auto is = [&](const char* name, mode_t kind) {
        auto status = sys::stat_at(opened->get(), name);
        return status && *status && ((*status)->st_mode & S_IFMT) == kind;
    };
    return is("HEAD", S_IFREG) && is("objects", S_IFDIR) && is("refs", S_IFDIR);
}

static void find_below(int top, const std::string& at, int depth, std::vector<std::string>& found,
                       std::vector<std::string>& notes)
{
    constexpr int deepest = 6;
    auto opened = sys::open_at(top, at.empty() ? "." : at, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
    if (!opened)
        return;
    auto names = sys::list_directory(opened->get(), ".");
    if (!names) {
        notes.push_back(names.error().message);
        return;
    }
    for (const std::string& name : *names) {
        std::string below = at.empty() ? name : at + "/" + name;
        auto status = sys::stat_at(opened->get(), name);
        if (!status || !*status)
            continue;
        if (S_ISLNK((*status)->st_mode) && name.ends_with(".git"))
            notes.push_back(below + " is a symlink, and was not followed");
        if (!S_ISDIR((*status)->st_mode) || (name.starts_with('.') && name != ".git"))
            continue;
        if (is_bare_repository(opened->get(), name))
            found.push_back(below);
        else if (depth < deepest)
            find_below(top, below, depth + 1, found, notes);
    }
}

std::vector<std::string> find_bare_repositories(const std::string& directory, std::vector<std::string>& notes)
{
    std::vector<std::string> found;
    auto top = sys::open_directory(AT_FDCWD, directory);
    if (top)
        find_below(top->get(), "", 0, found, notes);
    return found;
}

void choose_name(ImportCandidate& candidate)
{
    std::string_view there = candidate.wanted;
    strip_suffix(there, "/.git");
    strip_suffix(there, ".git");
    std::string name(there);
    size_t group = name.find('/');
    if (group != std::string::npos)
        std::replace(name.begin() + static_cast<ptrdiff_t>(group) + 1, name.end(), '/', '-');
    auto chosen = store::RepoName::parse(name);
    if (!chosen) {
        candidate.fault = chosen.error().message;
        return;
    }
    if (name != there)
        candidate.notes.push_back(fmt::format("{} is called {} here: there is one level of groups", there, name));
    candidate.name = std::move(*chosen);
}

ImportKey limited_key(const std::string& user, const store::PublicKey& public_key, const ImportAccess& access)
{
    ImportKey key{.name = user, .key = public_key};
    std::vector<std::string> pushes, reads;
    for (const auto& [repository, may_push] : access)
        (may_push ? pushes : reads).push_back(repository);
    key.only_reads = pushes.empty();
    if (!pushes.empty() && !reads.empty())
        key.notes.push_back(
            fmt::format("could also read {}, which a key that pushes elsewhere can't here", join(reads, ", ")));
    key.only = pushes.empty() ? reads : pushes;
    return key;
}

void take_user_key(const ImportUser& user, const std::string& line, ImportSurvey& survey)
{
    auto key = store::parse_public_key(line);
    if (!key)
        survey.notes.push_back(fmt::format("a key of {}: {}", user.name, key.error().message));
    else if (user.is_admin)
        survey.keys.push_back({.name = user.name, .key = *key});
    else if (user.access.empty())
        survey.notes.push_back(fmt::format("a key of {} is for no repository, and is left behind", user.name));
    else
        survey.keys.push_back(limited_key(user.name, *key, user.access));
}

/// Repositories without anybody to say more of them: public is what git-daemon was told to export.
static void survey_directory(const std::string& path, ImportSurvey& survey)
{
    for (const std::string& below : find_bare_repositories(path, survey.notes)) {
        ImportCandidate one{.path = path + "/" + below, .wanted = below};
        choose_name(one);
        auto repository = sys::open_directory(AT_FDCWD, one.path);
        if (repository) {
            one.description = description_in(repository->get(), one.notes);
            one.is_private = !sys::exists(repository->get(), "git-daemon-export-ok");
        }
        survey.repositories.push_back(std::move(one));
    }
}

static std::string first_that_exists(const std::string& path, std::initializer_list<const char*> names)
{
    for (const char* name : names)
        if (sys::exists(AT_FDCWD, path + "/" + name))
            return path + "/" + name;
    return "";
}

/// By its database or, where that is elsewhere, by its own name for the directory of repositories, or its settings.
static bool is_gitea(const std::string& path)
{
    return !first_that_exists(path,
                              {"gitea/gitea.db", "gitea/forgejo.db", "data/gitea.db", "data/forgejo.db", "gitea.db",
                               "forgejo.db", "gitea/conf/app.ini", "git/gitea-repositories", "data/gitea-repositories",
                               "data/forgejo-repositories", "gitea-repositories", "forgejo-repositories"})
                .empty();
}

Result<ImportSurvey> survey_import(const std::string& given)
{
    std::string path = TRY(sys::real_path(given));
    ImportSurvey survey;
    auto status = TRY(sys::stat_at(AT_FDCWD, path));
    if (status && S_ISREG(status->st_mode)) {
        survey.kind = "cgit";
        TRY(survey_cgitrc(path, survey));
    } else if (is_bare_repository(AT_FDCWD, path)) {
        survey.kind = "repository";
        size_t slash = path.rfind('/');
        std::string parent = path.substr(0, slash);
        ImportSurvey all;
        survey_directory(parent, all);
        for (ImportCandidate& one : all.repositories)
            if (one.path == path)
                survey.repositories.push_back(std::move(one));
    } else if (std::string database = first_that_exists(path, {"soft-serve.db"}); !database.empty()) {
        survey.kind = "soft-serve";
        TRY(survey_soft_serve(path, survey));
    } else if (is_gitea(path)) {
        survey.kind = "gitea";
        TRY(survey_gitea(path,
                         first_that_exists(path, {"gitea/gitea.db", "gitea/forgejo.db", "data/gitea.db",
                                                  "data/forgejo.db", "gitea.db", "forgejo.db"}),
                         first_that_exists(path, {"git/repositories", "git/gitea-repositories",
                                                  "data/gitea-repositories", "data/forgejo-repositories",
                                                  "gitea-repositories", "forgejo-repositories", "repositories"}),
                         survey));
    } else if (sys::exists(AT_FDCWD, path + "/repositories/gitolite-admin.git") ||
               sys::exists(AT_FDCWD, path + "/.gitolite")) {
        survey.kind = "gitolite";
        TRY(survey_gitolite(path, survey));
    } else {
        survey.kind = "directory";
        survey_directory(path, survey);
    }
    if (survey.repositories.empty())
        return fail(ErrorKind::not_found,
                    "{}: there is no bare repository in it, and it is no data directory of "
                    "gitolite, cgit, Gitea, Forgejo or soft-serve that quire knows",
                    visible(given));
    return survey;
}

Result<text::Data::Sequence> ask_database(const std::string& path, const std::vector<std::string>& columns,
                                          const std::string& question)
{
    // The database makes the JSON. What the program makes with -json lacks backslashes in some versions (3.46).
    std::string pairs;
    for (const std::string& column : columns)
        pairs += fmt::format("{}'{}', {}", pairs.empty() ? "" : ", ", column, column);
    std::string rows = fmt::format("SELECT json_group_array(json_object({})) FROM ({})", pairs, question);
    auto said =
        sys::run_ok({.argv = {"sqlite3", "-batch", "-init", "/dev/null", "-safe", "-readonly", "-list", path, rows}},
                    {.timeout = 60 * nanoseconds_per_second});
    if (!said)
        return with_context(std::move(said).error(), "reading " + path + " with the program sqlite3");
    text::Data data = TRY(text::read_json(trim(*said), path));
    if (!data.sequence())
        return fail(ErrorKind::invalid, "{}: sqlite3 did not answer with rows", path);
    return std::move(*data.sequence());
}

} // namespace quire::forge
