// adopt() of forge/import.h: one repository of another forge becomes one of quire's own.
#include <algorithm>
#include <map>

#include "base/strings.h"
#include "forge/create.h"
#include "forge/fsck.h"
#include "forge/import.h"
#include "git/git.h"
#include "git/ref_name.h"
#include "sys/file.h"
#include "sys/link.h"

namespace quire::forge {

namespace {

constexpr int64_t most_time = 6 * 3600 * nanoseconds_per_second;

bool is_id(std::string_view text)
{
    constexpr size_t sha1_digits = 40;
    return text.size() == sha1_digits && from_hex(text).has_value();
}

/// A stranger's repository: looked at name by name, without following symlinks, and never given to git.
class Source {
public:
    static Result<Source> open(const std::string& path)
    {
        UniqueFd fd = TRY(sys::open_at(AT_FDCWD, path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW));
        Source source(path, std::move(fd));
        TRY(source.check());
        TRY(source.read_refs());
        return source;
    }

    std::string path;
    UniqueFd fd;
    std::map<std::string, std::string> refs; ///< full name → id
    std::string head;                        ///< the branch; "": none
    std::vector<std::string> notes;

private:
    Source(std::string where, UniqueFd opened) : path(std::move(where)), fd(std::move(opened)) {}

    Result<void> check()
    {
        if (!is_bare_repository(AT_FDCWD, path))
            return fail(ErrorKind::invalid, "it is no bare repository: HEAD, objects and refs are not all there");
        std::string config = to_lower(read_stranger(fd.get(), "config"));
        std::erase_if(config, [](char c) { return c == ' ' || c == '\t' || c == '"'; });
        if (config.find("objectformat=sha256") != std::string::npos)
            return fail(ErrorKind::refused, "it has SHA-256 object ids, which quire does not read");
        if (config.find("refstorage=") != std::string::npos && config.find("refstorage=files") == std::string::npos)
            return fail(ErrorKind::refused, "its refs are no files: git refs migrate --ref-format=files there first");
        if (config.find("partialclone") != std::string::npos || sys::exists(fd.get(), "shallow"))
            return fail(ErrorKind::refused, "it is a shallow or partial clone: git fetch --unshallow there first");
        for (const char* borrowed : {"objects/info/alternates", "objects/info/http-alternates"})
            if (sys::exists(fd.get(), borrowed))
                return fail(ErrorKind::refused,
                            "it borrows objects from elsewhere ({}): git repack -a -d there, and "
                            "remove that file, first",
                            borrowed);
        std::vector<std::string> hooks;
        for (const std::string& hook : sys::list_directory(fd.get(), "hooks").value_or({}))
            if (!hook.ends_with(".sample"))
                hooks.push_back(hook.substr(0, 40));
        if (!hooks.empty())
            notes.push_back(fmt::format("its hooks are left behind: {}", join(hooks, ", ")));
        if (sys::exists(fd.get(), "lfs"))
            notes.emplace_back("its LFS objects are left behind");
        std::string text = read_stranger(fd.get(), "HEAD");
        std::string_view target = trim(text);
        if (strip_prefix(target, "ref: refs/heads/"))
            head = target;
        return {};
    }

    void take_ref(std::string_view name, std::string_view id)
    {
        if (name.starts_with("refs/quire/"))
            return;
        if (!git::RefName::parse(name) || !is_id(id))
            notes.push_back(fmt::format("the ref {} is left behind: quire can't record it", name.substr(0, 100)));
        else
            refs[std::string(name)] = id;
    }

    Result<void> read_refs()
    {
        auto packed = sys::open_regular(fd.get(), "packed-refs", O_NOFOLLOW);
        if (packed) {
            std::string text = TRY(sys::read_all(packed->get(), 512u << 20, "packed-refs"));
            for (std::string_view rest = text; !rest.empty();) {
                std::string_view line = take_until(rest, '\n');
                if (line.empty() || line[0] == '#' || line[0] == '^')
                    continue;
                std::string_view id = take_until(line, ' ');
                take_ref(line, id);
            }
        } else if (packed.error().kind != ErrorKind::not_found) {
            return Unexpected(std::move(packed).error());
        }
        return read_loose("refs", 0);
    }

    Result<void> read_loose(const std::string& at, int depth)
    {
        constexpr int deepest = 20;
        UniqueFd directory = TRY(sys::open_at(fd.get(), at, O_RDONLY | O_DIRECTORY | O_NOFOLLOW));
        for (const std::string& name : TRY(sys::list_directory(directory.get(), "."))) {
            auto status = TRY(sys::stat_at(directory.get(), name));
            std::string full = at + "/" + name;
            if (status && S_ISDIR(status->st_mode) && depth < deepest)
                TRY(read_loose(full, depth + 1));
            else if (status && S_ISREG(status->st_mode) && !name.ends_with(".lock"))
                take_loose(full, read_stranger(directory.get(), name));
        }
        return {};
    }

    void take_loose(const std::string& name, std::string_view content)
    {
        if (content.starts_with("ref: "))
            notes.push_back(fmt::format("the symbolic ref {} is left behind", name.substr(0, 100)));
        else
            take_ref(name, trim(content));
    }
};

bool is_object_directory(std::string_view name) { return name.size() == 2 && from_hex(name).has_value(); }

bool is_loose_object(std::string_view name)
{
    constexpr size_t digits = 38;
    return name.size() == digits && from_hex(name).has_value();
}

bool is_pack_file(std::string_view name)
{
    if (!strip_prefix(name, "pack-") || name.find('.') == std::string_view::npos)
        return false;
    std::string_view id = take_until(name, '.');
    return is_id(id) && (name == "pack" || name == "idx" || name == "rev" || name == "bitmap" || name == "mtimes");
}

/// Objects and refs into a repository that has neither yet.
class Adoption {
public:
    Adoption(const Source& source, int target) : m_source(source), m_target(target) {}

    Result<void> run()
    {
        TRY(take_directory("objects/pack", is_pack_file));
        for (const std::string& name : TRY(sys::list_directory(m_source.fd.get(), "objects")))
            if (is_object_directory(name)) {
                TRY(sys::make_directory(m_target, "objects/" + name, 0750));
                TRY(take_directory("objects/" + name, is_loose_object));
            }
        std::string packed = "# pack-refs with: sorted \n";
        for (const auto& [name, id] : m_source.refs)
            packed += fmt::format("{} {}\n", id, name);
        UniqueFd file = TRY(sys::open_at(m_target, "packed-refs", O_WRONLY | O_CREAT | O_EXCL, 0640));
        TRY(sys::write_all(file.get(), packed));
        TRY(sys::close_checked(std::move(file), "packed-refs"));
        TRY(check());
        return sys::sync_filesystem(m_target, m_source.path);
    }

    size_t copied = 0;
    std::vector<std::string> notes;

private:
    Result<void> take_directory(const std::string& path, bool (*is_wanted)(std::string_view))
    {
        auto opened = sys::open_at(m_source.fd.get(), path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
        if (!opened && opened.error().kind == ErrorKind::not_found)
            return {};
        UniqueFd from = TRY(std::move(opened));
        UniqueFd to = TRY(sys::open_directory(m_target, path));
        for (const std::string& name : TRY(sys::list_directory(from.get(), "."))) {
            auto status = TRY(sys::stat_at(from.get(), name));
            if (!is_wanted(name) || !status)
                continue;
            if (!S_ISREG(status->st_mode)) { // whether it is missed is found out below
                notes.push_back(fmt::format("{}/{} is no regular file, and is left behind", path, name));
                continue;
            }
            if (TRY(sys::link_or_copy(from.get(), name, to.get(), name)) == sys::Taken::copied)
                copied++;
        }
        return {};
    }

    /// Git looks with quire's own settings, in quire's own repository: whether all that the refs need is there.
    Result<void> check()
    {
        auto said = TRY(git::run(m_target, {"fsck", "--connectivity-only", "--no-dangling", "--no-progress"},
                                 {.limit = 64u << 20, .timeout = most_time}));
        if (said.status == 0)
            return {};
        std::string text = said.err + said.out;
        for (std::string_view line : split(text, '\n'))
            if (names_fault(line))
                return fail(ErrorKind::invalid, "it is damaged: {}", line);
        return fail(ErrorKind::invalid, "it is damaged: git fsck ended with {}", said.status);
    }

    const Source& m_source;
    int m_target;
};

/// Whether everything that the source's refs name is in the repository of that name.
Result<bool> has_all(const store::Root& root, const store::RepoName& name, const Source& source)
{
    UniqueFd repository = TRY(root.open_repository(name));
    std::string asked;
    for (const auto& [ref, id] : source.refs)
        asked += id + "\n";
    std::string answers =
        TRY(git::run_ok(repository.get(), {"cat-file", "--batch-check=%(objectname)"}, {.input = asked}));
    return answers.find(" missing") == std::string::npos;
}

Result<void> remove_source(const store::Root& root, const store::RepoName& name, const Source& source)
{
    auto there = TRY(sys::stat_at(source.fd.get(), "."));
    auto here = TRY(sys::stat_at(root.fd(), store::paths::repositories));
    if (!there || !here || there->st_dev != here->st_dev)
        return fail(ErrorKind::refused, "it stays where it was: --move works on one file system only");
    if (!TRY(has_all(root, name, source)))
        return fail(ErrorKind::refused, "it stays where it was: not all that its refs name is here");
    return sys::remove_tree(AT_FDCWD, source.path);
}

Result<ImportOutcome> try_adopt(const store::Root& root, const Installation& installation,
                                const ImportCandidate& candidate, ImportWay way)
{
    Source source = TRY(Source::open(candidate.path));
    ImportOutcome outcome{.end = ImportEnd::taken, .text = {}, .refs = source.refs.size(), .notes = source.notes};
    const store::RepoName& name = *candidate.name;
    if (root.has_repository(name)) {
        outcome.end = ImportEnd::there;
        outcome.text = TRY(has_all(root, name, source)) ? "is here already"
                                                        : "a repository of this name is here, and is another one";
        if (outcome.text != "is here already")
            outcome.end = ImportEnd::failed;
    } else if (way != ImportWay::dry_run) {
        std::string branch = candidate.default_branch.empty() ? source.head : candidate.default_branch;
        if (branch.empty() || !git::RefName::from_branch(branch)) {
            outcome.notes.emplace_back("its HEAD names no branch that quire can record: main is the default branch");
            branch = "main";
        }
        NewRepository wanted{candidate.description, candidate.is_private, branch};
        TRY(create_repository(root, installation, name, wanted, [&](int target) -> Result<void> {
            Adoption adoption(source, target);
            TRY(adoption.run());
            outcome.copied = adoption.copied;
            outcome.notes.insert(outcome.notes.end(), adoption.notes.begin(), adoption.notes.end());
            return {};
        }));
    }
    if (way == ImportWay::move && outcome.end != ImportEnd::failed)
        if (auto moved = remove_source(root, name, source); !moved)
            outcome.notes.push_back(moved.error().message);
    return outcome;
}

} // namespace

ImportOutcome adopt(const store::Root& root, const Installation& installation, const ImportCandidate& candidate,
                    ImportWay way)
{
    if (!candidate.fault.empty() || !candidate.name)
        return {ImportEnd::failed, candidate.fault, 0, 0, {}};
    auto outcome = try_adopt(root, installation, candidate, way);
    if (!outcome)
        return {ImportEnd::failed, outcome.error().message, 0, 0, {}};
    return std::move(*outcome);
}

} // namespace quire::forge
