#include "forge/fill_workspace.h"

#include <algorithm>

#include "base/log.h"
#include "base/strings.h"
#include "git/checkout_reuse.h"
#include "git/file_changes.h"
#include "git/git.h"
#include "store/earlier_checkout.h"
#include "sys/file.h"
#include "sys/file_status.h"
#include "sys/self.h"
#include "sys/space.h"
#include "sys/stamp.h"

namespace quire::forge {

namespace paths = store::paths;

constexpr size_t largest_index = size_t{1} << 30;
constexpr const char* work_index = ".git/index";
constexpr const char* rest_index = ".git/index.rest"; // gone when the workspace is filled
/// In a checkout's note. The index is written last: its date is that of the note.
constexpr const char* note_settings = "settings";
constexpr const char* note_commit = "commit";
constexpr const char* note_directories = "directories";
constexpr const char* note_index = "index";

/// What must still be so for a note to be believed. Since when the machine is up: after a crash, a file's content may
/// be on the disk without its date. Which git writes files, and with which settings: others would write other files.
static std::string settings_of(const sys::Environment& environment)
{
    auto boot = sys::boot_id();
    std::string home = sys::get_variable(environment, "HOME").value_or(""), own = home + "/.config/git";
    auto program = git::find_program(sys::get_variable(environment, "PATH").value_or(sys::default_path));
    std::string settings = boot ? *boot + "\n" : fmt::format("no boot known at {}\n", now());
    if (program)
        settings += *program + " " + sys::stamp_of_target(AT_FDCWD, *program).str();
    for (const std::string& file : {std::string("/etc/gitattributes"), std::string("/etc/gitconfig"),
                                    home + "/.gitconfig", own + "/config", own + "/attributes"}) {
        settings += fmt::format("\n{} {}", file, sys::stamp_of_target(AT_FDCWD, file).str());
        auto text = sys::read_file(AT_FDCWD, file, 1u << 20);
        std::string lower = text ? to_lower(*text) : "";
        if (lower.find("include") != std::string::npos || lower.find("attributesfile") != std::string::npos)
            settings += fmt::format(" leads to others, at {}", now());
    }
    return settings;
}

namespace {

class Filling {
public:
    Filling(const store::Root& root, const store::RunRecord& record, const sys::Environment& environment, UniqueFd run,
            UniqueFd workspace)
        : m_root(root), m_record(record), m_environment(environment), m_run(std::move(run)),
          m_workspace(std::move(workspace)), m_settings(settings_of(environment))
    {}

    /// Takes over what it can of the earlier checkout, or nothing, and drops the rest. If that fails, it costs only
    /// time, unless something is left in the workspace.
    Result<void> take_over(bool wanted)
    {
        auto taken = store::take_checkout(m_root, m_record.repo, m_run.get());
        if (!taken)
            complain(taken.error());
        if (!taken || !*taken)
            return {};
        if (auto moved = wanted ? move_from_earlier() : Result<void>(); !moved) {
            complain(moved.error());
            m_index.clear();
            TRY(empty_workspace());
        }
        if (auto dropped = store::drop_checkout(m_root, m_run.get(), paths::run_earlier_checkout); !dropped)
            complain(dropped.error());
        return {};
    }

    /// Lets git write all files, unless those of an earlier checkout were taken over.
    Result<void> check_out()
    {
        if (!m_index.empty())
            return {};
        TRY(run_git({"read-tree", "-u", "--reset", m_record.sha}, work_index));
        m_index = TRY(read_index(work_index));
        return {};
    }

    /// Only where the dates are known to tell: on ext4. On tmpfs, a store into a shared mapping may change none.
    Result<void> note(uint64_t keep_from)
    {
        if (!TRY(sys::is_on_ext4(m_workspace.get())))
            return {};
        auto entries = git::read_index(m_index, id_bytes());
        if (!entries || entries->size() < keep_from)
            return {};
        std::string directories;
        for (const auto& [path, stamp] : TRY(git::look_at_directories(m_workspace.get(), *entries)))
            directories += stamp + " " + path + '\0';
        if (sys::exists(m_run.get(), paths::checkout))
            TRY(sys::remove_tree(m_run.get(), paths::checkout));
        TRY(sys::make_directory(m_run.get(), paths::checkout, 0700));
        UniqueFd place = TRY(sys::open_directory(m_run.get(), paths::checkout));
        TRY(write(place.get(), note_settings, m_settings));
        TRY(write(place.get(), note_directories, directories));
        TRY(write(place.get(), note_commit, m_record.sha));
        return write(place.get(), note_index, m_index);
    }

private:
    size_t id_bytes() const { return m_record.sha.size() / 2; }

    static void complain(const Error& error) { log("an earlier checkout can't be taken over: {}", error.message); }

    Result<std::string> read_index(const std::string& path) const
    {
        return sys::read_file(m_workspace.get(), path, largest_index);
    }

    static Result<void> write(int directory, const std::string& name, std::string_view content)
    {
        UniqueFd file = TRY(sys::open_at(directory, name, O_WRONLY | O_CREAT | O_EXCL, 0600));
        TRY(sys::write_all(file.get(), content));
        return sys::close_checked(std::move(file), name);
    }

    /// Attributes say how files are written. With others, those that would be taken over may be wrong.
    static bool has_attributes(std::string_view path)
    {
        return path == ".gitattributes" || path.ends_with("/.gitattributes");
    }

    Result<git::CheckoutNote> read_note(int place) const
    {
        git::CheckoutNote note;
        UniqueFd file = TRY(sys::open_regular(place, note_index, O_NOFOLLOW));
        note.at = TRY(sys::stamp_of(file.get(), note_index)).changed;
        note.index = TRY(sys::read_all(file.get(), largest_index, note_index));
        std::string directories = TRY(sys::read_file(place, note_directories, largest_index));
        for (std::string_view line : split(directories, '\0')) {
            size_t space = line.find(' ');
            if (space != std::string_view::npos)
                note.directories.emplace(line.substr(space + 1), line.substr(0, space));
        }
        return note;
    }

    Result<void> move_from_earlier()
    {
        UniqueFd place = TRY(sys::open_directory(m_run.get(), paths::run_earlier_checkout));
        if (TRY(sys::read_file(place.get(), note_settings)) != m_settings)
            return {};
        git::CheckoutNote note = TRY(read_note(place.get()));
        std::vector<git::FileChange> changes = TRY(changes_since(TRY(sys::read_file(place.get(), note_commit))));
        if (std::any_of(changes.begin(), changes.end(), [](const auto& change) { return has_attributes(change.path); }))
            return {};
        std::vector<git::IndexEntry> earlier = TRY(git::read_index(note.index, id_bytes()));
        git::LaterFiles later = git::apply_changes(earlier, changes);
        UniqueFd from = TRY(sys::open_at(place.get(), paths::run_workspace, O_RDONLY | O_DIRECTORY | O_NOFOLLOW));
        git::MovedFiles moved = TRY(git::move_untouched(from.get(), m_workspace.get(), note, earlier, later.is_kept));
        std::string rest = TRY(write_rest(later.files, moved.entries));
        m_index = merge(moved.entries, TRY(git::read_index(rest, id_bytes())), note.index.size() + rest.size());
        return write(m_workspace.get(), work_index, m_index);
    }

    Result<std::vector<git::FileChange>> changes_since(const std::string& commit) const
    {
        sys::Command command{.argv = {"git", "diff-tree", "-r", "-z", "--raw", "--no-abbrev", "--no-renames",
                                      "--no-ext-diff", "--ignore-submodules=none", commit, m_record.sha},
                             .environment = git_environment(work_index)};
        return git::parse_file_changes(TRY(sys::run_ok(command, {.limit = largest_index})));
    }

    /// Has git write what was not moved, and returns an index of it. git gets no index of all files: to read and write
    /// one takes longer than all else here. It looks for attributes in the index, so they are in it.
    Result<std::string> write_rest(const std::vector<git::IndexEntry>& wanted,
                                   const std::vector<git::IndexEntry>& moved) const
    {
        git::IndexFile rest;
        auto next = moved.begin();
        for (const git::IndexEntry& file : wanted) {
            bool is_moved = next != moved.end() && next->path == file.path;
            if (!is_moved || has_attributes(file.path))
                rest.add(file.path, is_moved ? next->fields : file.fields, file.id);
            next += is_moved;
        }
        TRY(write(m_workspace.get(), rest_index, rest.finish(id_bytes())));
        TRY(run_git({"checkout-index", "--all", "--index"}, rest_index));
        std::string index = TRY(read_index(rest_index));
        TRY(sys::unlink_at(m_workspace.get(), rest_index));
        return index;
    }

    /// `size` is about that of the index.
    std::string merge(const std::vector<git::IndexEntry>& moved, const std::vector<git::IndexEntry>& written,
                      size_t size) const
    {
        git::IndexFile index;
        index.reserve(size);
        auto add = [&](const git::IndexEntry& entry) { index.add(entry.path, entry.fields, entry.id); };
        auto next = written.begin();
        for (const git::IndexEntry& entry : moved) {
            for (; next != written.end() && next->path < entry.path; ++next)
                add(*next);
            next += next != written.end() && next->path == entry.path; // attributes are in both
            add(entry);
        }
        std::for_each(next, written.end(), add);
        return index.finish(id_bytes());
    }

    /// Leaves nothing but .git, and no index there.
    Result<void> empty_workspace()
    {
        for (const std::string& name : TRY(sys::list_directory(m_workspace.get(), ".")))
            if (name != ".git")
                TRY(sys::remove_tree(m_workspace.get(), name));
        for (const char* index : {work_index, rest_index})
            if (sys::exists(m_workspace.get(), index))
                TRY(sys::unlink_at(m_workspace.get(), index));
        return {};
    }

    sys::Environment git_environment(const char* index) const
    {
        std::string workspace =
            fmt::format("{}/{}", m_root.absolute(paths::run(m_record.repo, m_record.number)), paths::run_workspace);
        sys::Environment environment = m_environment;
        sys::set_variable(environment, "GIT_DIR", workspace + "/.git");
        sys::set_variable(environment, "GIT_WORK_TREE", workspace);
        sys::set_variable(environment, "GIT_INDEX_FILE", fmt::format("{}/{}", workspace, index));
        return environment;
    }

    Result<void> run_git(const std::vector<std::string>& arguments, const char* index) const
    {
        sys::Command command{.argv = {"git", "-c", "advice.detachedHead=false", "-c", "index.version=2"},
                             .environment = git_environment(index)};
        command.argv.insert(command.argv.end(), arguments.begin(), arguments.end());
        sys::Process git = TRY(sys::spawn(command));
        int status = TRY(git.wait());
        if (status != 0)
            return fail(ErrorKind::system, "git {} ended with {}", arguments.front(), status);
        return {};
    }

    const store::Root& m_root;
    const store::RunRecord& m_record;
    const sys::Environment& m_environment;
    UniqueFd m_run, m_workspace;
    std::string m_settings;
    std::string m_index; ///< of the workspace, once its files are there
};

} // namespace

Result<void> fill_workspace(const store::Root& root, const store::RunRecord& record, uint64_t keep_from,
                            const sys::Environment& environment)
{
    UniqueFd run = TRY(sys::open_directory(root.fd(), paths::run(record.repo, record.number)));
    UniqueFd workspace = TRY(sys::open_directory(run.get(), paths::run_workspace));
    Filling filling(root, record, environment, std::move(run), std::move(workspace));
    TRY(filling.take_over(keep_from > 0));
    TRY(filling.check_out());
    if (keep_from == 0)
        return {};
    if (auto noted = filling.note(keep_from); !noted)
        log("this checkout is not kept for the next run: {}", noted.error().message);
    return {};
}

} // namespace quire::forge
