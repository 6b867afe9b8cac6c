#include "forge/fill_workspace.h"

#include "base/log.h"
#include "base/strings.h"
#include "git/checkout_reuse.h"
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
/// In a checkout's note. The index is written last: its date is that of the note.
constexpr const char* note_settings = "settings";
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
            m_attributes.reset();
            TRY(empty_workspace());
        }
        if (auto dropped = store::drop_checkout(m_root, m_run.get(), paths::run_earlier_checkout); !dropped)
            complain(dropped.error());
        return {};
    }

    Result<void> check_out()
    {
        TRY(read_tree());
        if (!m_attributes)
            return {};
        // Attributes say how files are written. With others, those that were taken over may be wrong.
        std::string index = TRY(read_index());
        if (attributes_in(TRY(git::read_index(index, id_bytes()))) == *m_attributes)
            return {};
        TRY(empty_workspace());
        return read_tree();
    }

    /// Only where the dates are known to tell: on ext4. On tmpfs, a store into a shared mapping may change none.
    Result<void> note(uint64_t keep_from)
    {
        if (!TRY(sys::is_on_ext4(m_workspace.get())))
            return {};
        std::string index = TRY(read_index());
        auto entries = git::read_index(index, id_bytes());
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
        return write(place.get(), note_index, index);
    }

private:
    size_t id_bytes() const { return m_record.sha.size() / 2; }

    static void complain(const Error& error) { log("an earlier checkout can't be taken over: {}", error.message); }

    Result<std::string> read_index() const { return sys::read_file(m_workspace.get(), ".git/index", largest_index); }

    static Result<void> write(int directory, const std::string& name, std::string_view content)
    {
        UniqueFd file = TRY(sys::open_at(directory, name, O_WRONLY | O_CREAT | O_EXCL, 0600));
        TRY(sys::write_all(file.get(), content));
        return sys::close_checked(std::move(file), name);
    }

    /// What says how files are written: the paths and contents of all .gitattributes.
    static std::string attributes_in(const std::vector<git::IndexEntry>& entries)
    {
        std::string attributes;
        for (const git::IndexEntry& entry : entries)
            if (entry.path == ".gitattributes" || entry.path.ends_with("/.gitattributes"))
                attributes += fmt::format("{} {}\n", to_hex(entry.id), entry.path);
        return attributes;
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
        m_attributes = attributes_in(TRY(git::read_index(note.index, id_bytes())));
        UniqueFd from = TRY(sys::open_at(place.get(), paths::run_workspace, O_RDONLY | O_DIRECTORY | O_NOFOLLOW));
        git::IndexFile index = TRY(git::move_untouched(from.get(), m_workspace.get(), note, id_bytes()));
        return write(m_workspace.get(), ".git/index", index.finish(id_bytes()));
    }

    /// Leaves nothing but .git, and no index there.
    Result<void> empty_workspace()
    {
        for (const std::string& name : TRY(sys::list_directory(m_workspace.get(), ".")))
            if (name != ".git")
                TRY(sys::remove_tree(m_workspace.get(), name));
        if (sys::exists(m_workspace.get(), ".git/index"))
            TRY(sys::unlink_at(m_workspace.get(), ".git/index"));
        return {};
    }

    Result<void> read_tree()
    {
        std::string workspace =
            fmt::format("{}/{}", m_root.absolute(paths::run(m_record.repo, m_record.number)), paths::run_workspace);
        sys::Environment environment = m_environment;
        sys::set_variable(environment, "GIT_DIR", workspace + "/.git");
        sys::set_variable(environment, "GIT_WORK_TREE", workspace);
        sys::Process git = TRY(sys::spawn({.argv = {"git", "-c", "advice.detachedHead=false", "-c", "index.version=2",
                                                    "read-tree", "-u", "--reset", m_record.sha},
                                           .environment = std::move(environment)}));
        int status = TRY(git.wait());
        if (status != 0)
            return fail(ErrorKind::system, "git read-tree ended with {}", status);
        return {};
    }

    const store::Root& m_root;
    const store::RunRecord& m_record;
    const sys::Environment& m_environment;
    UniqueFd m_run, m_workspace;
    std::string m_settings;
    std::optional<std::string> m_attributes; ///< of the files that were taken over; none if none were
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
