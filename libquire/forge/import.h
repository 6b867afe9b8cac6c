// Moving in: finds the bare repositories of another forge, and takes them over as they are.
//
// survey() reads only, and never runs git in what it finds: everything there may be hostile. adopt() makes a repository
// of quire's own (forge/create.h: under a temporary name, then one rename), with the refs that it has read itself, and
// links to the object files. Nothing else comes along: no hook, no config, no alternates. Git checks the result for
// missing objects before it gets its name. What can't be taken is said, and everything else goes on.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "forge/installation.h"
#include "store/public_key.h"
#include "store/root.h"
#include "text/data.h"

namespace quire::forge {

struct ImportCandidate {
    std::string path;                    ///< absolute
    std::string wanted;                  ///< its name there
    std::optional<store::RepoName> name; ///< its name here; none: see `fault`
    std::string description;
    bool is_private = true;     ///< unless the other forge showed it to everybody
    std::string default_branch; ///< "": what its HEAD says
    std::string fault;          ///< why it can't be taken
    std::vector<std::string> notes;
};

/// A key that could log in there. It gets no more here than it had.
struct ImportKey {
    std::string name;
    store::PublicKey key;
    bool only_reads = false;
    std::optional<std::vector<std::string>> only; ///< names there; nullopt: everything
    std::vector<std::string> notes;
};

struct ImportSurvey {
    std::string kind; ///< "repository", "directory", "gitolite", "cgit", "gitea" or "soft-serve"
    std::vector<ImportCandidate> repositories;
    std::vector<ImportKey> keys;
    std::vector<std::string> notes;
};

/// `path` is a repository, a directory with some below, a data directory of one of these forges, or a cgitrc.
Result<ImportSurvey> survey_import(const std::string& path);

enum class ImportEnd { taken, there, failed };

struct ImportOutcome {
    ImportEnd end;
    std::string text; ///< how, or why not
    size_t refs = 0;
    size_t copied = 0; ///< files that could not be linked
    std::vector<std::string> notes;
};

enum class ImportWay { link, move, dry_run };

/// move: the source is deleted afterwards, if it is on the same file system, and only if all that its refs name is
/// here.
ImportOutcome adopt(const store::Root& root, const Installation& installation, const ImportCandidate& candidate,
                    ImportWay way);

// ---- parts, private to forge/

/// Reads a small file of a stranger's: regular, no symlink, at most a megabyte; "" if there is none.
std::string read_stranger(int directory, const std::string& path);
/// The first line, if it can be a description here; git's own default is none.
std::string description_of(std::string_view text, std::vector<std::string>& notes);
/// That of a repository: in its file, or else in its config, where gitolite puts it for gitweb.
std::string description_in(int repository, std::vector<std::string>& notes);
/// Whether this is a bare repository, or looks like one.
bool is_bare_repository(int directory, const std::string& path);
/// All repositories below a directory, by their paths relative to it.
std::vector<std::string> find_bare_repositories(const std::string& directory, std::vector<std::string>& notes);
/// The name here for one there: ".git" off, what is deeper than one group joined with dashes.
void choose_name(ImportCandidate& candidate);

/// What a user may do there with each repository, by its name there: true to push.
using ImportAccess = std::map<std::string, bool>;
/// A key with no more rights than that. Keys know one thing for all their repositories: so it is to push where the user
/// could, or else to read.
ImportKey limited_key(const std::string& user, const store::PublicKey& public_key, const ImportAccess& access);

struct ImportUser {
    std::string name;
    bool is_admin = false;
    ImportAccess access;
};
/// One of the user's keys, as a line of text. What can't be taken becomes a note.
void take_user_key(const ImportUser& user, const std::string& line, ImportSurvey& survey);

/// Takes a repository up once; the one that a database or a cgitrc speaks of comes first.
void add_unless_known(ImportSurvey& survey, ImportCandidate one);

Result<void> survey_gitolite(const std::string& path, ImportSurvey& survey);
Result<void> survey_cgitrc(const std::string& path, ImportSurvey& survey);
/// `database` is "" if it is not one of sqlite3's. `path` is where the forge's settings and keys may be, too.
Result<void> survey_gitea(const std::string& path, const std::string& database, const std::string& repositories,
                          ImportSurvey& survey);
Result<void> survey_soft_serve(const std::string& path, ImportSurvey& survey);
/// Asks sqlite3 for rows, of which each is a table of these columns. Needs that program.
Result<text::Data::Sequence> ask_database(const std::string& path, const std::vector<std::string>& columns,
                                          const std::string& question);

} // namespace quire::forge
