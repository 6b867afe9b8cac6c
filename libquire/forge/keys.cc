#include "forge/keys.h"

#include <algorithm>

#include "base/strings.h"
#include "sys/atomic_file.h"
#include "sys/file.h"
#include "sys/lock.h"
#include "sys/process.h"
#include "sys/self.h"

namespace quire::forge {

using store::AuthorizedKey;

namespace {

/// authorized_keys while it is being changed: nobody else of quire changes it meanwhile.
class KeyFile {
public:
    static Result<KeyFile> open(const KeyPlace& place)
    {
        TRY(check_user(place));
        size_t slash = place.path.rfind('/');
        std::string directory = place.path.substr(0, slash);
        auto made = sys::make_directory(AT_FDCWD, directory, 0700);
        if (!made && made.error().kind != ErrorKind::exists)
            return Unexpected(std::move(made).error());
        UniqueFd fd = TRY(sys::open_directory(AT_FDCWD, directory));
        TRY(check_directory(directory));
        UniqueFd lock = TRY(sys::duplicate(fd.get()));
        KeyFile file(place.path.substr(slash + 1), std::move(fd),
                     TRY(sys::FileLock::adopt(std::move(lock), directory)));
        TRY(file.read(place.path));
        return file;
    }

    Result<void> replace(const std::string& content)
    {
        return sys::replace_file(m_directory.get(), m_name, content, m_mode);
    }

    std::string text;

private:
    KeyFile(std::string name, UniqueFd directory, sys::FileLock lock)
        : m_name(std::move(name)), m_directory(std::move(directory)), m_lock(std::move(lock))
    {}

    static Result<void> check_user(const KeyPlace& place)
    {
        auto status = TRY(sys::stat_at(place.root.fd(), "."));
        if (status && status->st_uid != sys::user_id())
            return fail(ErrorKind::refused, "{} belongs to user {}, and so must the keys: run this as that user",
                        place.root.path(), status->st_uid);
        return {};
    }

    static Result<void> check_directory(const std::string& directory)
    {
        auto status = TRY(sys::stat_at(AT_FDCWD, directory));
        if (status && status->st_uid != sys::user_id())
            return fail(ErrorKind::refused, "{} belongs to user {}: sshd would not believe what this user writes there",
                        directory, status->st_uid);
        if (status && (status->st_mode & 022) != 0)
            return fail(ErrorKind::refused, "{} can be written by others, so sshd ignores it: chmod go-w {}", directory,
                        directory);
        return {};
    }

    Result<void> read(const std::string& path)
    {
        auto status = TRY(sys::stat_at(m_directory.get(), m_name));
        if (!status)
            return {};
        if (!S_ISREG(status->st_mode))
            return fail(ErrorKind::refused, "{} is not a regular file, and would be replaced by one", path);
        m_mode = status->st_mode & 0755;
        text = TRY(sys::read_file(m_directory.get(), m_name, store::max_authorized_keys_bytes));
        return {};
    }

    std::string m_name;
    UniqueFd m_directory;
    sys::FileLock m_lock;
    mode_t m_mode = 0600;
};

} // namespace

Result<std::string> authorized_keys_path(const std::optional<std::string>& chosen)
{
    if (chosen && chosen->starts_with('/'))
        return *chosen;
    if (chosen)
        return TRY(sys::current_directory()) + "/" + *chosen;
    auto home = sys::process_variable("HOME");
    if (!home || !home->starts_with('/'))
        return fail(ErrorKind::usage, "HOME is not set; name the file with --keys");
    return fmt::format("{}/{}/{}", *home, store::authorized_keys_directory, store::authorized_keys_name);
}

Result<std::vector<AuthorizedKey>> list_keys(const KeyPlace& place)
{
    auto text = sys::read_file(AT_FDCWD, place.path, store::max_authorized_keys_bytes);
    if (!text && text.error().kind == ErrorKind::not_found)
        return std::vector<AuthorizedKey>();
    return store::read_authorized_keys(TRY(std::move(text)));
}

bool is_ours(const AuthorizedKey& key) { return key.is_restricted && key.has_command && key.fault.empty(); }

/// Letters, digits and ._@+-: the name passes through a shell and two files unchanged.
static Result<void> check_name(const std::string& name)
{
    auto plain = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               std::string_view("._@+-").find(c) != std::string_view::npos;
    };
    if (name.empty() || name.size() > store::max_pusher_bytes || name[0] == '-' ||
        !std::all_of(name.begin(), name.end(), plain))
        return fail(ErrorKind::usage, "a key's name has letters, digits and ._@+- only, and at most {} of them",
                    store::max_pusher_bytes);
    return {};
}

Result<void> add_key(const KeyPlace& place, const Installation& installation, const store::PublicKey& key,
                     const store::KeyRights& rights)
{
    TRY(check_name(rights.name));
    KeyFile file = TRY(KeyFile::open(place));
    for (const AuthorizedKey& known : store::read_authorized_keys(file.text))
        if (known.key.base64 == key.base64)
            return fail(ErrorKind::exists, "this key is there already, in line {} of {}, as {}", known.line, place.path,
                        known.rights.name);
    std::string line = store::authorized_line(key, rights, installation.directory + "/quire-exec", place.root.path());
    // What quire-exec would not understand must not be written: such a key could do nothing.
    auto understood = store::read_authorized_keys(line);
    if (understood.size() != 1 || !is_ours(understood[0]) || understood[0].key != key)
        return fail(ErrorKind::usage, "the line would be too long: name fewer repositories");
    std::string text = std::move(file.text);
    if (!text.empty() && !text.ends_with('\n'))
        text += '\n';
    return file.replace(text + line);
}

Result<store::RenamedKeys> rename_in_keys(const KeyPlace& place, const store::RepoName& from, const store::RepoName& to)
{
    auto is_for_it = [&](const AuthorizedKey& key) {
        return key.rights.only &&
               std::find(key.rights.only->begin(), key.rights.only->end(), from) != key.rights.only->end();
    };
    // Who has no such key need not be able to change the file.
    std::vector<AuthorizedKey> keys = TRY(list_keys(place));
    if (std::none_of(keys.begin(), keys.end(), is_for_it))
        return store::RenamedKeys{};
    KeyFile file = TRY(KeyFile::open(place));
    store::RenamedKeys renamed = store::rename_in_keys(file.text, from, to);
    if (!renamed.lines.empty())
        TRY(file.replace(renamed.text));
    return renamed;
}

Result<std::vector<AuthorizedKey>> remove_keys(const KeyPlace& place, const std::string& name_or_fingerprint)
{
    KeyFile file = TRY(KeyFile::open(place));
    std::vector<AuthorizedKey> found;
    std::vector<size_t> lines;
    bool is_fingerprint = name_or_fingerprint.starts_with("SHA256:");
    size_t foreign = 0;
    for (AuthorizedKey& key : store::read_authorized_keys(file.text)) {
        bool matches = is_fingerprint ? store::fingerprint(key.key) == name_or_fingerprint
                                      : key.rights.name == name_or_fingerprint;
        if (!matches)
            continue;
        if (!is_fingerprint && !is_ours(key)) {
            foreign = key.line;
            continue;
        }
        lines.push_back(key.line);
        found.push_back(std::move(key));
    }
    if (found.empty() && foreign > 0)
        return fail(ErrorKind::refused,
                    "line {} of {} was not written by quire: name the key by its fingerprint, which "
                    "quire key list shows",
                    foreign, place.path);
    if (found.empty())
        return fail(ErrorKind::not_found, "there is no key '{}' in {}", name_or_fingerprint, place.path);
    TRY(file.replace(store::without_lines(file.text, lines)));
    return found;
}

} // namespace quire::forge
